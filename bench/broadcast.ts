import { randomUUID } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Knex } from 'knex';
import { pino } from 'pino';
import { createBroadcastActivities } from '../activities/broadcast';
import { inParallel } from '../activities/in-parallel';
import { createSmsSender, type SmsSender } from '../activities/sms-sender';
import { migrate, openDatabase } from '../db/connection';
import { broadcastWorkflowId, TASK_QUEUE } from '../temporal.config';
import { BROADCAST } from '../workflows/broadcast/messages';
import { addCrowd, addEvent, crowdNumber } from '../test/support/crowd';
import { openPostgres, openSqlite } from '../test/support/database';
import { testKeys } from '../test/support/keys';
import { freePorts } from '../test/support/ports';
import { RecordingEmail } from '../test/support/recording-senders';
import { ResetEngine } from '../test/support/reset-engine';

const SIGNER = { accountSid: `AC${'ab'.repeat(16)}`, authToken: 'cd'.repeat(16) };
const FROM = '+13125550100';
/** Lanes times requests at a time of each: what a broadcast has on its way. */
const CONCURRENCY = 64;
const PUBLIC_URL = 'http://127.0.0.1:3000';
const ALERT = 'Mail is down. Work in the Connect Application until we write again.';
/** More than any phone takes: what is measured is not the limiter. */
const PER_SECOND = 1_000_000;
const MIB = 1024 * 1024;

interface Measured {
  readonly people: number;
  readonly bare: number;
  readonly broadcast: number;
  readonly seconds: number;
  readonly events: number;
  readonly heapMiB: number;
  /** Of this process, in milliseconds a message: it tells more than the time where a machine does other things too. */
  readonly bareCpu: number;
  readonly broadcastCpu: number;
}

async function startPhone(): Promise<{ url: string; child: ChildProcess; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-phone-'));
  const [smtpPort] = await freePorts(1);
  const child = fork(join(__dirname, 'phone.ts'), [folder, String(smtpPort), SIGNER.accountSid, SIGNER.authToken, FROM], { execArgv: ['--import', 'tsx'] });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url, child,
    stop: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Messages a second of a loop that does nothing but send. */
async function bareLoop(sms: SmsSender, messages: number): Promise<number> {
  const began = performance.now();
  const outcomes = await inParallel(Array.from({ length: messages }, (_, index) => index), CONCURRENCY, (index) => sms.send({ to: crowdNumber(index), body: ALERT, statusCallback: `${PUBLIC_URL}/api/webhooks/sms/status?message=${randomUUID()}` }));
  if (outcomes.some(({ kind }) => kind !== 'accepted')) throw new Error('The phone did not take every text of the bare loop.');
  return messages / ((performance.now() - began) / 1_000);
}

/** The most that is on the heap while something is done. */
async function heapOf<T>(work: () => Promise<T>): Promise<{ result: T; heapMiB: number }> {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().heapUsed);
  }, 250);
  const result = await work().finally(() => clearInterval(timer));
  return { result, heapMiB: most / MIB };
}

