import { updateAccount } from '../../db/accounts';
import { attributeValues, countAttribute } from '../../db/attributes';
import { attributeNames } from '../../db/imports';
import { advice } from '../../domain/onboarding/texts';
import { parseMobileNumber } from '../../domain/phone';
import type { TaskChecker } from './checker';

/** As many values are looked at until one is a number. */
const SAMPLE = 1_000;

/** *Setting Up SMS*: the attribute is there, and holds numbers that texts can be sent to. */
export const smsChecker: TaskChecker<'sms'> = {
  atOnce: true,
  check: async ({ db, account, content: { attribute } }) => {
    const users = await countAttribute(db, account.code, attribute);
    if (users === 0) return { result: 'wrong', ...advice.noSuchAttribute(attribute, await attributeNames(db, account.code)) };
    const usable = (await attributeValues(db, account.code, attribute, SAMPLE)).some((value) => parseMobileNumber(value).ok);
    return usable ? { result: 'ok', facts: { users } } : { result: 'wrong', ...advice.noUsableNumber(attribute) };
  },
  complete: (tx, { account, content }) => updateAccount(tx, account.code, { sms_attribute: content.attribute }),
};
