import { instantOfWallClock, wallClock } from '../onboarding/calendar';

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const WALL_CLOCK = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Whether a text is a time as ISO 8601 writes it: an instant with its offset, or the reading of a wall clock. */
export function isEventTime(text: string): boolean {
  if (WITH_OFFSET.test(text)) return Number.isFinite(Date.parse(text));
  return WALL_CLOCK.test(text) && Number.isFinite(Date.parse(`${text}Z`));
}

/**
 * The instant of a time, in milliseconds since the epoch. A reading of a wall clock is one of the event's time zone, by
 * the rules of that day: where the clock shows it twice the first one, where it skips it the moment an hour later.
 */
export function instantOfEventTime(text: string, timeZone: string): number {
  return WITH_OFFSET.test(text) ? Date.parse(text) : instantOfWallClock(Date.parse(`${text}Z`), timeZone);
}

/** What a wall clock shows at an instant: `2026-03-29T03:30`. */
export function wallClockAt(at: number, timeZone: string): string {
  return new Date(wallClock(at, timeZone)).toISOString().slice(0, 16);
}

function minutesOf(clock: string): number {
  const [, hours, minutes] = CLOCK.exec(clock)!;
  return Number(hours) * 60 + Number(minutes);
}

/**
 * When a notice may go out that is due at `at`: then, or at the end of the quiet hours it falls into.
 * @param quiet - `HH:MM` by the wall clock; a `to` before `from` is the next day's
 */
export function afterQuietHours(at: number, quiet: { readonly from: string; readonly to: string } | null, timeZone: string): number {
  if (quiet === null || quiet.from === quiet.to) return at;
  const wall = wallClock(at, timeZone);
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS;
  const [from, to] = [minutesOf(quiet.from) * MINUTE_MS, minutesOf(quiet.to) * MINUTE_MS];
  const time = wall - midnight;
  const isQuiet = from < to ? time >= from && time < to : time >= from || time < to;
  if (!isQuiet) return at;
  return instantOfWallClock(midnight + to + (to <= from && time >= from ? DAY_MS : 0), timeZone);
}
