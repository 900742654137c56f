import { inTransaction } from '../../db/connection';
import type { Claimed } from '../../db/continuity-deliveries';
import { honourRefusal } from '../../db/sms-refusals';
import type { ActivityDependencies } from '../dependencies';
import type { SmsOutcome } from '../sms-sender';

/** The number's person has opted out at the provider. */
const OPTED_OUT = 21610;

type Failed = Extract<SmsOutcome, { kind: 'failed' }>;

/** Draws the consequences of a refusal for good, and says what the notice's state is. */
export async function refused({ db, clock }: Pick<ActivityDependencies, 'db' | 'clock'>, { e164 }: Pick<Claimed, 'e164'>, { code }: Failed): Promise<'failed' | 'suppressed'> {
  if (code !== undefined) await inTransaction(db, (tx) => honourRefusal(tx, e164, String(code), clock()));
  return code === OPTED_OUT ? 'suppressed' : 'failed';
}
