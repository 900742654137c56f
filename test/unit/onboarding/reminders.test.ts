import { addDays, dateAt, instantOf, isCalendarDate, isTimeZone } from '../../../domain/onboarding/calendar';
import { daysLeft, dueNotices, endOf, isStalled, nextLook, type Discontinuation, type Work } from '../../../domain/onboarding/reminders';
import { pauseMs, VALIDATION_MS } from '../../../domain/onboarding/validation';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const utc = (text: string): number => Date.parse(`${text}Z`);
const berlin = (lastDay: string | null): Discontinuation => ({ lastDay, timeZone: 'Europe/Berlin' });
/** Work that went on a moment ago: it does not stall within what a test looks at. */
const busy = (now: number): Work => ({ count: 3, lastAt: now });

describe('dates', () => {
  test('are days that exist', () => {
    expect(['2024-02-29', '2024-01-31'].every(isCalendarDate)).toBe(true);
    expect(['2023-02-29', '2024-13-01', '2024-1-31', '31.1.2024', '2024-01-31T00:00', ''].some(isCalendarDate)).toBe(false);
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2024-01-31', -31)).toBe('2023-12-31');
  });

  test('are those of the account\'s clock', () => {
    expect(dateAt(utc('2024-01-31T23:30'), 'Europe/Berlin')).toBe('2024-02-01');
    expect(dateAt(utc('2024-01-31T23:30'), 'America/New_York')).toBe('2024-01-31');
    expect(dateAt(utc('2024-01-31T10:30'), 'Pacific/Kiritimati')).toBe('2024-02-01');
    expect(isTimeZone('Asia/Kathmandu')).toBe(true);
    expect(['Europe/Atlantis', '', '+02:00'].some(isTimeZone)).toBe(false);
  });

  test('begin and are noticed at the hour of the clock, in summer and in winter', () => {
    expect(instantOf('2024-01-31', 9, 'Europe/Berlin')).toBe(utc('2024-01-31T08:00'));
    expect(instantOf('2024-07-31', 9, 'Europe/Berlin')).toBe(utc('2024-07-31T07:00'));
    expect(instantOf('2024-01-31', 9, 'Asia/Kathmandu')).toBe(utc('2024-01-31T03:15'));
  });

  test('begin as soon as the clock shows them, where daylight saving leaves midnight out', () => {
    expect(instantOf('2024-03-31', 0, 'Asia/Beirut')).toBe(utc('2024-03-30T22:00'));
    expect(dateAt(instantOf('2024-03-31', 0, 'Asia/Beirut'), 'Asia/Beirut')).toBe('2024-03-31');
    expect(dateAt(instantOf('2024-03-31', 0, 'Asia/Beirut') - 1, 'Asia/Beirut')).toBe('2024-03-30');
    expect(instantOf('2024-04-26', 0, 'Africa/Cairo')).toBe(utc('2024-04-25T22:00'));
  });

  test('take the first of two hours of the same name', () => {
    expect(instantOf('2024-10-27', 2, 'Europe/Berlin')).toBe(utc('2024-10-27T00:00'));
    expect(instantOf('2024-03-31', 2, 'Europe/Berlin')).toBe(utc('2024-03-31T01:00'));
  });
});

describe('the end of the application', () => {
  test('is the end of the last day, by the account\'s clock', () => {
    expect(endOf(berlin('2024-01-31'))).toBe(utc('2024-01-31T23:00'));
    expect(endOf({ lastDay: '2024-01-31', timeZone: 'America/Los_Angeles' })).toBe(utc('2024-02-01T08:00'));
    expect(endOf(berlin(null))).toBeNull();
  });

  test('is as many days away as people count', () => {
    expect(daysLeft(berlin('2024-01-31'), utc('2024-01-30T23:30'))).toBe(0);
    expect(daysLeft(berlin('2024-01-31'), utc('2024-01-30T22:30'))).toBe(1);
    expect(daysLeft(berlin('2024-01-31'), utc('2024-02-01T12:00'))).toBe(-1);
    expect(daysLeft(berlin(null), 0)).toBeNull();
  });
});

