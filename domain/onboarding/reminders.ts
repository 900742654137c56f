import { addDays, DAY_MS, dateAt, dayNumber, instantOf, type CalendarDate } from './calendar';

/** Until when an account can go on, and by which clock. */
export interface Discontinuation {
  /** The last day of the application for this account; null where no date is set. */
  readonly lastDay: CalendarDate | null;
  readonly timeZone: string;
}

/** So many days before the last day a reminder goes out. */
export const REMINDER_DAYS = [30, 14, 7, 1] as const;
/** Work that did not go on for so many days is asked about, once. */
export const STALLED_AFTER_DAYS = 7;
/** When people read their mail: reminders go out at this hour of theirs. */
const HOUR_OF_NOTICES = 9;

/** When the application ends for an account: as its last day does. */
export function endOf({ lastDay, timeZone }: Discontinuation): number | null {
  return lastDay === null ? null : instantOf(addDays(lastDay, 1), 0, timeZone);
}

/** The days that are left, as people count them: 0 on the last day, negative afterwards. Null without a date. */
export function daysLeft({ lastDay, timeZone }: Discontinuation, now: number): number | null {
  return lastDay === null ? null : dayNumber(lastDay) - dayNumber(dateAt(now, timeZone));
}

/** A notice, and what it is known by: of notices with the same name and number one is sent. */
export interface Notice {
  readonly kind: 'reminder' | 'stalled';
  readonly number: number;
  readonly at: number;
}

/** The reminders of a last day, by the number of the day they are sent on: of two dates set one after the other, no two on one day. */
function reminders({ lastDay, timeZone }: Discontinuation): Notice[] {
  if (lastDay === null) return [];
  return REMINDER_DAYS.map((days) => {
    const day = addDays(lastDay, -days);
    return { kind: 'reminder', number: dayNumber(day), at: instantOf(day, HOUR_OF_NOTICES, timeZone) };
  });
}

/** What work has been done: how many times it went on, and when last. */
export interface Work {
  readonly count: number;
  readonly lastAt: number;
}

/** The one notice of work that stands still, in the first morning after the days are over. */
function stalled(work: Work, timeZone: string): Notice {
  const over = work.lastAt + STALLED_AFTER_DAYS * DAY_MS;
  const morning = instantOf(dateAt(over, timeZone), HOUR_OF_NOTICES, timeZone);
  const at = morning >= over ? morning : instantOf(addDays(dateAt(over, timeZone), 1), HOUR_OF_NOTICES, timeZone);
  return { kind: 'stalled', number: work.count, at };
}

/** Whether work stands still: what lists for operators go by. */
export function isStalled(lastAt: number, now: number): boolean {
  return now >= lastAt + STALLED_AFTER_DAYS * DAY_MS;
}

/**
 * What is to be sent now, of an onboarding that is under way. What was due a day ago is not sent any more: an account that
 * is created with ten days left is not told that it has thirty.
 */
export function dueNotices(discontinuation: Discontinuation, work: Work, now: number): Notice[] {
  const due = reminders(discontinuation).filter(({ at }) => at <= now && now < at + DAY_MS);
  const still = stalled(work, discontinuation.timeZone);
  return still.at <= now ? [...due, still] : due;
}

/** When to look again: at the next notice. Once it was asked about work, as soon as it can have stalled anew. */
export function nextLook(discontinuation: Discontinuation, work: Work, now: number): number {
  const still = stalled(work, discontinuation.timeZone).at;
  const ahead = reminders(discontinuation).map(({ at }) => at).filter((at) => at > now);
  return Math.min(still > now ? still : now + STALLED_AFTER_DAYS * DAY_MS, ...ahead);
}

/** What an administrator is supplied with to sign in the first time ends after so long. */
export const SUPPLIED_PASSWORD_MS = 3 * DAY_MS;

/** A supplied password is announced to end a day before it does (ASVS 6.4.5). */
export function passwordReminderAt(until: number): number {
  return until - DAY_MS;
}
