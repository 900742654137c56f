import { applicationPaths } from '../applications';
import { applicationNames } from '../texts';
import type { Application } from '../password-reset';

/** As many characters as the provider takes. */
export const LONGEST_ALERT = 1_600;

/** What an alert is filled in with. Times are milliseconds since the epoch. */
export interface AlertFacts {
  readonly eventName: string | null;
  readonly startsAt: number;
  readonly endsAt: number | null;
  /** The event's, for who has none of their own. */
  readonly timeZone: string;
}

/** Who reads it. */
export interface AlertReader {
  readonly name: string;
  readonly language: string | null;
  readonly timeZone: string | null;
}

interface Filling {
  readonly facts: AlertFacts;
  readonly reader: AlertReader;
  readonly publicUrl: string;
}

const DEFAULT_LANGUAGE = 'en-GB';

/** How many formats are kept. Languages are whatever people's attributes say; most of a company share a few. */
const MOST_FORMATS = 200;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The making of a format takes longer than all else of a text: those of one person serve the next ones. */
function formatFor(language: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone });
    if (formats.size >= MOST_FORMATS) formats.clear();
    formats.set(key, format);
  }
  return format;
}

/** With plain blanks: some languages set others, which would more than halve what a segment holds. */
function formatted(at: number, language: string, timeZone: string): string {
  return formatFor(language, timeZone).format(at).replace(/\s/g, ' ');
}

function timeFor({ reader, facts }: Filling, at: number | null): string {
  if (at === null) return 'further notice';
  try {
    return formatted(at, reader.language ?? DEFAULT_LANGUAGE, reader.timeZone ?? facts.timeZone);
  } catch {
    // Somebody's language or time zone is none that this runtime knows.
    return formatted(at, DEFAULT_LANGUAGE, facts.timeZone);
  }
}

/** The fields that an alert may name, and what each is filled in with. */
const fields: Readonly<Record<string, (filling: Filling) => string>> = {
  name: ({ reader }) => reader.name,
  'event.name': ({ facts }) => facts.eventName ?? '',
  'event.start': (filling) => timeFor(filling, filling.facts.startsAt),
  'event.end': (filling) => timeFor(filling, filling.facts.endsAt),
  ...Object.fromEntries(Object.entries(applicationPaths).map(([application, path]) => [`links.${application}`, ({ publicUrl }: Filling) => `${publicUrl}${path}`])),
};

/** Every merge field, with what it stands for. */
export const mergeFields: readonly { readonly field: string; readonly meaning: string }[] = [
  { field: 'name', meaning: "The person's name" },
  { field: 'event.name', meaning: "The event's name" },
  { field: 'event.start', meaning: "The event's start, in the person's language and time zone" },
  { field: 'event.end', meaning: "The event's end, in the person's language and time zone" },
  ...Object.keys(applicationPaths).map((application) => ({ field: `links.${application}`, meaning: `Where the ${applicationNames[application as Application]} is` })),
];

const FIELD = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Whether a text says the same to everybody. */
export function isVerbatim(text: string): boolean {
  return !text.includes('{{');
}

/** What is wrong with an alert, or null. A field that is not known is refused, never sent. */
export function alertProblem(text: string): string | null {
  if (text.trim() === '') return 'must not be empty';
  if (text.length > LONGEST_ALERT) return `must have at most ${LONGEST_ALERT} characters`;
  const unknown = [...text.matchAll(FIELD)].map(([, field]) => field!).find((field) => !Object.hasOwn(fields, field));
  if (unknown !== undefined) return `has no field "${unknown}": it may have ${Object.keys(fields).join(', ')}`;
  return text.replace(FIELD, '').includes('{{') ? 'has "{{" without a field and "}}"' : null;
}

/** The text for one person. Without fields it goes out as it was given, to the last blank. */
export function renderAlert(text: string, filling: Filling): string {
  return isVerbatim(text) ? text : text.replace(FIELD, (_whole, field: string) => fields[field]?.(filling) ?? '');
}
