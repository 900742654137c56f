import { z } from 'zod';
import { directorySignIns } from '../directory';
import { isTimeZone } from './calendar';
import type { TaskName } from './tasks';

const MOST_DOMAINS = 50;
const MOST_HOSTS = 50;
const HIGHEST_PORT = 65_535;
/** Few enough that the form fits a request. */
const MOST_CERTIFICATES = 8_000;

const line = (most: number, what: string) => z.string({ error: `Enter ${what}.` }).trim().min(1, `Enter ${what}.`).max(most, `At most ${most} characters.`);
const email = z.string({ error: 'Enter an e-mail address.' }).trim().toLowerCase().max(254, 'At most 254 characters.').pipe(z.email('This is no e-mail address.'));
const LABEL = '(?!-)[a-z0-9-]{1,63}(?<!-)';
const DOMAIN = new RegExp(`^(?=.{4,253}$)${LABEL}(\\.${LABEL})*\\.(?!\\d+$)${LABEL}$`);
const domain = z.string({ error: 'Enter a domain.' }).trim().toLowerCase().regex(DOMAIN, 'This is no domain: write it like lighthouse.example.');
const host = z.union([z.ipv4(), z.ipv6(), domain], { error: 'Enter the name or the address of a host.' });
const port = z.coerce.number({ error: 'Enter a port number.' }).int('Enter a port number.').min(1, 'Enter a port number.').max(HIGHEST_PORT, 'Enter a port number.');
const distinct = (items: readonly string[]): boolean => new Set(items).size === items.length;
const directoryUrl = z.string({ error: 'Enter the address of the directory.' }).trim().max(300, 'At most 300 characters.')
  .regex(/^ldaps?:\/\/[^\s/]+\/?$/i, 'Write it like ldaps://directory.lighthouse.example.');
/** Certificates as text (RFC 7468), one after the other, and nothing else: a private key is refused. Empty: a public authority's. */
const PEM = /^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)*$/;
const certificates = z.string({ error: 'Paste the certificates as text.' }).trim().max(MOST_CERTIFICATES, `At most ${MOST_CERTIFICATES.toLocaleString('en')} characters.`)
  .regex(PEM, 'Paste certificates in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else.');

/** Users from the account's own directory: where it is and how its people are read. */
const directory = z.strictObject({
  source: z.literal('directory'),
  url: directoryUrl,
  baseDn: line(500, 'the place in the directory where people are'),
  bindDn: line(500, 'the name that the directory is read with'),
  filter: line(500, 'a filter').default('(mail=*)'),
  attributes: z.strictObject({ email: line(100, 'an attribute'), name: line(100, 'an attribute'), mobile: line(100, 'an attribute').optional() }).default({ email: 'mail', name: 'cn', mobile: 'mobile' }),
  signIn: z.enum(directorySignIns, { error: 'Choose how people are found when they sign in.' }).default('search'),
  startTls: z.boolean({ error: 'Say yes or no.' }).default(false),
  certificateAuthority: certificates.optional(),
});

/** What each task asks for. Page and server judge by the same form. */
export const forms = {
  details: z.strictObject({
    company: line(200, 'the name of your organisation'),
    contacts: z.array(z.strictObject({ name: line(200, 'a name'), email }), { error: 'Name at least one contact.' }).min(1, 'Name at least one contact.').max(10, 'At most ten contacts.'),
    timeZone: z.string({ error: 'Choose a time zone.' }).refine(isTimeZone, 'Choose a time zone from the list.'),
    notices: z.array(email, { error: 'Say where notices go.' }).min(1, 'Say where notices go.').max(10, 'At most ten addresses.').refine(distinct, 'An address stands here twice.'),
  }),
  domains: z.strictObject({
    domains: z.array(domain, { error: 'Name at least one domain.' }).min(1, 'Name at least one domain.').max(MOST_DOMAINS, `At most ${MOST_DOMAINS} domains.`).refine(distinct, 'A domain stands here twice.'),
  }),
  users: z.discriminatedUnion('source', [directory, z.strictObject({ source: z.literal('csv'), upload: line(64, 'the file') })], { error: 'Choose where your users come from.' }),
  authentication: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('cloud') }),
    z.strictObject({ method: z.literal('domain'), testUser: email }),
  ], { error: 'Choose Cloud or Domain.' }),
  'outbound-mail': z.strictObject({
    hosts: z.array(host, { error: 'Name at least one sending host.' }).min(1, 'Name at least one sending host.').max(MOST_HOSTS, `At most ${MOST_HOSTS} hosts.`).refine(distinct, 'A host stands here twice.'),
  }),
  'inbound-mail': z.strictObject({ host, port: port.default(25) }),
  sms: z.strictObject({ attribute: line(100, 'the attribute that holds the mobile number') }),
  review: z.strictObject({ confirmed: z.literal(true, { error: 'Confirm that you want to go live.' }) }),
} as const satisfies Record<TaskName, z.ZodType>;

/** What a completed form of a task holds. */
export type TaskForm<Name extends TaskName = TaskName> = z.infer<(typeof forms)[Name]>;

/** What was entered so far: complete or not, right or wrong. */
export type Draft = Readonly<Record<string, unknown>>;

/** Everything that a form may hold, whichever way of it is chosen. */
const fields: Readonly<Record<TaskName, readonly string[]>> = {
  details: ['company', 'contacts', 'timeZone', 'notices'],
  domains: ['domains'],
  users: ['source', 'url', 'baseDn', 'bindDn', 'filter', 'attributes', 'signIn', 'startTls', 'certificateAuthority', 'upload'],
  authentication: ['method', 'testUser'],
  'outbound-mail': ['hosts'],
  'inbound-mail': ['host', 'port'],
  sms: ['attribute'],
  review: ['confirmed'],
};

/** What is entered beside the form and never shown again: kept sealed until it has been used. */
export const secretFields: Readonly<Record<TaskName, readonly string[]>> = {
  details: [], domains: [], users: ['bindPassword'], authentication: ['testPassword'], 'outbound-mail': [], 'inbound-mail': [], sms: [], review: [],
};

/** The domains that were saved so far, of those that are some. */
export function savedDomains({ domains }: Draft): string[] {
  return Array.isArray(domains) ? [...new Set(domains.flatMap((entered) => domain.safeParse(entered).data ?? []))] : [];
}

export interface FormError {
  /** Where in the form, as `contacts.0.email`. */
  readonly path: string;
  readonly message: string;
}

/** What of a draft belongs to no field of the task. */
export function unknownFields(task: TaskName, draft: Draft): string[] {
  return Object.keys(draft).filter((name) => !fields[task].includes(name) && !secretFields[task].includes(name));
}

function neededSecrets(content: TaskForm): FormError[] {
  if ('source' in content && content.source === 'directory') return [{ path: 'bindPassword', message: 'Enter the password that the directory is read with.' }];
  if ('method' in content && content.method === 'domain') return [{ path: 'testPassword', message: 'Enter the password of the user to test with.' }];
  return [];
}

/** Judges a draft as a whole. `given`: the names of the secrets that were entered with it. */
export function formErrors(task: TaskName, draft: Draft, given: readonly string[]): FormError[] {
  const parsed = forms[task].safeParse(draft);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return neededSecrets(parsed.data).filter(({ path }) => !given.includes(path));
}
