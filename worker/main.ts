import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../activities';
import { createCheckers } from '../activities/checks';
import { createChecks } from '../activities/checks/network';
import { createEmailSender } from '../activities/email-sender';
import { createSmsSender } from '../activities/sms-sender';
import { connectionOptions } from '../security/engine-connection';
import { requireSearchAttributes } from './search-attributes';
import { workflowSource } from './workflow-source';
import { loadSettings, SettingsError } from '../config';
import { openDatabase } from '../db/connection';
import { dataConverter } from '../security/data-converter';
import { KeyRing } from '../security/keys';
import { CODES_QUEUE, NOTICES_QUEUE, TASK_QUEUE } from '../temporal.config';

const GRACE = '8 s';
/** A flow whose worker was killed goes to another one after this: less than a request waits for the engine. */
const LEFT_ALONE = '2 s';
/** A batch mostly waits for its sender's time: two broadcasts' lanes, and the end of another. */
const BATCHES_AT_ONCE = 12;

/** What runs where: workflows and their rows, what carries codes, and what carries notices, each with slots of its own. */
function workersOf(shared: Pick<WorkerOptions, 'connection' | 'namespace' | 'dataConverter' | 'activities' | 'shutdownGraceTime'>): WorkerOptions[] {
  return [
    { ...shared, taskQueue: TASK_QUEUE, ...workflowSource(), stickyQueueScheduleToStartTimeout: LEFT_ALONE },
    { ...shared, taskQueue: CODES_QUEUE },
    { ...shared, taskQueue: NOTICES_QUEUE, maxConcurrentActivityTaskExecutions: BATCHES_AT_ONCE },
  ];
}

/** Queues of activities alone have no workflows on purpose: nothing to be warned of at every start. */
function withoutTheExpected(logger: DefaultLogger): DefaultLogger {
  return new DefaultLogger(logger.level, ({ level, message, meta }) => {
    if (!message.startsWith('No workflows registered')) logger.log(level, message, meta);
  });
}

/** Runs journeys and their activities until the process is told to stop. */
async function main(): Promise<void> {
  // Whoever started this process is gone, perhaps before this worker runs: so is everything it set up for it.
  const alone = new Promise<void>((resolve) => process.once('disconnect', resolve));
  const settings = loadSettings(process.env);
  const logger = pino({ level: settings.LOG_LEVEL, base: { part: 'worker' } });
  const keys = KeyRing.parse(settings.POSTERN_KEYS);
  Runtime.install({ shutdownSignals: ['SIGTERM', 'SIGINT'], logger: withoutTheExpected(new DefaultLogger()) });
  const db = openDatabase(settings);
  const email = createEmailSender({ url: settings.SMTP_URL, from: settings.MAIL_FROM, timeoutMs: settings.SMTP_TIMEOUT_MS });
  const provider = { accountSid: settings.TWILIO_ACCOUNT_SID, authToken: settings.TWILIO_AUTH_TOKEN, apiUrl: settings.TWILIO_API_URL, timeoutMs: settings.SMS_TIMEOUT_MS };
  const checks = createChecks({ settings, db, keys, clock: Date.now, onDirectoryTrouble: ({ code }) => logger.warn({ code }, 'a directory could not be asked') });
  const connection = await NativeConnection.connect(connectionOptions(settings));
  try {
    await requireSearchAttributes(connection, settings.TEMPORAL_NAMESPACE);
    const options = workersOf({
      connection,
      namespace: settings.TEMPORAL_NAMESPACE,
      dataConverter: dataConverter(keys),
      activities: createActivities({
        db, keys, email, logger, clock: Date.now, brand: settings.BRAND, publicUrl: settings.PUBLIC_URL, smsCountries: settings.SMS_COUNTRIES,
        sms: createSmsSender({ ...provider, from: settings.TWILIO_FROM }),
        noticeSms: createSmsSender({ ...provider, from: settings.TWILIO_NOTICES_FROM ?? settings.TWILIO_FROM }),
        smsSegmentsPerSecond: settings.SMS_SEGMENTS_PER_SECOND, noticeEmailsPerSecond: settings.NOTICE_EMAILS_PER_SECOND,
        smsPerNumberDaily: settings.SMS_PER_NUMBER_DAILY, smsPerAccountDaily: settings.SMS_PER_ACCOUNT_DAILY,
        checkers: createCheckers({ checks, keys, clock: Date.now, connectDomain: settings.CONNECT_DOMAIN }),
      }),
      shutdownGraceTime: GRACE,
    });
    const workers = await Promise.all(options.map((one) => Worker.create(one)));
    const running = Promise.all(workers.map((worker) => worker.run()));
    void alone.then(() => workers.filter((worker) => worker.getState() === 'RUNNING').forEach((worker) => worker.shutdown()));
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
