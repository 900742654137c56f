import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import type { FlowRow } from '../../db/flows';
import { endSecretsOf } from '../../db/secrets';
import { normaliseAddress, type UserRow } from '../../db/users';
import { passwordResetWorkflowId } from '../../temporal.config';
import { endSignal } from '../../workflows/password-reset/messages';

/**
 * Ends what a person who was disabled has under way (ASVS 7.4.2): resets already proven are cancelled, the secrets of the
 * others die. Those go on looking as they did: before the proof nothing shown depends on the person.
 */
export async function cancelResetsOf(deps: { db: Knex; temporal: Client; clock: () => number }, user: UserRow): Promise<void> {
  const open = await deps.db<FlowRow>('flows').where({ address: normaliseAddress(user.email), kind: 'password-reset' }).whereNull('outcome');
  await inTransaction(deps.db, async (tx) => {
    for (const flow of open) {
      await endSecretsOf(tx, flow.person);
      if (flow.proven_at !== null) await tx('flows').where({ id: flow.id }).update({ step: 'cancelled', outcome: 'cancelled' });
      await appendAudit(tx, { at: deps.clock(), action: 'reset.cancelled', accountCode: flow.account_code, flowId: flow.id, subject: flow.person, details: { why: 'disabled' } });
    }
  });
  // An engine that is away learns it from the row, at the flow's next step or deadline.
  const proven = open.filter((flow) => flow.proven_at !== null);
  await Promise.allSettled(proven.map((flow) => deps.temporal.workflow.getHandle(passwordResetWorkflowId(flow.id)).signal(endSignal, 'cancelled')));
}
