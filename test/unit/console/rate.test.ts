import { rateOf, withSample, type Sample } from '../../../web/console/continuity-events/rate';

const at = (seconds: number, start: number): Sample => ({ at: seconds * 1_000, out: { start } });
const seen = (...samples: Sample[]): readonly Sample[] => samples.reduce<readonly Sample[]>(withSample, []);

test('the rate is what went out over the last ten seconds', () => {
  expect(rateOf(seen(at(0, 0), at(2, 100), at(4, 200)), 'start', 4_000)).toBe(50);
  expect(rateOf(seen(at(0, 0), at(20, 1_000), at(22, 1_040)), 'start', 22_000)).toBe(20);
});

test('it is not told before a second has passed', () => {
  expect(rateOf([], 'start', 0)).toBeNull();
  expect(rateOf(seen(at(0, 0), at(0.2, 60)), 'start', 200)).toBeNull();
});

test('what stands still has none, and what failed and was put back is no rate below nothing', () => {
  expect(rateOf(seen(at(0, 0), at(2, 100)), 'start', 60_000)).toBe(0);
  expect(rateOf(seen(at(0, 100), at(2, 40)), 'start', 2_000)).toBe(0);
});
