import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../activities';
import { createCheckers } from '../activities/checks';
import { createChecks } from '../activities/checks/network';
import { createEmailSender } from '../activities/email-sender';
import { createSmsSender } from '../activities/sms-sender';
import { connectionOptions } from '../security/engine-connection';
import { workflowSource } from './workflow-source';
import { loadSettings, SettingsError } from '../config';
import { openDatabase } from '../db/connection';
import { dataConverter } from '../security/data-converter';
import { KeyRing } from '../security/keys';
import { TASK_QUEUE } from '../temporal.config';

const GRACE = '8 s';
/** A flow whose worker was killed goes to another one after this: less than a request waits for the engine. */
const LEFT_ALONE = '2 s';

/** Runs journeys and their activities until the process is told to stop. */
async function main(): Promise<void> {
  // Whoever started this process is gone, perhaps before this worker runs: so is everything it set up for it.
  const alone = new Promise<void>((resolve) => process.once('disconnect', resolve));
  const settings = loadSettings(process.env);
  const logger = pino({ level: settings.LOG_LEVEL, base: { part: 'worker' } });
  const keys = KeyRing.parse(settings.POSTERN_KEYS);
  Runtime.install({ shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const db = openDatabase(settings);
  const email = createEmailSender({ url: settings.SMTP_URL, from: settings.MAIL_FROM, timeoutMs: settings.SMTP_TIMEOUT_MS });
  const sms = createSmsSender({
    accountSid: settings.TWILIO_ACCOUNT_SID, authToken: settings.TWILIO_AUTH_TOKEN, from: settings.TWILIO_FROM,
    apiUrl: settings.TWILIO_API_URL, timeoutMs: settings.SMS_TIMEOUT_MS,
  });
  const checks = createChecks({ settings, db, keys, clock: Date.now, onDirectoryTrouble: ({ code }) => logger.warn({ code }, 'a directory could not be asked') });
  const connection = await NativeConnection.connect(connectionOptions(settings));
  try {
    const worker = await Worker.create({
      connection,
      namespace: settings.TEMPORAL_NAMESPACE,
      taskQueue: TASK_QUEUE,
      ...workflowSource(),
      dataConverter: dataConverter(keys),
      activities: createActivities({
        db, keys, email, sms, logger, clock: Date.now, brand: settings.BRAND, publicUrl: settings.PUBLIC_URL, smsCountries: settings.SMS_COUNTRIES,
        smsPerNumberDaily: settings.SMS_PER_NUMBER_DAILY, smsPerAccountDaily: settings.SMS_PER_ACCOUNT_DAILY,
        checkers: createCheckers({ checks, keys, clock: Date.now, connectDomain: settings.CONNECT_DOMAIN }),
      }),
      shutdownGraceTime: GRACE,
      stickyQueueScheduleToStartTimeout: LEFT_ALONE,
    });
    const running = worker.run();
    void alone.then(() => worker.getState() === 'RUNNING' && worker.shutdown());
    logger.info('ready');
    await running;
  } finally {
    email.close();
    await connection.close();
    await db.destroy();
  }
}

// Listening for the end of whoever started it keeps a process alive: it ends by itself only when it is told to.
main().then(() => process.exit(0), (error: unknown) => {
  process.stderr.write(`${error instanceof SettingsError ? error.message : `The worker stopped: ${error instanceof Error ? error.message : String(error)}`}\n`);
  process.exit(1);
});
