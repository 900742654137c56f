import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, lockFlowsOf } from '../../db/flows';
import { dropSecretsOf } from '../../db/messages';
import { endSecretsOf } from '../../db/secrets';
import type { SignInFlow } from '../../db/sign-ins';
import { normaliseAddress, type UserRow } from '../../db/users';
import { ENGINE_DEADLINE_MS, signInWorkflowId } from '../../temporal.config';
import { endSignal } from '../../workflows/sign-in/messages';

/**
 * Ends the sign-ins that a person has proven and not finished: the person was disabled, or the second step was reset
 * (ASVS 7.4.2). Those before the proof go on looking as they did, and lead nowhere.
 */
export async function cancelSignInsOf(deps: { db: Knex; temporal: Client; clock: () => number }, user: UserRow, why: string): Promise<void> {
  const ended = await inTransaction(deps.db, async (tx) => {
    const persons: string[] = await tx('flows').where({ address: normaliseAddress(user.email), kind: 'sign-in' }).whereNull('outcome').distinct('person').orderBy('person').pluck('person');
    const proven: SignInFlow[] = [];
    for (const person of persons) {
      proven.push(...(await lockFlowsOf(tx, person, 'sign-in')).filter(({ outcome, proven_at }) => outcome === null && proven_at !== null));
      await endSecretsOf(tx, person, 'sign-in');
      await dropSecretsOf(tx, person, undefined, 'sign-in');
    }
    for (const flow of proven) await endFlowRow(tx, flow, 'cancelled');
    await appendAudit(tx, ...proven.map((flow) => ({ at: deps.clock(), action: 'sign-in.cancelled', accountCode: flow.account_code, flowId: flow.id, subject: flow.person, details: { why } })));
    return proven;
  });
  // An engine that is away learns it from the row, at the flow's next step or deadline: nobody waits for it longer than for other calls.
  const tell = (): Promise<unknown> => Promise.allSettled(ended.map(({ id }) => deps.temporal.workflow.getHandle(signInWorkflowId(id)).signal(endSignal, 'cancelled')));
  await deps.temporal.connection.withDeadline(Date.now() + ENGINE_DEADLINE_MS, tell);
}
