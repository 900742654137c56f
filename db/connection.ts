import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { isPostgres } from './dialect';
import * as foundation from './migrations/001_foundation';
import * as flows from './migrations/002_flows';
import * as signIn from './migrations/003_sign_in';
import * as onboarding from './migrations/004_onboarding';
import * as imports from './migrations/005_imports';
import * as directories from './migrations/006_directories';
import * as userLists from './migrations/007_user_lists';
import * as smsServices from './migrations/008_sms_services';
import * as continuity from './migrations/009_continuity';
import * as noticePositions from './migrations/010_notice_positions';
import * as smsCountries from './migrations/011_sms_countries';
import * as continuityEmails from './migrations/012_continuity_emails';

/** The migrations are imported, not read from a folder: they run the same from sources and from a bundle. */
const migrations: Record<string, { up(k: Knex): Promise<void>; down(k: Knex): Promise<void> }> = {
  '001_foundation': foundation,
  '002_flows': flows,
  '003_sign_in': signIn,
  '004_onboarding': onboarding,
  '005_imports': imports,
  '006_directories': directories,
  '007_user_lists': userLists,
  '008_sms_services': smsServices,
  '009_continuity': continuity,
  '010_notice_positions': noticePositions,
  '011_sms_countries': smsCountries,
  '012_continuity_emails': continuityEmails,
};

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations),
  getMigrationName: (name) => name,
  getMigration: async (name) => migrations[name]!,
};

// Milliseconds since the epoch fit a double for the next 285,000 years.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const BUSY_TIMEOUT_MS = 10_000;
const RETRY_MS = 20;

/** Runs one statement on a raw sqlite3 connection. */
function pragma(connection: { run(sql: string, done: (error: Error | null) => void): void }, sql: string): Promise<void> {
  return new Promise((resolve, reject) => connection.run(sql, (error) => (error ? reject(error) : resolve())));
}

/** Switches to WAL. Of several that do so on a new file SQLite refuses all but one at once, timeout or not: they try again. */
async function useWal(connection: Parameters<typeof pragma>[0]): Promise<void> {
  for (const deadline = Date.now() + BUSY_TIMEOUT_MS; ; await pause(RETRY_MS)) {
    try {
      return await pragma(connection, 'PRAGMA journal_mode = WAL');
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || Date.now() > deadline) throw error;
    }
  }
}

/**
 * Opens the app's database: PostgreSQL by URL, or the embedded SQLite file (WAL) in the data folder.
 * SQLite gets a single connection: its writers queue in the process instead of failing with SQLITE_BUSY.
 */
export function openDatabase(settings: { DATABASE_URL?: string | undefined; DATA_DIR: string }): Knex {
  if (settings.DATABASE_URL && /^postgres(ql)?:/.test(settings.DATABASE_URL)) {
    return knex({ client: 'pg', connection: settings.DATABASE_URL, pool: { min: 0, max: 10 }, migrations: { migrationSource } });
  }
  const filename = settings.DATABASE_URL?.replace(/^(sqlite|file):/, '') ?? join(settings.DATA_DIR, 'postern.sqlite');
  mkdirSync(dirname(filename), { recursive: true });
  return knex({
    client: 'sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: Parameters<typeof pragma>[0], done: (error: Error | null, connection: unknown) => void) => {
        (async () => {
          await pragma(connection, `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
          await useWal(connection);
          await pragma(connection, 'PRAGMA synchronous = NORMAL');
          await pragma(connection, 'PRAGMA foreign_keys = ON');
        })().then(() => done(null, connection), (error: Error) => done(error, connection));
      },
    },
    migrations: { migrationSource },
  });
}

/**
 * Brings the schema up to date, in one transaction: a process that is killed leaves the schema as it was. Safe to call
 * from several processes: one runs, the others wait and find nothing to do.
 */
export async function migrate(db: Knex): Promise<void> {
  await db.transaction(async (tx) => {
    // On SQLite a write takes the lock of the file, here while there may be no table yet to write to.
    if (isPostgres(db)) await holdUntilEnd(tx, 'migrations');
    else await tx.raw('PRAGMA user_version = 0');
    await tx.migrate.latest();
  });
}

/** Runs `work` in a transaction that may write. On SQLite it takes the write lock at once, so that two processes never deadlock on an upgrade. */
export async function inTransaction<T>(db: Knex, work: (tx: Knex.Transaction) => Promise<T>): Promise<T> {
  if (isPostgres(db)) return db.transaction(work);
  return db.transaction(async (tx) => {
    await tx.raw('UPDATE write_lock SET held = 1');
    return work(tx);
  });
}

/** Holds a name until the transaction ends: others that ask for it wait. On SQLite the write lock of {@link inTransaction} does that. */
export async function holdUntilEnd(tx: Knex.Transaction, name: string): Promise<void> {
  if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [name]);
}