async function eventsOf(engine: ResetEngine, workflowId: string): Promise<number> {
  let most = 0;
  for await (const { runId } of engine.client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
    const history = await engine.client.workflow.getHandle(workflowId, runId).fetchHistory();
    most = Math.max(most, history.events?.length ?? 0);
  }
  return most;
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

async function measure(engine: ResetEngine, db: Knex, sms: SmsSender, people: number): Promise<Measured> {
  const code = `B${people}`;
  const { groupId } = await addCrowd(db, code, people);
  const cpuBefore = process.cpuUsage();
  const before = await bareLoop(sms, people / 2);
  const bareCpu = cpuMs(cpuBefore) / (people / 2);
  const eventId = await addEvent(db, code, groupId, ALERT, Date.now());
  const workflowId = broadcastWorkflowId(eventId, 'start', 0);
  const [began, cpuBegan] = [performance.now(), process.cpuUsage()];
  const { heapMiB } = await heapOf(() => engine.client.workflow.execute(BROADCAST, { workflowId, taskQueue: TASK_QUEUE, args: [{ eventId, accountCode: code, phase: 'start', round: 0 }] }));
  const [seconds, broadcastCpu] = [(performance.now() - began) / 1_000, cpuMs(cpuBegan) / people];
  // Half of it before and half after: what else the machine does changes in between.
  const bare = 2 / (1 / before + 1 / (await bareLoop(sms, people / 2)));
  const [told] = await db('continuity_deliveries').where({ event_id: eventId, state: 'accepted' }).count<{ n: number | string }[]>({ n: '*' });
  if (Number(told!.n) !== people) throw new Error(`${String(told!.n)} of ${people} were told.`);
  return { people, bareCpu, broadcastCpu, bare, broadcast: people / seconds, seconds, heapMiB, events: await eventsOf(engine, workflowId) };
}

const cell = (value: string | number): string => String(value).padStart(12);

function print(name: string, rows: readonly Measured[]): void {
  console.log(`\n${name}\n${['people', 'bare /s', 'broadcast /s', 'ratio', 'bare cpu ms', 'cpu ms', 'seconds', 'ms a person', 'most events', 'heap MiB'].map(cell).join('')}`);
  for (const { people, bare, broadcast, bareCpu, broadcastCpu, seconds, events, heapMiB } of rows) {
    console.log([people, Math.round(bare), Math.round(broadcast), (broadcast / bare).toFixed(2), bareCpu.toFixed(2), broadcastCpu.toFixed(2), seconds.toFixed(1), ((seconds * 1_000) / people).toFixed(2), events, Math.round(heapMiB)].map(cell).join(''));
  }
}

async function bench(name: string, sizes: readonly number[], open: typeof openSqlite, phoneUrl: string): Promise<void> {
  const { settings, drop } = await open();
  const db = openDatabase(settings);
  const engine = await ResetEngine.local(testKeys('bench'));
  try {
    await migrate(db);
    const noticeSms = createSmsSender({ ...SIGNER, from: FROM, apiUrl: phoneUrl, timeoutMs: 10_000 });
    const deps = {
      db, noticeSms, sms: createSmsSender({ ...SIGNER, from: '+12025550100', apiUrl: phoneUrl, timeoutMs: 10_000 }), keys: testKeys('bench'), email: new RecordingEmail(), logger: pino({ level: 'warn' }), clock: Date.now,
      brand: 'Postern', publicUrl: PUBLIC_URL, smsCountries: [], smsPerNumberDaily: 20, smsPerAccountDaily: 5_000, smsSegmentsPerSecond: PER_SECOND, noticeEmailsPerSecond: 100,
    };
    await engine.serving(createBroadcastActivities(deps), async () => {
      await bareLoop(noticeSms, 500);
      const rows: Measured[] = [];
      for (const people of sizes) rows.push(await measure(engine, db, noticeSms, people));
      print(name, rows);
    });
  } finally {
    await engine.stop();
    await db.destroy();
    await drop();
  }
}

const sizesOf = (argument: string | undefined, standard: readonly number[]): readonly number[] => argument?.split(',').filter(Boolean).map(Number) ?? standard;

/**
 * How fast a broadcast is, against a bare loop of the provider's client at the same concurrency, on the same phone, in the
 * same run. Sizes may be given: those on PostgreSQL, then those on SQLite, as `1000,100000 10000`; an empty one leaves it out.
 */
async function main([postgres, sqlite]: readonly string[]): Promise<void> {
  const phone = await startPhone();
  try {
    for (const [name, sizes, open] of [['PostgreSQL', sizesOf(postgres, [1_000, 10_000, 100_000]), openPostgres], ['SQLite', sizesOf(sqlite, [1_000, 10_000]), openSqlite]] as const) {
      if (sizes.length > 0) await bench(name, sizes, open, phone.url);
    }
  } finally {
    await phone.stop();
  }
}

main(process.argv.slice(2)).then(() => process.exit(0), (error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
