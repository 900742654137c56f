import type { Knex } from 'knex';

/** A step that a flow takes once, whoever asks for it how often. */
export type OnceStep = 'method' | 'proof' | 'password';

/**
 * Lets one request be told that the step was taken: the first to ask, and its repeats. The step itself may have been
 * carried out for a request that never got its answer.
 */
export async function claimAnswer(db: Knex, flowId: string, step: OnceStep, requestId: string): Promise<boolean> {
  const answer = { flow_id: flowId, step };
  await db('step_answers').insert({ ...answer, request_id: requestId }).onConflict(['flow_id', 'step']).ignore();
  const told = await db('step_answers').where(answer).first<{ request_id: string } | undefined>('request_id');
  return told?.request_id === requestId;
}
