import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { loadSettings, SettingsError } from '../config';
import { migrate, openDatabase } from '../db/connection';
import { createDirectoryClient } from '../directory/ldap';
import { dataConverter } from '../security/data-converter';
import { KeyRing } from '../security/keys';
import { connectionOptions } from '../security/engine-connection';
import { createApp } from './app';
import { createContinuityService } from './continuity/service';
import { createOnboardingService } from './connect-onboarding/service';
import { createResetLimits } from './password-reset/limits';
import { createPasswordResetService } from './password-reset/service';
import { createDirectoryAuthenticator } from './sign-in/directory';
import { createSignInLimits } from './sign-in/limits';
import { createSignInService } from './sign-in/service';
import { createSmsSettingsService } from './sms-settings/service';
import { createSubscriptionService } from './sms-subscription/service';
import { createUpkeep } from './sms-subscription/upkeep';
import { closeStreams } from './sse';
import { startSweeper } from './sweeper';

/** Serves the API and the pages until the process is told to stop. */
async function main(): Promise<void> {
  // Whoever started this process is gone, perhaps before it listens.
  const alone = new Promise<void>((resolve) => process.once('disconnect', resolve));
  const settings = loadSettings(process.env);
  const logger = pino({ level: settings.LOG_LEVEL, base: { part: 'api' } });
  const keys = KeyRing.parse(settings.POSTERN_KEYS);
  const db = openDatabase(settings);
  await migrate(db);
  // Lazy: the API serves what needs no engine, and finds it again by itself.
  const connection = Connection.lazy(connectionOptions(settings));
  const temporal = new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE, dataConverter: dataConverter(keys) });
  const clock = Date.now;
  const passwordResets = createPasswordResetService({ db, keys, temporal, clock, brand: settings.BRAND, steadyAnswerMs: settings.STEADY_ANSWER_MS, limits: createResetLimits(db, settings) });
  const directory = createDirectoryClient({
    timeoutMs: settings.DIRECTORY_TIMEOUT_MS, targets: { allowedNetworks: settings.ALLOW_PRIVATE_TARGETS }, onTrouble: ({ code }) => logger.warn({ code }, 'a directory could not be asked'),
  });
  const signIns = createSignInService({
    db, keys, temporal, clock, brand: settings.BRAND, steadyAnswerMs: settings.STEADY_ANSWER_MS, smsCountries: settings.SMS_COUNTRIES, limits: createSignInLimits(db, settings),
    directory: createDirectoryAuthenticator({ db, keys, client: directory }),
  });
  const onboardings = createOnboardingService({ db, keys, temporal, clock, connectDomain: settings.CONNECT_DOMAIN, directory, mail: { spfInclude: settings.SPF_INCLUDE, mxHosts: settings.MX_HOSTS } });
  const prices = { currency: settings.SMS_CURRENCY, standard: settings.SMS_SEGMENT_PRICE, byCountry: settings.SMS_SEGMENT_PRICES };
  const continuity = createContinuityService({ db, keys, temporal, clock, publicUrl: settings.PUBLIC_URL, smsCountries: settings.SMS_COUNTRIES, smsPerNumberDaily: settings.SMS_PER_NUMBER_DAILY, prices });
  const smsSubscriptions = createSubscriptionService({ db, keys, temporal, clock, sender: settings.TWILIO_NOTICES_FROM ?? settings.TWILIO_FROM });
  const smsSettings = createSmsSettingsService({
    db, temporal, clock, limits: { countries: settings.SMS_COUNTRIES, codesDaily: settings.SMS_PER_ACCOUNT_DAILY, perNumberDaily: settings.SMS_PER_NUMBER_DAILY },
    prices,
  });
  const dev = settings.POSTERN_MODE === 'embedded' && settings.DEV_OUTSIDE_URL
    ? (await import('../dev/routes.js')).createDevRouter({ outsideUrl: settings.DEV_OUTSIDE_URL, captchaAnswer: (handle: string) => passwordResets.captchaAnswer(handle) })
    : undefined;
  const app = createApp({ settings, db, keys, temporal, logger, clock, passwordResets, signIns, onboardings, continuity, smsSubscriptions, smsSettings, ...(dev ? { dev } : {}) });
  const keepSubscriptions = createUpkeep({ db, temporal, clock });
  const tellWorkflows = () => Promise.all([onboardings.tellWorkflows(), continuity.startUntold(), keepSubscriptions()]);
  const stopSweeper = startSweeper({ db, temporal, clock, logger, tellWorkflows });
  const server = app.listen(settings.PORT, settings.HOST, (error) => {
    if (error) fail(error);
    logger.info('ready');
  });

  const stop = (): void => {
    closeStreams();
    stopSweeper();
    server.close(() => {
      Promise.allSettled([connection.close(), db.destroy()]).then(() => process.exit(0), fail);
    });
    server.closeIdleConnections();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  void alone.then(stop);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof SettingsError ? error.message : `The API stopped: ${error instanceof Error ? error.message : String(error)}`}\n`);
  process.exit(1);
}

main().catch(fail);
