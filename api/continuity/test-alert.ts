import { inTransaction } from '../../db/connection';
import { factorsOf } from '../../db/factors';
import { countSms } from '../../db/messages';
import { newNoticeId, queueNoticeTo } from '../../db/notices';
import { smsNumberOf, type UserRow } from '../../db/users';
import { accountTimeZone } from '../../db/accounts';
import { renderAlert } from '../../domain/continuity/alerts';
import { parseMobileNumber } from '../../domain/phone';
import { sendNotice } from '../notices';
import { Problem } from '../problems';
import type { ContinuityDependencies } from './dependencies';
import { accountWithSms } from './find';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Sends an alert to the number of whoever writes it. @throws Problem `number-invalid` where they have none, `too-many-requests` */
export async function sendTest(deps: ContinuityDependencies, user: UserRow | undefined, body: { account: string; alert: string }): Promise<{ requested: true; lastDigits: string }> {
  const { db, keys, clock, publicUrl, smsPerNumberDaily } = deps;
  const account = await accountWithSms(db, body.account);
  const stored = user && ((await smsNumberOf(db, user)) ?? (await factorsOf(db, user.id)).phone?.e164);
  const number = parseMobileNumber(stored ?? '');
  if (!user || !number.ok) throw new Problem('number-invalid', { detail: 'No mobile number in long format is stored for you: a test goes to your own.', extra: { reason: number.ok ? 'empty' : number.reason } });
  const facts = { eventName: null, startsAt: clock(), endsAt: null, timeZone: await accountTimeZone(db, account) };
  const text = renderAlert(body.alert, { facts, publicUrl, reader: { name: user.name, language: null, timeZone: null } });
  const id = newNoticeId();
  await inTransaction(db, async (tx) => {
    if ((await countSms(tx, { recipient: number.e164 }, clock() - DAY_MS)) >= smsPerNumberDaily) throw new Problem('too-many-requests', { detail: 'This number was sent as many texts today as it may.' });
    await queueNoticeTo(tx, keys, { id, accountCode: account.code, recipients: [number.e164], channel: 'sms' }, { purpose: 'continuity-test', text }, clock());
  });
  await sendNotice(deps.temporal, id);
  return { requested: true, lastDigits: number.e164.slice(-2) };
}
