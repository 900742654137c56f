import { z } from 'zod';
import { isInNetworks, isIpAddress, isIpNetwork } from './domain/ip-addresses';
import { isCountry } from './domain/number-check';
import { KeyRing } from './security/keys';

/** The settings are wrong. The message lists every problem at once, one line each. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings need attention:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** What a setting must be, as it reads after its name. */
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' });
const text = z.string().min(1);
const port = z.coerce.number({ error: 'must be a port number' }).int().min(1, 'must be a port number').max(65_535, 'must be a port number');
const perSecond = z.coerce.number({ error: 'must be a number' }).min(0.01, 'must be at least 0.01');
const whole = (least: number) => z.coerce.number({ error: 'must be a whole number' }).int('must be a whole number').min(least, `must be at least ${least}`);
const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) => z.enum(values, { error: `must be one of ${values.join(', ')}` });
const list = (isItem: (item: string) => boolean, error: string) => z
  .string()
  .default('')
  .transform((items) => items.split(',').map((item) => item.trim()).filter(Boolean))
  .refine((items) => items.every(isItem), { error });
/** `address` or `address:port`, an IPv6 address with a port in brackets. */
const isNameServer = (item: string): boolean => {
  const [, bracketed, plain = item] = /^(?:\[([^\]]+)\]|([^:]+)):\d{1,5}$/.exec(item) ?? [];
  return isIpAddress(bracketed ?? plain);
};
const DEAREST_SEGMENT = 10;
/** `US=0.0079`: a country, and what a segment to it costs. */
const isCountryPrice = (item: string): boolean => /^[A-Z]{2}=\d{1,2}(\.\d{1,6})?$/.test(item) && isCountry(item.slice(0, 2)) && Number(item.slice(3)) <= DEAREST_SEGMENT;
const HOST_NAME = /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})+$/;
const matching = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, error);
const sender = matching(/^(\+[1-9]\d{6,14}|MG[0-9a-f]{32})$/i, 'must be an E.164 number or a messaging service SID');
const keyList = z.string({ error: 'must be a list id:base64,... of keys of 32 bytes, the first of which signs' }).superRefine((keys, context) => {
  try {
    KeyRing.parse(keys);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is no list of keys: ${(error as Error).message.replace(/^POSTERN_KEYS: |\.$/g, '')}` });
  }
});

/** What holding domains end with where nothing else is said. */
export const DEFAULT_CONNECT_DOMAIN = 'connect.postern.example';

const schema = z.object({
  POSTERN_MODE: oneOf('embedded', 'production').default('production'),
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: text.optional(),
  DATA_DIR: text.default('data'),
  TEMPORAL_ADDRESS: text.optional(),
  TEMPORAL_NAMESPACE: text.default('default'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' }),
  MAIL_FROM: z.email({ error: 'must be an e-mail address' }),
  TWILIO_ACCOUNT_SID: matching(/^AC[0-9a-f]{32}$/i, 'must be an account SID (AC and 32 hex digits)'),
  TWILIO_AUTH_TOKEN: matching(/^.{16,}$/, 'must be the account\'s auth token'),
  TWILIO_FROM: sender,
  // A sender of notices' own: who opts out of them there still gets codes.
  TWILIO_NOTICES_FROM: sender.optional(),
  NOTICE_EMAILS_PER_SECOND: perSecond.default(20),
  SMS_SEGMENTS_PER_SECOND: perSecond.default(10),
  TWILIO_API_URL: httpUrl.optional(),
  SMS_COUNTRIES: list((item) => /^[A-Z]{2}$/.test(item), 'must be a list of ISO country codes, such as US,GB'),
  POSTERN_KEYS: keyList,
  CODEC_PATH_TOKEN: matching(/^.{16,}$/, 'must have at least 16 characters').optional(),
  WEB_UI_ORIGINS: list((item) => URL.canParse(item) && new URL(item).origin === item, 'must be a list of origins, such as https://temporal.example'),
  DEV_OUTSIDE_URL: httpUrl.optional(),
  DNS_SERVERS: list(isNameServer, 'must be a list of addresses of name servers, such as 10.0.0.53 or 10.0.0.53:5353'),
  ALLOW_PRIVATE_TARGETS: list(isIpNetwork, 'must be a list of networks, such as 10.1.0.0/16'),
  SPF_INCLUDE: matching(HOST_NAME, 'must be a host name').default('spf.postern.example'),
  MX_HOSTS: list((item) => HOST_NAME.test(item), 'must be a list of host names').transform((hosts) => (hosts.length > 0 ? hosts : ['mx1.postern.example', 'mx2.postern.example'])),
  DIRECTORY_TIMEOUT_MS: whole(100).default(5_000),
  DNS_TIMEOUT_MS: whole(100).default(5_000),
  MAIL_HOST_TIMEOUT_MS: whole(100).default(15_000),
  // It stands in a text message of one segment, beside the only six digits there.
  BRAND: matching(/^(?!.*\d{6})\P{Cc}{1,40}$/u, 'must be one line of at most 40 characters, without six digits in a row').default('Postern'),
  CONNECT_DOMAIN: matching(/^(?=.{4,200}$)([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/, 'must be a domain in lower case, such as connect.postern.example').default(DEFAULT_CONNECT_DOMAIN),
  TRUST_PROXY: whole(0).default(0),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  RESETS_PER_ADDRESS_HOURLY: whole(1).default(5),
  RESETS_PER_ORIGIN_HOURLY: whole(1).default(20),
  RESETS_PER_ACCOUNT_HOURLY: whole(1).default(1000),
  SIGN_INS_PER_ORIGIN_HOURLY: whole(1).default(1000),
  SIGN_INS_WITH_PASSCODE_HOURLY: whole(1).default(10),
  WRONG_PASSWORDS_PER_ORIGIN: whole(1).default(100),
  STEADY_ANSWER_MS: whole(0).default(200),
  SMS_PER_NUMBER_DAILY: whole(1).default(20),
  SMS_PER_ACCOUNT_DAILY: whole(1).default(5000),
  // What the dashboard's estimate of cost goes by.
  SMS_SEGMENT_PRICE: z.coerce.number({ error: 'must be a price, such as 0.0083' }).min(0).max(DEAREST_SEGMENT).default(0.0083),
  SMS_SEGMENT_PRICES: list(isCountryPrice, 'must be a list of prices by ISO country code, such as US=0.0079,GB=0.04')
    .refine((items) => new Set(items.map((item) => item.slice(0, 2))).size === items.length, { error: 'must name each country once' })
    .transform((items): Readonly<Record<string, number>> => Object.fromEntries(items.map((item) => [item.slice(0, 2), Number(item.slice(3))]))),
  SMS_CURRENCY: matching(/^[A-Z]{3}$/, 'must be a currency code, such as USD').default('USD'),
  SMTP_TIMEOUT_MS: whole(100).default(10_000),
  SMS_TIMEOUT_MS: whole(100).default(5_000),
});

type Given = Readonly<Record<string, string | undefined>>;

/** Every setting of a process, checked. Names are those of the environment. */
export type Settings = Readonly<Omit<z.infer<typeof schema>, 'PUBLIC_URL' | 'TEMPORAL_ADDRESS'>> & {
  /** Absolute base of every link that is sent or shown, without a trailing slash. Never taken from a request. */
  readonly PUBLIC_URL: string;
  readonly TEMPORAL_ADDRESS: string | undefined;
};

/** What production refuses, by the name of the setting. */
function* productionProblems(given: Given): Generator<readonly [name: string, problem: string]> {
  if (given.POSTERN_MODE === 'embedded') return;
  if (!given.PUBLIC_URL) yield ['PUBLIC_URL', 'is missing: it must be the https address people reach the pages at'];
  else if (!given.PUBLIC_URL.startsWith('https:')) yield ['PUBLIC_URL', 'must be https in production: cookies and links are not sent in the clear'];
  if (!given.DATABASE_URL) yield ['DATABASE_URL', 'is missing: it must be a postgres:// URL'];
  else if (!/^postgres(ql)?:/.test(given.DATABASE_URL)) yield ['DATABASE_URL', 'must be a postgres:// URL in production'];
  // A profile of the engine's own tools may hold the address.
  if (!given.TEMPORAL_ADDRESS && !given.TEMPORAL_PROFILE && !given.TEMPORAL_CONFIG_FILE) yield ['TEMPORAL_ADDRESS', 'is missing: it must be host:port of the engine'];
  for (const name of ['TWILIO_API_URL', 'DEV_OUTSIDE_URL', 'CODEC_PATH_TOKEN'] as const) {
    if (given[name]) yield [name, 'belongs to the embedded mode: remove it in production'];
  }
  // What runs beside the process, and where clouds keep its credentials.
  if (['127.0.0.1', '::1', '169.254.169.254'].some((address) => isInNetworks(address, given.ALLOW_PRIVATE_TARGETS?.split(',') ?? []))) {
    yield ['ALLOW_PRIVATE_TARGETS', 'must leave out the host itself and link-local addresses in production'];
  }
  if (given.POSTERN_KEYS?.split(',').some((key) => key.trim().startsWith('dev-'))) {
    yield ['POSTERN_KEYS', 'holds a development key (dev-...): make new ones, for instance with "openssl rand -base64 32"'];
  }
}

/**
 * Reads and checks the settings of a process.
 * @throws SettingsError that lists every missing or wrong setting at once, and never a value
 */
export function loadSettings(env: Given): Settings {
  const given: Given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  const problems = new Map<string, string>();
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = path.join('.');
    if (!problems.has(name)) problems.set(name, given[name] === undefined ? `is missing: it ${message}` : message);
  }
  for (const [name, problem] of productionProblems(given)) if (!problems.has(name)) problems.set(name, problem);
  if (!parsed.success || problems.size > 0) throw new SettingsError([...problems].map(([name, problem]) => `${name} ${problem}.`));
  const { data } = parsed;
  return { ...data, PUBLIC_URL: (data.PUBLIC_URL ?? `http://127.0.0.1:${data.PORT}`).replace(/\/+$/, ''), TEMPORAL_ADDRESS: data.TEMPORAL_ADDRESS };
}
