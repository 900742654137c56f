import { z } from 'zod';

/** The settings are wrong. The message lists every problem at once, one line each. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings need attention:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' });
const port = z.coerce.number().int().min(1).max(65_535);
const hosts = z
  .string()
  .default('')
  .transform((list) => list.split(',').map((item) => item.trim()).filter(Boolean));

const schema = z.object({
  POSTERN_MODE: z.enum(['embedded', 'production']).default('production'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('data'),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' }),
  MAIL_FROM: z.email({ error: 'must be an e-mail address' }),
  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-f]{32}$/i, 'must be an account SID (AC and 32 hex digits)'),
  TWILIO_AUTH_TOKEN: z.string().min(16, 'must be the account\'s auth token'),
  TWILIO_FROM: z.string().regex(/^(\+[1-9]\d{6,14}|MG[0-9a-f]{32})$/i, 'must be an E.164 number or a messaging service SID'),
  TWILIO_API_URL: httpUrl.optional(),
  SMS_COUNTRIES: hosts,
  POSTERN_KEYS: z.string().min(1, 'must be a list id:base64key,... (32 bytes each, the first one signs)'),
  CODEC_PATH_TOKEN: z.string().min(16).optional(),
  WEB_UI_ORIGINS: hosts,
  DEV_OUTSIDE_URL: httpUrl.optional(),
  BRAND: z.string().min(1).default('Postern'),
  TRUST_PROXY: z.coerce.number().int().min(0).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  RESETS_PER_ADDRESS_HOURLY: z.coerce.number().int().min(1).default(5),
  RESETS_PER_ORIGIN_HOURLY: z.coerce.number().int().min(1).default(20),
  RESETS_PER_ACCOUNT_HOURLY: z.coerce.number().int().min(1).default(1000),
  SMS_PER_NUMBER_DAILY: z.coerce.number().int().min(1).default(20),
  SMS_PER_ACCOUNT_DAILY: z.coerce.number().int().min(1).default(5000),
  SMTP_TIMEOUT_MS: z.coerce.number().int().min(100).default(10_000),
  SMS_TIMEOUT_MS: z.coerce.number().int().min(100).default(5_000),
});

/** Every setting of a process, checked. Names are those of the environment. */
export type Settings = Readonly<Omit<z.infer<typeof schema>, 'PUBLIC_URL' | 'TEMPORAL_ADDRESS'>> & {
  /** Absolute base of every link that is sent or shown, without a trailing slash. Never taken from a request. */
  readonly PUBLIC_URL: string;
  readonly TEMPORAL_ADDRESS: string | undefined;
};

/** Rules that look at several settings at once: what production refuses, what embedded mode fills in. */
function crossCheck(raw: z.infer<typeof schema>): string[] {
  const problems: string[] = [];
  if (raw.POSTERN_MODE === 'embedded') return problems;
  if (!raw.PUBLIC_URL) problems.push('PUBLIC_URL is missing: set the https address people reach the pages at.');
  else if (!raw.PUBLIC_URL.startsWith('https:')) problems.push('PUBLIC_URL must be https in production: cookies and links are not sent in the clear.');
  if (!raw.DATABASE_URL) problems.push('DATABASE_URL is missing: set a postgres:// URL.');
  else if (!/^postgres(ql)?:/.test(raw.DATABASE_URL)) problems.push('DATABASE_URL must be a postgres:// URL in production.');
  for (const name of ['TWILIO_API_URL', 'DEV_OUTSIDE_URL', 'CODEC_PATH_TOKEN'] as const) {
    if (raw[name]) problems.push(`${name} belongs to the embedded mode: remove it in production.`);
  }
  if (raw.POSTERN_KEYS.split(',').some((key) => key.trim().startsWith('dev-'))) {
    problems.push('POSTERN_KEYS holds a development key (dev-...): make new ones, for instance with "openssl rand -base64 32".');
  }
  return problems;
}

/**
 * Reads and checks the settings of a process.
 * @throws SettingsError that lists every missing or wrong setting at once
 */
export function loadSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => {
        const name = issue.path.join('.');
        return given[name] === undefined ? `${name} is missing.` : `${name} ${issue.message}.`;
      }),
    );
  }
  const problems = crossCheck(parsed.data);
  if (problems.length > 0) throw new SettingsError(problems);
  const raw = parsed.data;
  return { ...raw, PUBLIC_URL: (raw.PUBLIC_URL ?? `http://127.0.0.1:${raw.PORT}`).replace(/\/+$/, ''), TEMPORAL_ADDRESS: raw.TEMPORAL_ADDRESS };
}
