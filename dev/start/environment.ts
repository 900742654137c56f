import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, type EmbeddedSecrets, type Ports } from './settings';

/** The number that demo texts come from. */
export const DEMO_SENDER = '+12025550100';
/** The number that notices come from. */
export const DEMO_NOTICES_SENDER = '+13125550100';

/** Settings of the engine's own tools: a profile for a real cluster must not lead the embedded instance there. */
const FOREIGN = /^TEMPORAL_(API_KEY|TLS.*|PROFILE|CLIENT_.*|GRPC_META.*|CODEC_.*|ADDRESS|NAMESPACE)$/;

/**
 * The environment that worker and API of an embedded instance run with. What is set outside and is not the embedded
 * mode's own (limits, LOG_LEVEL, BRAND, DATABASE_URL ...) is passed on.
 */
export function childEnvironment(env: NodeJS.ProcessEnv, ports: Ports, secrets: EmbeddedSecrets, outsideUrl: string): NodeJS.ProcessEnv {
  const folder = dataFolder(env);
  const profile = join(folder, 'temporal.toml');
  writeFileSync(profile, '[profile.default]\n');
  return {
    RESETS_PER_ORIGIN_HOURLY: '1000',
    // What the embedded phone takes.
    SMS_SEGMENTS_PER_SECOND: '100',
    // Everybody who tries the instance out comes from one origin.
    SIGN_INS_PER_ORIGIN_HOURLY: '10000',
    WRONG_PASSWORDS_PER_ORIGIN: '10000',
    // Directory and mail hosts of a demo run on this machine.
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8,::1/128',
    LOG_LEVEL: 'warn',
    MAIL_FROM: 'no-reply@postern.example',
    ...Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== '' && !FOREIGN.test(name))),
    POSTERN_MODE: 'embedded',
    HOST: '127.0.0.1',
    PORT: String(ports.PORT),
    PUBLIC_URL: `http://127.0.0.1:${ports.PORT}`,
    DATA_DIR: folder,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: profile,
    SMTP_URL: `smtp://127.0.0.1:${ports.SMTP_PORT}`,
    TWILIO_ACCOUNT_SID: secrets.accountSid,
    TWILIO_AUTH_TOKEN: secrets.authToken,
    TWILIO_FROM: DEMO_SENDER,
    TWILIO_NOTICES_FROM: DEMO_NOTICES_SENDER,
    TWILIO_API_URL: outsideUrl,
    POSTERN_KEYS: secrets.keys,
    CODEC_PATH_TOKEN: secrets.codecPathToken,
    WEB_UI_ORIGINS: `http://127.0.0.1:${ports.TEMPORAL_UI_PORT},http://localhost:${ports.TEMPORAL_UI_PORT}`,
    DEV_OUTSIDE_URL: outsideUrl,
    // The workflows as they are, not as a build left them.
    WORKFLOW_BUNDLE_PATH: env.WORKFLOW_BUNDLE_PATH ?? '',
  };
}
