import { FilterParser, type Client, type Entry, type Filter } from 'ldapts';
import { wrong } from '../domain/checks';
import { directoryAddress, type DirectoryConfig, type DirectoryPerson } from '../domain/directory';
import { DirectoryTrouble } from './trouble';

/** What a connection to a directory showed. */
export interface DirectoryFacts {
  readonly encryption: 'tls' | 'starttls' | 'none';
  /** How many people were read to try it out: a page at most. */
  readonly people: number;
  /** Whether there are more than were read. */
  readonly more: boolean;
  /** Of those read, how many have an address, a name and a mobile number. */
  readonly withEmail: number;
  readonly withName: number;
  readonly withMobile: number;
}

/** What reading a directory gave. */
export interface ListedPeople {
  readonly people: number;
  /** Entries that the filter finds and that have no address. */
  readonly withoutAddress: number;
  /** Accounts that Active Directory has disabled: they are left out. */
  readonly disabled: number;
}

const TRIED = 100;
const PAGE = 500;
/** How Active Directory marks an account that it has disabled. */
const ACCOUNT_CONTROL = 'userAccountControl';
const ACCOUNT_DISABLED = 0x2;

function textOf(entry: Entry, attribute: string | undefined): string {
  const found = attribute === undefined ? undefined : Object.entries(entry).find(([name]) => name.toLowerCase() === attribute.toLowerCase())?.[1];
  const value = Array.isArray(found) ? found[0] : found;
  return typeof value === 'string' ? value.trim() : '';
}

/** @throws DirectoryTrouble */
export function filterOf(config: DirectoryConfig): Filter {
  try {
    return FilterParser.parseString(config.filter);
  } catch {
    throw new DirectoryTrouble(wrong('bad-filter', 'The filter cannot be read.', 'Write it like (objectClass=person), with its parentheses in pairs.'));
  }
}

function attributesOf({ attributes }: DirectoryConfig): string[] {
  return [attributes.email, attributes.name, ...(attributes.mobile ? [attributes.mobile] : []), ACCOUNT_CONTROL];
}

function isDisabled(entry: Entry): boolean {
  return (Number(textOf(entry, ACCOUNT_CONTROL)) & ACCOUNT_DISABLED) !== 0;
}

/** Reads everybody, a page at a time; the next page is read once `onPage` is done with the one before. */
export async function listPages(client: Client, config: DirectoryConfig, onPage: (people: readonly DirectoryPerson[]) => Promise<void>): Promise<ListedPeople> {
  const { attributes } = config;
  const counted = { people: 0, withoutAddress: 0, disabled: 0 };
  for await (const { searchEntries } of client.searchPaginated(config.baseDn, { scope: 'sub', filter: filterOf(config), attributes: attributesOf(config), paged: { pageSize: PAGE } })) {
    const enabled = searchEntries.filter((entry) => !isDisabled(entry));
    const people = enabled.filter((entry) => textOf(entry, attributes.email) !== '');
    counted.people += people.length;
    counted.withoutAddress += enabled.length - people.length;
    counted.disabled += searchEntries.length - enabled.length;
    await onPage(people.map((entry) => ({ dn: entry.dn, email: textOf(entry, attributes.email), name: textOf(entry, attributes.name), mobile: textOf(entry, attributes.mobile) || null })));
  }
  return counted;
}

/** What the first page of people shows. */
export async function factsOf(client: Client, config: DirectoryConfig): Promise<DirectoryFacts> {
  const { attributes, startTls } = config;
  const pages = client.searchPaginated(config.baseDn, { scope: 'sub', filter: filterOf(config), attributes: attributesOf(config), paged: { pageSize: TRIED } });
  const { value } = await pages.next();
  const entries: readonly Entry[] = value?.searchEntries ?? [];
  const having = (attribute: string | undefined): number => entries.filter((entry) => textOf(entry, attribute) !== '').length;
  return {
    encryption: directoryAddress(config.url)?.secure ? 'tls' : startTls ? 'starttls' : 'none',
    people: entries.length, more: entries.length === TRIED, withEmail: having(attributes.email), withName: having(attributes.name), withMobile: having(attributes.mobile),
  };
}
