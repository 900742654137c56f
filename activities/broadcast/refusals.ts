import { inTransaction } from '../../db/connection';
import type { Claimed } from '../../db/continuity-deliveries';
import { markNumber } from '../../db/sms-settings';
import { lockSubscriptions, moveSubscription } from '../../db/sms-subscriptions';
import type { ActivityDependencies } from '../dependencies';
import type { SmsOutcome } from '../sms-sender';

/** The number's person has opted out at the provider. */
const OPTED_OUT = 21610;
/** Not a number, not one that takes texts, not one that can be reached. */
const BAD_NUMBER = [21211, 21612, 21614];

type Failed = Extract<SmsOutcome, { kind: 'failed' }>;

/** The provider's own opt-out is one: every subscription of the number ends, with its evidence. */
async function optOut({ db, clock }: Pick<ActivityDependencies, 'db' | 'clock'>, e164: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    for (const row of await lockSubscriptions(tx, { e164 })) {
      if (row.state === 'active') await moveSubscription(tx, row, { state: 'ended', why: 'provider-opt-out' }, { action: 'provider-opt-out', source: 'provider' }, clock());
    }
  });
}

/** Draws the consequences of a refusal for good, and says what the notice's state is. */
export async function refused(deps: Pick<ActivityDependencies, 'db' | 'clock'>, { e164 }: Pick<Claimed, 'e164'>, { code, why }: Failed): Promise<'failed' | 'suppressed'> {
  if (code === OPTED_OUT) {
    await optOut(deps, e164);
    return 'suppressed';
  }
  if (code !== undefined && BAD_NUMBER.includes(code)) await markNumber(deps.db, e164, { reason: why, code: String(code) }, deps.clock());
  return 'failed';
}
