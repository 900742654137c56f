import type { Knex } from 'knex';
import { inTransaction } from '../../db/connection';
import { findDelivery, moveDelivery } from '../../db/continuity-deliveries';
import { haltPhase } from '../../db/continuity-halt';
import type { MessageState } from '../../db/messages';
import { honourRefusal } from '../../db/sms-refusals';
import type { KeyRing } from '../../security/keys';

/** The provider has suspended our account: whatever is sent fails. */
const ACCOUNT_SUSPENDED = '30002';

const STATES = { accepted: 'accepted', sent: 'sent', delivered: 'delivered', undelivered: 'failed', failed: 'failed' } as const;

function isReported(state: MessageState): state is keyof typeof STATES {
  return Object.hasOwn(STATES, state);
}

/** Takes a provider's report about a notice. One that is unknown, repeated or out of order changes nothing. */
export async function takeReport({ db, keys, clock }: { db: Knex; keys: KeyRing; clock: () => number }, id: string, report: { to: MessageState; providerId: string; code?: string | undefined }): Promise<void> {
  const { to, providerId, code } = report;
  if (!isReported(to)) return;
  const moved = await moveDelivery(db, id, STATES[to], { providerId, ...(code === undefined ? {} : { why: `provider ${code}` }) });
  if (!moved || code === undefined) return;
  const { event_id: eventId, phase, account_code: accountCode, e164 } = (await findDelivery(db, id))!;
  await inTransaction(db, (tx) => honourRefusal(tx, e164, code, clock()));
  if (code !== ACCOUNT_SUSPENDED) return;
  await haltPhase({ db, keys, now: clock() }, { eventId, phase, accountCode }, `provider ${code}`);
}
