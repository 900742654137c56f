import { nextCountMs, tallyOf } from '../../../domain/continuity/counts';
import { deliveryStates } from '../../../domain/continuity/events';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When is counted, where nothing else is waited for: in milliseconds from the start, as long as `whileMs` lasts. */
function timesOf(isTelling: boolean, whileMs: number): number[] {
  const times: number[] = [];
  for (let at = 0; at < whileMs;) {
    const wait = nextCountMs(isTelling, at);
    if (wait === null) break;
    at += wait;
    times.push(at);
  }
  return times;
}

test('every notice counts once: told, failed, suppressed, dropped or left', () => {
  const counts = Object.fromEntries(deliveryStates.map((state, index) => [state, 10 ** index]));
  const tally = tallyOf(counts);
  expect(tally).toEqual({ audience: 111_111_111, told: 111_000, delivered: 100_000, failed: 1_000_000, suppressed: 10_000_000, superseded: 100_000_000, left: 111 });
  expect(tally.told + tally.failed + tally.suppressed + tally.superseded + tally.left).toBe(tally.audience);
  expect(tallyOf({})).toEqual({ audience: 0, told: 0, delivered: 0, failed: 0, suppressed: 0, superseded: 0, left: 0 });
});

test('check 67: while notices go out they are counted every 15 seconds at first, and some 150 times in 55 hours', () => {
  expect(timesOf(true, MINUTE_MS)).toEqual([15_000, 30_000, 45_000, 60_000]);
  const times = timesOf(true, 55 * HOUR_MS);
  expect([times.length > 100, times.length < 180]).toEqual([true, true]);
  // Ten times as long is no ten times as often.
  expect(timesOf(true, 550 * HOUR_MS).length).toBeLessThan(times.length + 60);
});

test('afterwards they are counted a few times more, for ten minutes', () => {
  expect(timesOf(false, HOUR_MS)).toEqual([15_000, 45_000, 135_000, 405_000, 600_000]);
});
