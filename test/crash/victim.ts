import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { pino } from 'pino';
import { createActivities } from '../../activities';
import { createEmailSender } from '../../activities/email-sender';
import { createSmsSender } from '../../activities/sms-sender';
import { openDatabase } from '../../db/connection';
import { KeyRing } from '../../security/keys';
import type { CarrierSettings } from '../support/real-carriers';
import { inActivity, orLater } from './as-the-engine';
import { checkersThatFind, type DomainsFound } from './checkers';

/** What this process is to do, and at which of its await points it kills itself. */
export interface Order {
  readonly database: { readonly DATABASE_URL: string | undefined; readonly DATA_DIR: string };
  readonly carriers: CarrierSettings;
  readonly keys: string;
  /** Milliseconds since the epoch, at which the clock stands. */
  readonly now: number;
  readonly activity: keyof ReturnType<typeof createActivities>;
  readonly input: unknown;
  /** What a look at the domains of an account finds. */
  readonly finds: DomainsFound | undefined;
  /** The first point is 1; 0: at none. */
  readonly dieAt: number;
}

/** What one tells that lives to the end. */
export interface Survival {
  /** How many points it passed. */
  readonly points: number;
  readonly result: unknown;
}

/** Calls `point` before and after everything that this process awaits, with what it is. */
function watch(db: ReturnType<typeof openDatabase>, carrierPorts: readonly number[], point: (what: string) => void): void {
  db.on('query', ({ sql }: { sql: string }) => point(`before ${sql}`));
  db.on('query-response', (_response: unknown, { sql }: { sql: string }) => point(`after ${sql}`));
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    const isCarrier = (): boolean => carrierPorts.includes(socket.remotePort ?? 0);
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (...args: unknown[]) => {
      if (isCarrier()) point('before a line to a carrier');
      return write(...args);
    };
    socket.prependListener('data', () => isCarrier() && point("after a carrier's answer"));
  });
}

/** Runs one activity as a worker does, and ends by SIGKILL at the point that it is told. */
async function main({ database, carriers, keys, now, activity, input, finds, dieAt }: Order): Promise<Survival> {
  let points = 0;
  const db = openDatabase(database);
  watch(db, [carriers.smsApiUrl, carriers.smtpUrl].map((url) => Number(new URL(url).port)), (what) => {
    points += 1;
    if (points !== dieAt) return;
    writeSync(process.stderr.fd, what);
    process.kill(process.pid, 'SIGKILL');
  });
  const { accountSid, authToken, smsFrom, smsApiUrl, smtpUrl, mailFrom, timeoutMs, publicUrl } = carriers;
  const activities = createActivities({
    db, publicUrl, keys: KeyRing.parse(keys), logger: pino({ level: 'silent' }), clock: () => now, brand: 'Postern',
    email: createEmailSender({ url: smtpUrl, from: mailFrom, timeoutMs }),
    sms: createSmsSender({ accountSid, authToken, from: smsFrom, apiUrl: smsApiUrl, timeoutMs }),
    noticeSms: createSmsSender({ accountSid, authToken, from: smsFrom, apiUrl: smsApiUrl, timeoutMs }), smsSegmentsPerSecond: 100, noticeEmailsPerSecond: 100, smsCountries: [], smsPerNumberDaily: 20, smsPerAccountDaily: 5_000,
    checkers: checkersThatFind(finds, () => now),
  });
  const run = activities[activity] as (input: unknown) => Promise<unknown>;
  const result = await inActivity(() => orLater(() => run(input)));
  return { points, result };
}

process.once('message', (order: Order) => {
  main(order).then(
    (survival) => process.send!(survival, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exit(1);
    },
  );
});
