import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an embedded instance makes for itself on its first start, and keeps. */
export interface EmbeddedSecrets {
  readonly keys: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly codecPathToken: string;
  readonly demoPassword: string;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Reads the folder's secrets, or makes them: no development secret stands in the repository. */
export function embeddedSecrets(dataDir: string): EmbeddedSecrets {
  const file = join(dataDir, 'embedded.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as EmbeddedSecrets;
  mkdirSync(dataDir, { recursive: true });
  const secrets: EmbeddedSecrets = {
    keys: `dev-${hex(4)}:${randomBytes(32).toString('base64')}`,
    accountSid: `AC${hex(16)}`,
    authToken: hex(16),
    codecPathToken: randomBytes(24).toString('base64url'),
    demoPassword: `${hex(3)}-${hex(3)}-${hex(3)}`,
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  chmodSync(file, 0o600);
  return secrets;
}

/** The environment of an embedded worker and API. */
export function embeddedEnvironment(options: { dataDir: string; port: number; temporalPort: number; uiPort: number; smtpPort: number; outsideUrl: string }, secrets: EmbeddedSecrets): Record<string, string> {
  return {
    POSTERN_MODE: 'embedded', HOST: '127.0.0.1', PORT: String(options.port), PUBLIC_URL: `http://127.0.0.1:${options.port}`, DATA_DIR: options.dataDir,
    TEMPORAL_ADDRESS: `127.0.0.1:${options.temporalPort}`, TEMPORAL_NAMESPACE: 'default', SMTP_URL: `smtp://127.0.0.1:${options.smtpPort}`, MAIL_FROM: 'no-reply@postern.example',
    TWILIO_ACCOUNT_SID: secrets.accountSid, TWILIO_AUTH_TOKEN: secrets.authToken, TWILIO_FROM: '+12025550100', TWILIO_API_URL: options.outsideUrl, DEV_OUTSIDE_URL: options.outsideUrl,
    POSTERN_KEYS: secrets.keys, CODEC_PATH_TOKEN: secrets.codecPathToken, WEB_UI_ORIGINS: `http://127.0.0.1:${options.uiPort},http://localhost:${options.uiPort}`,
    RESETS_PER_ORIGIN_HOURLY: '1000',
  };
}
