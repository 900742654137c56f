const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** A calendar date as people read it: "31 January 2024". */
export function dayInWords(date: string): string {
  return format.format(new Date(date));
}
