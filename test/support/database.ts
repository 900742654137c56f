import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { Client } from 'pg';
import { migrate, openDatabase } from '../../db/connection';

/** A database of a suite's own, empty when the suite begins and gone when it ends. */
export interface TestDatabase {
  readonly engine: 'sqlite' | 'postgres';
  /** The settings that name it, for a second connection or another process. Known once the suite's hooks have run. */
  readonly settings: () => { readonly DATABASE_URL: string | undefined; readonly DATA_DIR: string };
  /** A migrated connection, shared by the suite and closed at its end. */
  readonly db: () => Knex;
}

interface Opened {
  readonly settings: { readonly DATABASE_URL: string | undefined; readonly DATA_DIR: string };
  readonly drop: () => Promise<void>;
}

/** Creates a place for an empty SQLite database. */
export async function openSqlite(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-database-'));
  return { settings: { DATABASE_URL: undefined, DATA_DIR: folder }, drop: () => rm(folder, { recursive: true, force: true }) };
}

/** An empty, migrated SQLite database, for as long as it is open. */
export async function openMigrated(): Promise<{ readonly db: Knex; readonly close: () => Promise<void> }> {
  const { settings, drop } = await openSqlite();
  const db = openDatabase(settings);
  await migrate(db);
  return {
    db,
    close: async () => {
      await db.destroy();
      await drop();
    },
  };
}

/** The server that tests make their databases on. @throws Error that says what to set when there is none */
export function postgresServer(): URL {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run the tests by "npm test", which starts PostgreSQL, or set it to a postgres:// URL whose user may create databases.');
  return new URL(server);
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: postgresServer().href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Creates an empty database on the server the tests run with. */
export async function openPostgres(): Promise<Opened> {
  const name = `postern_test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = postgresServer();
  url.pathname = `/${name}`;
  const folder = await mkdtemp(join(tmpdir(), 'postern-database-'));
  return {
    settings: { DATABASE_URL: url.href, DATA_DIR: folder },
    drop: async () => {
      await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the same tests on SQLite and on PostgreSQL. Without PostgreSQL its half fails: it is never skipped. */
export function eachDatabase(name: string, tests: (database: TestDatabase) => void): void {
  describe.each([
    { engine: 'sqlite' as const, open: openSqlite },
    { engine: 'postgres' as const, open: openPostgres },
  ])(`${name} on $engine`, ({ engine, open }) => {
    let opened: Opened | undefined;
    let db: Knex | undefined;
    const known = <T>(value: T | undefined): T => {
      if (value === undefined) throw new Error('The database is opened in beforeAll: ask for it in a test or a hook.');
      return value;
    };
    beforeAll(async () => {
      opened = await open();
      db = openDatabase(opened.settings);
      await migrate(db);
    });
    afterAll(async () => {
      await db?.destroy();
      await opened?.drop();
    });
    tests({ engine, settings: () => known(opened).settings, db: () => known(db) });
  });
}
