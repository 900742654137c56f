import { getCountries, getCountryCallingCode, isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';

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

/** A number in long format, of the country that was picked, or of its own where it was typed with a plus. */
export function longFormat(typed: string, country: Country | undefined): string {
  const number = typed.trim();
  return number === '' || number.startsWith('+') || !country ? number : `+${country.callingCode}${number}`;
}
