import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import type { FlowRow } from '../../db/flows';
import { endSecretsOf } from '../../db/secrets';
import { normaliseAddress, type UserRow } from '../../db/users';
import { passwordResetWorkflowId } from '../../temporal.config';
import { endSignal } from '../../workflows/password-reset/messages';

/** Ends every reset of a person who was disabled (ASVS 7.4.2). Their rows end first: a workflow that is away cannot undo it. */
export async function cancelResetsOf(deps: { db: Knex; temporal: Client; clock: () => number }, user: UserRow): Promise<void> {
  const open = await deps.db<FlowRow>('flows').where({ address: normaliseAddress(user.email), kind: 'password-reset' }).whereNull('outcome');
  await inTransaction(deps.db, async (tx) => {
    for (const flow of open) {
      await tx('flows').where({ id: flow.id }).update({ step: 'cancelled', outcome: 'cancelled' });
      await endSecretsOf(tx, flow.person);
      await appendAudit(tx, { at: deps.clock(), action: 'reset.cancelled', accountCode: flow.account_code, flowId: flow.id, subject: flow.person, details: { why: 'disabled' } });
    }
  });
  // An engine that is away learns it from the row, at the flow's next step or deadline.
  await Promise.allSettled(open.filter((flow) => flow.variant !== null).map((flow) => deps.temporal.workflow.getHandle(passwordResetWorkflowId(flow.id)).signal(endSignal, 'cancelled')));
}
