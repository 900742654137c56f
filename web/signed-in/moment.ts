const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A time as people read it, in the time zone of their device: "1 Jan 2026, 12:00". */
export function moment(iso: string): string {
  return format.format(new Date(iso));
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** A day of the calendar, wherever one is: "31 January 2026". */
export function day(date: string): string {
  return dayFormat.format(new Date(`${date}T00:00:00Z`));
}
