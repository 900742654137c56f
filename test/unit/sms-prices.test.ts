import { costOf, priceOf, type SmsPrices } from '../../domain/sms-prices';

const prices: SmsPrices = { currency: 'USD', standard: 0.0083, byCountry: { GB: 0.04, DE: 0.075, CU: 0 } };

test.each([['GB', 0.04], ['DE', 0.075], ['CU', 0], ['US', 0.0083], [null, 0.0083]])('a segment to %s costs %d', (country, price) => {
  expect(priceOf(prices, country)).toBe(price);
});

test('segments cost what their countries do, together', () => {
  expect(costOf(prices, [{ country: 'GB', segments: 10 }, { country: 'DE', segments: 2 }, { country: 'US', segments: 100 }, { country: null, segments: 100 }, { country: 'CU', segments: 7 }])).toBe(2.21);
  expect(costOf(prices, [])).toBe(0);
});

test('money is rounded once, at the end', () => {
  // Each of them is less than half a cent.
  expect(costOf({ ...prices, standard: 0.004 }, ['US', 'CA', 'FR'].map((country) => ({ country, segments: 1 })))).toBe(0.01);
  // Sums of fractions in binary come out below the half: 1.005 * 100 is 100.49999999999999.
  expect(costOf({ ...prices, standard: 1.005 }, [{ country: 'US', segments: 1 }])).toBe(1.01);
  expect(costOf(prices, [{ country: 'US', segments: 400_000_000 }])).toBe(3_320_000);
});
