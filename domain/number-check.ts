import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { parseMobileNumber } from './phone';

/** Why a value is not usable as it is. */
export const numberReasons = ['empty', 'leading-zero', 'impossible', 'invalid', 'not-mobile', 'no-country-code'] as const;
export type NumberReason = (typeof numberReasons)[number];

/** Why a value is not usable, as people read it. */
export const reasonTexts: Record<NumberReason, string> = {
  empty: 'There is no value.',
  'leading-zero': 'It has a zero that is only dialled within the country.',
  impossible: 'It cannot be a phone number.',
  invalid: 'No such number is given out in its country.',
  'not-mobile': 'It cannot receive texts.',
  'no-country-code': 'It has no plus and country code.',
};

/** What a value of an attribute is worth as the number that texts go to. */
export type JudgedNumber =
  | { readonly outcome: 'usable'; readonly e164: string }
  /** It is understood, with a default country where it has none of its own; nothing is sent there before somebody confirms that. */
  | { readonly outcome: 'proposed'; readonly proposal: string; readonly reason: NumberReason }
  | { readonly outcome: 'unusable'; readonly reason: NumberReason };

/** Whether numbers of a country are known. */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** Digits as people group them, with the prefixes that they dial. */
const WRITTEN = /^[+\d\s().\/-]+$/;

/** The ways in which a value may have been meant, the likeliest first. */
function* readings(value: string, country: CountryCode | null): Generator<string | undefined> {
  const digits = value.replace(/\D/g, '');
  if (value.startsWith('+')) yield parsePhoneNumberFromString(value)?.number;
  else if (digits.startsWith('00')) yield `+${digits.slice(2)}`;
  else {
    if (country !== null) yield parsePhoneNumberFromString(value, country)?.number;
    if (!digits.startsWith('0')) yield `+${digits}`;
  }
}

/**
 * Judges one value.
 * @param defaultCountry - what a number without a country code is understood in; null: in none
 */
export function judgeNumber(value: string, defaultCountry: string | null): JudgedNumber {
  const parsed = parseMobileNumber(value);
  if (parsed.ok) return { outcome: 'usable', e164: parsed.e164 };
  const typed = value.trim();
  const written = WRITTEN.test(typed);
  const reason = written && !typed.startsWith('+') && parsed.reason !== 'empty' ? 'no-country-code' : parsed.reason;
  if (!written) return { outcome: 'unusable', reason };
  for (const reading of readings(typed, defaultCountry !== null && isCountry(defaultCountry) ? defaultCountry : null)) {
    const meant = reading === undefined ? undefined : parseMobileNumber(reading);
    if (meant?.ok) return { outcome: 'proposed', proposal: meant.e164, reason };
  }
  return { outcome: 'unusable', reason };
}
