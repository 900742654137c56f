import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, lockFlowsOf, type FlowRow } from '../../db/flows';
import { dropSecretsOf } from '../../db/messages';
import { endSecretsOf } from '../../db/secrets';
import { normaliseAddress, type UserRow } from '../../db/users';
import { ENGINE_DEADLINE_MS, passwordResetWorkflowId } from '../../temporal.config';
import { endSignal } from '../../workflows/password-reset/messages';

/**
 * Ends in the rows what a person who was disabled has under way: resets already proven are cancelled, the secrets of the
 * others die. Those go on looking as they did: before the proof nothing shown depends on the person.
 * @returns the resets that it cancelled
 */
export async function cancelRowsOf(deps: { db: Knex; clock: () => number }, user: UserRow): Promise<FlowRow[]> {
  return inTransaction(deps.db, async (tx) => {
    const persons: string[] = await tx('flows').where({ address: normaliseAddress(user.email), kind: 'password-reset' }).whereNull('outcome').distinct('person').orderBy('person').pluck('person');
    const open: FlowRow[] = [];
    for (const person of persons) {
      open.push(...(await lockFlowsOf(tx, person)).filter(({ outcome }) => outcome === null));
      await endSecretsOf(tx, person);
      await dropSecretsOf(tx, person);
    }
    const proven = open.filter(({ proven_at }) => proven_at !== null);
    for (const flow of proven) await endFlowRow(tx, flow, 'cancelled');
    await appendAudit(tx, ...open.map((flow) => ({ at: deps.clock(), action: 'reset.cancelled', accountCode: flow.account_code, flowId: flow.id, subject: flow.person, details: { why: 'disabled' } })));
    return proven;
  });
}

/** Ends what a person who was disabled has under way (ASVS 7.4.2), and tells the engine. */
export async function cancelResetsOf(deps: { db: Knex; temporal: Client; clock: () => number }, user: UserRow): Promise<void> {
  const cancelled = await cancelRowsOf(deps, user);
  // An engine that is away learns it from the row, at the flow's next step or deadline: nobody waits for it longer than for other calls.
  const tell = (): Promise<unknown> => Promise.allSettled(cancelled.map((flow) => deps.temporal.workflow.getHandle(passwordResetWorkflowId(flow.id)).signal(endSignal, 'cancelled')));
  await deps.temporal.connection.withDeadline(Date.now() + ENGINE_DEADLINE_MS, tell);
}
