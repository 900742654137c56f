const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A time as people read it, in the time zone of their device: "1 Jan 2026, 12:00". */
export function moment(iso: string): string {
  return format.format(new Date(iso));
}
