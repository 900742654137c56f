import { getCountries, getCountryCallingCode, isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { parseMobileNumber, type ParsedNumber } from '../../domain/phone';

export interface Country {
  readonly code: CountryCode;
  readonly name: string;
  readonly callingCode: string;
}

const names = new Intl.DisplayNames(['en'], { type: 'region' });

/** What a country is called; its code where it has no name here. */
export function countryName(code: string): string {
  return names.of(code) ?? code;
}

/** The countries whose numbers may be enrolled, by name. Undefined: all. */
export function countriesOf(codes: readonly string[] | undefined): Country[] {
  return getCountries()
    .filter((code) => codes === undefined || codes.includes(code))
    .map((code) => ({ code, name: countryName(code), callingCode: getCountryCallingCode(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The country that this device is set to, where it is one of these; else the first of them. */
export function likelyCountry(countries: readonly Country[]): CountryCode | undefined {
  const region = new Intl.Locale(navigator.language).maximize().region;
  const likely = region !== undefined && isSupportedCountry(region) ? countries.find(({ code }) => code === region) : undefined;
  return (likely ?? countries[0])?.code;
}

/**
 * Reads a number of the country that was picked, or, where it was typed with a plus, of its own. A zero at the beginning
 * is taken where it belongs to the number, as in Ivory Coast, and is else what is wrong with it.
 */
export function understood(typed: string, country: Country | undefined): ParsedNumber {
  const number = typed.trim();
  const parsed = parseMobileNumber(number === '' || number.startsWith('+') || !country ? number : `+${country.callingCode}${number}`);
  return !parsed.ok && number.startsWith('0') ? parseMobileNumber(number) : parsed;
}