describe('check 66: reminders of the end', () => {
  /** Every instant at which one is due, looking whenever the rules say so. */
  function sentAt(discontinuation: Discontinuation, from: number, until: number): string[] {
    const sent = new Map<number, string>();
    for (let now = from; now < until; now = nextLook(discontinuation, busy(now), now)) {
      for (const { number } of dueNotices(discontinuation, busy(now), now)) if (!sent.has(number)) sent.set(number, new Date(now).toISOString());
    }
    return [...sent.values()];
  }

  test('go out 30, 14, 7 and 1 day before, in the morning', () => {
    expect(sentAt(berlin('2024-01-31'), utc('2023-12-01T12:00'), utc('2024-02-02T00:00'))).toEqual(
      ['2024-01-01T08:00:00.000Z', '2024-01-17T08:00:00.000Z', '2024-01-24T08:00:00.000Z', '2024-01-30T08:00:00.000Z'],
    );
  });

  test('go out at the same hour of the clock before and after daylight saving begins, and ends', () => {
    expect(sentAt(berlin('2024-04-02'), utc('2024-03-01T12:00'), utc('2024-04-04T00:00'))).toEqual(
      ['2024-03-03T08:00:00.000Z', '2024-03-19T08:00:00.000Z', '2024-03-26T08:00:00.000Z', '2024-04-01T07:00:00.000Z'],
    );
    expect(sentAt({ lastDay: '2024-11-05', timeZone: 'America/New_York' }, utc('2024-10-20T12:00'), utc('2024-11-07T00:00'))).toEqual(
      ['2024-10-22T13:00:00.000Z', '2024-10-29T13:00:00.000Z', '2024-11-04T14:00:00.000Z'],
    );
  });

  test('are not made up for, except by a worker that was away for less than a day', () => {
    const at = instantOf('2024-01-24', 9, 'Europe/Berlin');
    expect(dueNotices(berlin('2024-01-31'), busy(at), at - 1)).toEqual([]);
    expect(dueNotices(berlin('2024-01-31'), busy(at), at + 23 * HOUR)).toHaveLength(1);
    expect(dueNotices(berlin('2024-01-31'), busy(at), at + DAY)).toEqual([]);
  });

  test('of a date set anew do not repeat what went out on the same day', () => {
    const at = instantOf('2024-01-24', 10, 'Europe/Berlin');
    const [before] = dueNotices(berlin('2024-01-31'), busy(at), at);
    const [after] = dueNotices(berlin('2024-02-07'), busy(at), at);
    expect(after!.number).toBe(before!.number);
  });

  test('are not there without a date', () => {
    expect(dueNotices(berlin(null), busy(0), 0)).toEqual([]);
    expect(nextLook(berlin(null), { count: 1, lastAt: 0 }, 30 * DAY)).toBe(37 * DAY);
  });
});

describe('work that stalls', () => {
  const lastAt = utc('2024-03-25T15:20');
  const work: Work = { count: 5, lastAt };

  test('for seven days is asked about in the next morning, once, until it goes on', () => {
    const due = utc('2024-04-02T07:00');
    expect(nextLook(berlin(null), work, lastAt)).toBe(due);
    expect(dueNotices(berlin(null), work, due - 1)).toEqual([]);
    expect(dueNotices(berlin(null), work, due)).toEqual([{ kind: 'stalled', number: 5, at: due }]);
    // Looked at later it is the same notice: it is sent once.
    expect(dueNotices(berlin(null), work, due + 20 * DAY)).toEqual(dueNotices(berlin(null), work, due));
    expect(dueNotices(berlin(null), { count: 6, lastAt: due }, due + 6 * DAY)).toEqual([]);
  });

  test('after it was asked about is looked at again although the next reminder is far away', () => {
    const asked = utc('2024-04-02T07:00');
    expect(nextLook(berlin('2025-01-31'), work, asked)).toBe(asked + 7 * DAY);
  });

  test('is listed as such as soon as the days are over', () => {
    expect(isStalled(lastAt, lastAt + 7 * DAY - 1)).toBe(false);
    expect(isStalled(lastAt, lastAt + 7 * DAY)).toBe(true);
  });

  test('in the morning itself is asked about at once', () => {
    const early = utc('2024-01-10T07:59');
    expect(nextLook(berlin(null), { count: 1, lastAt: early }, early)).toBe(utc('2024-01-17T08:00'));
  });
});

test('what is not there yet is looked for with growing pauses, for 72 hours to the minute', () => {
  const looks = [0];
  while (looks.at(-1)! < VALIDATION_MS) looks.push(looks.at(-1)! + pauseMs(looks.at(-1)!));
  const pauses = looks.slice(1).map((at, index) => at - looks[index]!);
  expect(pauses.slice(0, 5).every((pause) => pause === 60_000)).toBe(true);
  expect(pauses.slice(0, -1).every((pause, index) => index === 0 || pause >= pauses[index - 1]!)).toBe(true);
  expect(Math.max(...pauses)).toBe(HOUR);
  expect(looks.at(-1)).toBe(VALIDATION_MS);
  expect(looks.length).toBeLessThan(100);
});
