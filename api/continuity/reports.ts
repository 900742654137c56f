import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findDelivery, moveDelivery } from '../../db/continuity-deliveries';
import { movePhase } from '../../db/continuity-events';
import type { MessageState } from '../../db/messages';

/** The provider has suspended our account: whatever is sent fails. */
const ACCOUNT_SUSPENDED = '30002';

const STATES = { accepted: 'accepted', sent: 'sent', delivered: 'delivered', undelivered: 'failed', failed: 'failed' } as const;

function isReported(state: MessageState): state is keyof typeof STATES {
  return Object.hasOwn(STATES, state);
}

/** Takes a provider's report about a notice. One that is unknown, repeated or out of order changes nothing. */
export async function takeReport({ db, clock }: { db: Knex; clock: () => number }, id: string, report: { to: MessageState; providerId: string; code?: string | undefined }): Promise<void> {
  const { to, providerId, code } = report;
  if (!isReported(to)) return;
  const moved = await moveDelivery(db, id, STATES[to], { providerId, ...(code === undefined ? {} : { why: `provider ${code}` }) });
  if (!moved || code !== ACCOUNT_SUSPENDED) return;
  const { event_id: eventId, phase, account_code: accountCode } = (await findDelivery(db, id))!;
  await inTransaction(db, async (tx) => {
    const why = `provider ${code}`;
    if (await movePhase(tx, eventId, phase, ['sending'], { state: 'halted', why })) await appendAudit(tx, { at: clock(), action: 'continuity.halted', accountCode, flowId: eventId, details: { phase, why } });
  });
}
