import { inTransaction } from '../../db/connection';
import { readerOf } from '../../db/continuity-audience';
import { factorsOf } from '../../db/factors';
import { countSms } from '../../db/messages';
import { newNoticeId, queueNoticeTo } from '../../db/notices';
import { smsNumberOf, type UserRow } from '../../db/users';
import { renderAlert } from '../../domain/continuity/alerts';
import { parseMobileNumber } from '../../domain/phone';
import { sendNotice } from '../notices';
import type { testSchema } from '../contract/continuity';
import type { z } from '../contract/zod';
import { Problem } from '../problems';
import type { ContinuityDependencies } from './dependencies';
import { draftFacts } from './draft-facts';
import { accountWithSms } from './find';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Sends an alert to the number of whoever writes it, as they would get it. @throws Problem `number-invalid` where they have none, `too-many-requests` */
export async function sendTest(deps: ContinuityDependencies, user: UserRow | undefined, body: z.infer<typeof testSchema>): Promise<{ requested: true; lastDigits: string }> {
  const { db, keys, clock, publicUrl, smsPerNumberDaily } = deps;
  const account = await accountWithSms(db, body.account);
  const stored = user && ((await smsNumberOf(db, user)) ?? (await factorsOf(db, user.id)).phone?.e164);
  const number = parseMobileNumber(stored ?? '');
  if (!user || !number.ok) throw new Problem('number-invalid', { detail: 'No mobile number in long format is stored for you: a test goes to your own.', extra: { reason: number.ok ? 'empty' : number.reason } });
  const facts = await draftFacts(db, account, body, clock());
  const text = renderAlert(body.alert, { facts, publicUrl, reader: await readerOf(db, user) });
  const id = newNoticeId();
  await inTransaction(db, async (tx) => {
    if ((await countSms(tx, { recipient: number.e164 }, clock() - DAY_MS)) >= smsPerNumberDaily) throw new Problem('too-many-requests', { detail: 'This number was sent as many texts today as it may.' });
    await queueNoticeTo(tx, keys, { id, accountCode: account.code, recipients: [number.e164], channel: 'sms' }, { purpose: 'continuity-test', text }, clock());
  });
  await sendNotice(deps.temporal, id);
  return { requested: true, lastDigits: number.e164.slice(-2) };
}
