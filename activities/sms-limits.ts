import type { Knex } from 'knex';
import { holdUntilEnd } from '../db/connection';
import { countSms } from '../db/messages';
import { smsSettingsOf } from '../db/sms-settings';
import { parseMobileNumber } from '../domain/phone';
import type { ActivityDependencies } from './dependencies';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Why no text may be sent to a number now, whoever asks for it; undefined where one may. */
export async function smsRefusal(deps: ActivityDependencies, tx: Knex.Transaction, accountCode: string, e164: string): Promise<string | undefined> {
  const since = deps.clock() - DAY_MS;
  const number = parseMobileNumber(e164);
  const { countries, codes_daily_cap: cap } = await smsSettingsOf(tx, accountCode);
  if (!number.ok || [deps.smsCountries, countries].some((allowed) => allowed.length > 0 && !allowed.includes(number.country))) return 'sms-country';
  // Counted and added to by one transaction at a time, or parallel requests would pass the caps together.
  await holdUntilEnd(tx, `sms/${accountCode}`);
  if ((await countSms(tx, { recipient: e164 }, since)) >= deps.smsPerNumberDaily) return 'sms-number-cap';
  if ((await countSms(tx, { account_code: accountCode }, since)) >= Math.min(cap ?? Infinity, deps.smsPerAccountDaily)) return 'sms-account-cap';
  return undefined;
}
