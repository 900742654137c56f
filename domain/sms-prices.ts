/** What a segment is estimated to cost. */
export interface SmsPrices {
  readonly currency: string;
  /** Where its country has none of its own. */
  readonly standard: number;
  /** By ISO country code. */
  readonly byCountry: Readonly<Record<string, number>>;
}

/** Segments to one country; null where it is not known to which. */
export interface SegmentsTo {
  readonly country: string | null;
  readonly segments: number;
}

/** Prices have this many parts at most: whole numbers of them add up without an error. */
const PARTS = 1_000_000;
const CENTS = 100;

/** What a segment to a country is estimated to cost. */
export function priceOf({ standard, byCountry }: SmsPrices, country: string | null): number {
  return (country === null ? undefined : byCountry[country]) ?? standard;
}

/** What segments cost together, to the cent. Rounded once, at the end: parts of a cent of many countries add up. */
export function costOf(prices: SmsPrices, sent: readonly SegmentsTo[]): number {
  const parts = sent.reduce((sum, { country, segments }) => sum + segments * Math.round(priceOf(prices, country) * PARTS), 0);
  return Math.round((parts * CENTS) / PARTS) / CENTS;
}
