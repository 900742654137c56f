const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A calendar date, as ISO 8601 writes it: `2024-01-31`. */
export type CalendarDate = string;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text names a day that exists. */
export function isCalendarDate(text: string): boolean {
  return ISO_DATE.test(text) && Number.isFinite(Date.parse(text)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** Whether a name is one of the time zone database (`Europe/Berlin`) that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The reading of a wall clock, as if it were UTC. */
export function wallClock(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
}

/** How far a wall clock is ahead of UTC at an instant, in milliseconds. */
function offset(at: number, timeZone: string): number {
  return wallClock(at, timeZone) - Math.floor(at / 1000) * 1000;
}

/** The day it is somewhere at an instant. */
export function dateAt(at: number, timeZone: string): CalendarDate {
  return new Date(wallClock(at, timeZone)).toISOString().slice(0, 10);
}

/** Days since the epoch: dates can be counted with it. */
export function dayNumber(date: CalendarDate): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** The date so many days later, or earlier. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date((dayNumber(date) + days) * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The instant at which a wall clock shows a full hour of a day, in milliseconds since the epoch. Where the clock shows it
 * twice, the first time; where it skips it, as soon as it has: midnight may be the hour that daylight saving leaves out.
 */
export function instantOf(date: CalendarDate, hour: number, timeZone: string): number {
  return instantOfWallClock(Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS, timeZone);
}

/** The same for any reading of a wall clock, given as if it were UTC; a reading that is skipped is taken as late as the clock jumps. */
export function instantOfWallClock(wall: number, timeZone: string): number {
  // Clocks are changed no more than once in two days.
  const candidates = [wall - offset(wall - DAY_MS, timeZone), wall - offset(wall + DAY_MS, timeZone)];
  const shown = candidates.filter((at) => wallClock(at, timeZone) === wall);
  return shown.length > 0 ? Math.min(...shown) : candidates[0]!;
}
