import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

/** A number that can receive texts, or why it cannot. */
export type ParsedNumber =
  | { readonly ok: true; readonly e164: string; readonly country: string; readonly display: string }
  | { readonly ok: false; readonly reason: 'empty' | 'leading-zero' | 'impossible' | 'invalid' | 'not-mobile'; readonly message: string };

const MESSAGES = {
  empty: 'Enter a mobile number.',
  'leading-zero': 'Leave out the zeroes at the beginning: start with + and the country code.',
  impossible: 'This cannot be a phone number: its length or its country code does not fit.',
  invalid: 'No such number is given out in this country.',
  'not-mobile': 'This number cannot receive texts. Enter a mobile number.',
} as const;

/** Reads a number in long format (E.164), or in a country's own where a default country is given. */
export function parseMobileNumber(input: string, options: { defaultCountry?: CountryCode } = {}): ParsedNumber {
  const refuse = (reason: keyof typeof MESSAGES): ParsedNumber => ({ ok: false, reason, message: MESSAGES[reason] });
  const typed = input.trim();
  if (typed === '') return refuse('empty');
  if (typed.startsWith('0') || /^\+\s*0/.test(typed) || /^\+\d{1,3}[\s(-]+0/.test(typed)) return refuse('leading-zero');
  const number = parsePhoneNumberFromString(typed, options.defaultCountry);
  if (!number?.isPossible()) return refuse('impossible');
  if (!number.isValid() || !number.country) return refuse('invalid');
  if (!['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(number.getType() ?? '')) return refuse('not-mobile');
  return { ok: true, e164: number.number, country: number.country, display: number.formatInternational() };
}

/** All that is shown of a saved number: its last two digits. */
export function maskNumber(e164: string): string {
  return `••${e164.slice(-2)}`;
}
