/** What a spreadsheet would take for a formula. A number in long format is none. */
const FORMULA = /^(?!\+\d+$)[=+\-@\t\r]/;

/** One field of a CSV file (RFC 4180). What would begin a formula gets an apostrophe, which spreadsheets hide. */
function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line of a CSV file. */
export function csvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(field).join(',')}\r\n`;
}
