import { afterQuietHours, instantOfEventTime, isEventTime, wallClockAt } from '../../../domain/continuity/times';

const BERLIN = 'Europe/Berlin';
const iso = (at: number): string => new Date(at).toISOString();

test.each([
  ['2024-06-01T08:00', '2024-06-01T06:00:00.000Z', '2024-06-01T08:00'],
  ['2024-01-01T08:00:30', '2024-01-01T07:00:30.000Z', '2024-01-01T08:00'],
  // Skipped by the clock: the moment an hour later.
  ['2024-03-31T02:30', '2024-03-31T01:30:00.000Z', '2024-03-31T03:30'],
  // Shown twice: the first time.
  ['2024-10-27T02:30', '2024-10-27T00:30:00.000Z', '2024-10-27T02:30'],
  ['2024-10-27T02:30:00+01:00', '2024-10-27T01:30:00.000Z', '2024-10-27T02:30'],
  ['2024-06-01T08:00:00Z', '2024-06-01T08:00:00.000Z', '2024-06-01T10:00'],
])('%s in Berlin is %s', (text, instant, shown) => {
  expect(isEventTime(text)).toBe(true);
  const at = instantOfEventTime(text, BERLIN);
  expect([iso(at), wallClockAt(at, BERLIN)]).toEqual([instant, shown]);
});

test.each(['', 'tomorrow', '2024-06-01', '2024-13-01T08:00', '2024-06-01T25:00', '1717228800000', '2024-06-01 08:00'])('%j is no time', (text) => {
  expect(isEventTime(text)).toBe(false);
});

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00' };
  test.each([
    ['2024-06-01T20:30:00Z', night, '2024-06-02T05:00:00.000Z'],
    ['2024-06-01T02:00:00Z', night, '2024-06-01T05:00:00.000Z'],
    ['2024-06-01T05:00:00Z', night, '2024-06-01T05:00:00.000Z'],
    ['2024-06-01T12:00:00Z', night, '2024-06-01T12:00:00.000Z'],
    ['2024-06-01T10:30:00Z', { from: '12:00', to: '13:30' }, '2024-06-01T11:30:00.000Z'],
    // The night in which the clock goes forward.
    ['2024-03-30T22:00:00Z', night, '2024-03-31T05:00:00.000Z'],
    ['2024-06-01T20:30:00Z', null, '2024-06-01T20:30:00.000Z'],
    ['2024-06-01T20:30:00Z', { from: '07:00', to: '07:00' }, '2024-06-01T20:30:00.000Z'],
  ])('what is due at %s with %j goes out at %s', (due, quiet, out) => {
    expect(iso(afterQuietHours(Date.parse(due), quiet, BERLIN))).toBe(out);
  });
});
