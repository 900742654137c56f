import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A number that can receive texts, or why it cannot. */
export type ParsedNumber =
  | { readonly ok: true; readonly e164: string; readonly country: string; readonly display: string }
  | { readonly ok: false; readonly reason: 'empty' | 'leading-zero' | 'impossible' | 'invalid' | 'not-mobile'; readonly message: string };

const MESSAGES = {
  empty: 'Enter a mobile number.',
  'leading-zero': 'Leave out the zeroes at the beginning: start with + and the country code.',
  impossible: 'This cannot be a phone number: start with + and the country code, and check its length.',
  invalid: 'No such number is given out in this country.',
  'not-mobile': 'This number cannot receive texts. Enter a mobile number.',
} as const;

/** Digits as people group them. A letter is no part of a number that texts are sent to, nor is an extension. */
const WRITTEN = /^\+[\d\s().\/-]+$/;

/**
 * Reads a number in long format (E.164): plus, country code, no zero that is only dialled within the country. The parser
 * would drop such a zero without a word; where a zero belongs to the number, as in Ivory Coast, it stays.
 */
export function parseMobileNumber(input: string): ParsedNumber {
  const refuse = (reason: keyof typeof MESSAGES): ParsedNumber => ({ ok: false, reason, message: MESSAGES[reason] });
  const typed = input.trim();
  if (typed === '') return refuse('empty');
  if (/^\+?[\s(]*0/.test(typed)) return refuse('leading-zero');
  const number = WRITTEN.test(typed) ? parsePhoneNumberFromString(typed) : undefined;
  if (!number) return refuse('impossible');
  const digits = typed.replace(/\D/g, '');
  if (number.number !== `+${digits}`) return refuse(digits.startsWith(`${number.countryCallingCode}0`) ? 'leading-zero' : 'impossible');
  if (!number.isPossible()) return refuse('impossible');
  if (!number.isValid() || !number.country) return refuse('invalid');
  if (!['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(number.getType() ?? '')) return refuse('not-mobile');
  return { ok: true, e164: number.number, country: number.country, display: number.formatInternational() };
}
