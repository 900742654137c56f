import { z } from 'zod';
import { parseMobileNumber } from './phone';

/** Where the people of an import come from. */
export type ImportSource = 'csv' | 'directory';

export const importLimits = {
  lines: 50_000,
  columns: 50,
  fileBytes: 32 * 1024 * 1024,
  /** How long a file is kept that was not taken over. */
  keptMs: 7 * 24 * 60 * 60 * 1000,
  nameCharacters: 200,
  attributeNameCharacters: 100,
  attributeCharacters: 500,
  /** Of problems and conflicts so many are told one by one; all are counted. */
  told: 100,
} as const;

/** What an account decides about those that it brings in. */
export interface ImportRules {
  /** Verified domains: nobody is taken with an address elsewhere. */
  readonly domains: readonly string[];
  /** The attribute that a mobile number is kept in. */
  readonly mobileAttribute: string;
}

/** Somebody as a file or a directory has them. */
export interface ImportEntry {
  readonly email: string;
  readonly name: string;
  /** Empty: what is known already stays. */
  readonly mobile: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Somebody who can be taken: address in lower case, number in long format. */
export interface ImportPerson {
  readonly email: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A line of a file, or an entry of a directory, that cannot be taken. */
export interface ImportProblem {
  readonly line: number;
  /** In plain words, one sentence for each. */
  readonly reason: string;
}

/** What taking an import over does. */
export interface ImportCounts {
  readonly add: number;
  readonly change: number;
  /** Those who are users already, just as they are. */
  readonly leave: number;
  readonly conflict: number;
}

export type ConflictReason = 'elsewhere' | 'disabled' | 'second-address';

/** Why somebody is left as they are, as a page says it. */
export const conflictTexts: Readonly<Record<ConflictReason, string>> = {
  // Who has the address is nobody's business but theirs.
  elsewhere: 'This address cannot be added. Ask the support desk.',
  disabled: 'This user is disabled. Enable the user first, or leave the line out.',
  'second-address': 'This is another address of a user that you have already.',
};

const address = z.email();
const MOST_ADDRESS = 254;

/** Whether a text is one e-mail address and nothing else. */
export function isEmailAddress(text: string): boolean {
  return text.length <= MOST_ADDRESS && address.safeParse(text).success;
}

function addressProblem(email: string, domains: readonly string[]): string | null {
  if (email === '') return 'The e-mail address is missing.';
  if (!isEmailAddress(email)) return 'This is no e-mail address.';
  const domain = email.split('@').pop()!;
  return domains.some((verified) => verified.toLowerCase() === domain) ? null : `The domain ${domain} is none of your verified domains.`;
}

function nameProblem(name: string): string | null {
  if (name === '') return 'The name is missing.';
  if (name.length > importLimits.nameCharacters) return `The name has more than ${importLimits.nameCharacters} characters.`;
  return /\p{Cc}/u.test(name) ? 'The name has characters that cannot be shown.' : null;
}

function tooLong(attributes: Readonly<Record<string, string>>): string[] {
  return Object.entries(attributes).flatMap(([name, value]) => (value.length > importLimits.attributeCharacters ? [`"${name}" has more than ${importLimits.attributeCharacters} characters.`] : []));
}

/** Judges somebody: as they can be taken, or everything that is wrong. */
export function judgeEntry(entry: ImportEntry, { domains, mobileAttribute }: ImportRules): { readonly person: ImportPerson } | { readonly problems: readonly string[] } {
  const email = entry.email.trim().toLowerCase();
  const name = entry.name.trim();
  const number = entry.mobile.trim() === '' ? null : parseMobileNumber(entry.mobile);
  const problems = [addressProblem(email, domains), nameProblem(name), number?.ok === false ? `Mobile number: ${number.message}` : null, ...tooLong(entry.attributes)].filter((problem) => problem !== null);
  if (problems.length > 0) return { problems };
  const given = Object.entries(entry.attributes).filter(([, value]) => value !== '');
  return { person: { email, name, attributes: { ...Object.fromEntries(given), ...(number?.ok ? { [mobileAttribute]: number.e164 } : {}) } } };
}

type Column = { readonly kind: 'email' | 'name' | 'mobile' } | { readonly kind: 'attribute'; readonly name: string } | { readonly kind: 'none' };

/** What a heading may say, without regard to case, blanks and signs. */
const SAID = new Map<string, 'email' | 'name' | 'mobile'>([
  ...['email', 'mail', 'emailaddress', 'mailaddress'].map((heading) => [heading, 'email'] as const),
  ...['name', 'fullname', 'displayname', 'commonname', 'cn'].map((heading) => [heading, 'name'] as const),
  ...['mobile', 'mobilenumber', 'mobilephone', 'mobilephonenumber', 'cell', 'cellphone', 'sms', 'smsnumber'].map((heading) => [heading, 'mobile'] as const),
]);

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function columnsOf(headings: readonly string[], mobileAttribute: string, known: readonly string[]): Column[] {
  // The attribute that holds the number is read as one, whatever it is called.
  const isMobile = (heading: string): boolean => sameName(heading, mobileAttribute);
  const named = headings.some(isMobile);
  return headings.map((heading) => {
    const said = SAID.get(heading.toLowerCase().replace(/[^a-z]/g, ''));
    const kind = isMobile(heading) ? 'mobile' : named && said === 'mobile' ? undefined : said;
    if (kind) return { kind };
    return heading === '' ? { kind: 'none' } : { kind: 'attribute', name: known.find((name) => sameName(name, heading)) ?? heading };
  });
}

/** Reads cells of a line into what they mean. */
export type LineReader = (cells: readonly string[]) => ImportEntry | string;

/**
 * Understands the first line of a file, whatever the order and the case of its names: e-mail and name have to be there,
 * a mobile number may, and every other column becomes an attribute of that name.
 * @param known - attributes that the account's users have: they are meant, however their case is written
 * @returns what reads the lines after it, or what is wrong with it
 */
export function readHeader(headings: readonly string[], mobileAttribute: string, known: readonly string[] = []): LineReader | { readonly problem: string; readonly whatToDo: string } {
  const columns = columnsOf(headings.map((heading) => heading.trim()), mobileAttribute, known);
  const rename = 'Begin the file with a line such as: email,name,mobile';
  if (columns.length > importLimits.columns) return { problem: `The file has more than ${importLimits.columns} columns.`, whatToDo: 'Leave out the columns that are not needed.' };
  for (const [kind, what] of [['email', 'e-mail addresses'], ['name', 'names'], ['mobile', 'mobile numbers']] as const) {
    const count = columns.filter((column) => column.kind === kind).length;
    if (count === 0 && kind !== 'mobile') return { problem: `No column has a heading for ${what}.`, whatToDo: rename };
    if (count > 1) return { problem: `Several columns have a heading for ${what}.`, whatToDo: 'Keep one of them.' };
  }
  const names = columns.flatMap((column) => (column.kind === 'attribute' ? [column.name] : []));
  const twice = names.find((name, index) => names.findIndex((other) => sameName(other, name)) !== index);
  if (twice !== undefined) return { problem: `Several columns have the heading "${twice}".`, whatToDo: 'Keep one of them.' };
  const long = names.find((name) => name.length > importLimits.attributeNameCharacters);
  if (long !== undefined) return { problem: `A heading has more than ${importLimits.attributeNameCharacters} characters.`, whatToDo: 'Shorten it.' };
  return (cells) => {
    if (cells.length > columns.length) return `The line has ${cells.length} cells, and the first line ${columns.length}.`;
    const of = (kind: Column['kind']): string => cells[columns.findIndex((column) => column.kind === kind)] ?? '';
    const attributes = Object.fromEntries(columns.flatMap((column, index) => (column.kind === 'attribute' ? [[column.name, (cells[index] ?? '').trim()]] : [])));
    return { email: of('email'), name: of('name'), mobile: of('mobile'), attributes };
  };
}
