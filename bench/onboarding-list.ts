import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Knex } from 'knex';
import { migrate, openDatabase } from '../db/connection';
import { countOpen, countOutcomes, listOnboardings, type ListPosition } from '../db/onboarding-lists';
import { taskNames } from '../domain/onboarding/tasks';
import { openPostgres } from '../test/support/database';
import { isPostgres } from '../db/dialect';

const SMALL = 1_000;
const LARGE = 100_000;
const PAGE = 50;
const TIMES = 30;
const BATCH = 500;
const MINUTE_MS = 60_000;

const code = (index: number): string => `B${String(index).padStart(8, '0')}`;

async function addOnboardings(db: Knex, profileId: string, from: number, until: number): Promise<void> {
  for (let first = from; first < until; first += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, until - first) }, (_, offset) => first + offset);
    await db.transaction(async (tx) => {
      await tx('accounts').insert(indexes.map((index) => ({ code: code(index), name: `Account ${index}`, default_profile_id: profileId, region: index % 2 === 0 ? 'eu' : 'us' })));
      await tx('onboardings').insert(indexes.map((index) => ({
        account_code: code(index), next_task: taskNames[index % taskNames.length]!, blocked_by: index % 3 === 0 ? 'validation' : 'administrator', completed_tasks: index % 8, time_zone: 'Europe/Berlin',
        // Every tenth has ended. Work went on at all times, in no order.
        outcome: index % 10 === 0 ? 'completed' : null, last_day: index % 400 === 1 ? '2031-01-10' : null, last_work_at: ((index * 7_919) % LARGE) * MINUTE_MS, created_at: 0,
      })));
    });
  }
  if (isPostgres(db)) await db.raw('ANALYZE');
}

/** The median of some runs, in milliseconds. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < TIMES; run += 1) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[Math.floor(TIMES / 2)]!;
}

/** Where a page in the middle of the list begins. */
async function middle(db: Knex): Promise<ListPosition> {
  const row = await db('onboardings').whereNull('outcome').orderBy(['last_work_at', 'account_code']).offset(Math.floor(((await count(db)) * 9) / 20)).first<{ last_work_at: number; account_code: string }>('last_work_at', 'account_code');
  return { lastWorkAt: row.last_work_at, account: row.account_code };
}

async function count(db: Knex): Promise<number> {
  const [row] = await db('onboardings').count<{ n: number | string }[]>({ n: '*' });
  return Number(row!.n);
}

async function measure(db: Knex): Promise<Record<string, number>> {
  const deep = await middle(db);
  const list = (more: object = {}, after?: ListPosition) => median(() => listOnboardings(db, { status: 'open', ...more }, after, PAGE));
  return {
    'first page': await list(),
    'a page in the middle': await list({}, deep),
    'first page of one task': await list({ next: 'domains' }),
    'first page of what ends soon': await list({ endsBy: { date: '2031-01-31', applicationDay: null } }),
    'one account by its code': await list({ account: code(501) }),
    'counts by task': await median(() => countOpen(db)),
    'counts by outcome, and stalled': await median(() => countOutcomes(db, MINUTE_MS)),
  };
}

async function bench(name: string, settings: { DATABASE_URL: string | undefined; DATA_DIR: string }): Promise<void> {
  const db = openDatabase(settings);
  try {
    await migrate(db);
    const profileId = randomUUID();
    await db('authentication_profiles').insert({ id: profileId, account_code: code(0), name: 'Bench', code_ttl_ms: 0, link_ttl_ms: 0, temporary_password_ttl_ms: 0, help_contact: '' });
    await addOnboardings(db, profileId, 0, SMALL);
    const small = await measure(db);
    await addOnboardings(db, profileId, SMALL, LARGE);
    const large = await measure(db);
    console.log(`\n${name}: milliseconds (median of ${TIMES})\n${'what'.padEnd(34)}${String(SMALL).padStart(10)}${String(LARGE).padStart(10)}${'ratio'.padStart(8)}`);
    for (const [what, ms] of Object.entries(large)) console.log(`${what.padEnd(34)}${small[what]!.toFixed(2).padStart(10)}${ms.toFixed(2).padStart(10)}${(ms / small[what]!).toFixed(1).padStart(8)}`);
  } finally {
    await db.destroy();
  }
}

/** What a page of the operators' list costs with a hundred thousand accounts, against one with a thousand in the same run. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  try {
    await bench('SQLite', { DATABASE_URL: undefined, DATA_DIR: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { settings, drop } = await openPostgres();
  try {
    await bench('PostgreSQL', settings);
  } finally {
    await drop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
