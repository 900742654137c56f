import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { migrate, openDatabase } from '../../db/connection';
import { eachDatabase, openPostgres } from '../support/database';

const OWN = ['knex_migrations', 'knex_migrations_lock'];

eachDatabase('migrations', (database) => {
  async function tablesOf(db: Knex): Promise<string[]> {
    const names: string[] = database.engine === 'sqlite'
      ? await db('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite_%').pluck('name')
      : await db('information_schema.tables').where({ table_schema: 'public' }).pluck('table_name');
    return names.filter((name) => !OWN.includes(name)).sort();
  }
  async function columnsOf(db: Knex): Promise<Record<string, unknown>> {
    return Object.fromEntries(await Promise.all((await tablesOf(db)).map(async (table) => [table, await db(table).columnInfo()] as const)));
  }

  test('go up, down to nothing, and up again to the same schema', async () => {
    const db = database.db();
    const before = await columnsOf(db);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['accounts', 'audit', 'flows', 'messages', 'users', 'write_lock']));
    await db.migrate.rollback(undefined, true);
    expect(await tablesOf(db)).toEqual([]);
    await migrate(db);
    expect(await columnsOf(db)).toEqual(before);
    expect(await db('write_lock')).toEqual([{ held: 0 }]);
  });

  test('go down one by one as well', async () => {
    const db = database.db();
    const [done] = (await db.migrate.list()) as [unknown[], unknown[]];
    for (let step = 0; step < done.length; step += 1) await db.migrate.down();
    expect(await tablesOf(db)).toEqual([]);
    await migrate(db);
  });

  test('are done once where several processes start at once on a new database', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-migrations-'));
    const { settings, drop } = database.engine === 'sqlite' ? { settings: { DATABASE_URL: undefined, DATA_DIR: folder }, drop: async () => {} } : await openPostgres();
    const processes = Array.from({ length: 4 }, () => openDatabase(settings));
    try {
      await Promise.all(processes.map((db) => migrate(db)));
      expect(await columnsOf(processes[0]!)).toEqual(await columnsOf(database.db()));
      expect(await processes[0]!('write_lock')).toEqual([{ held: 0 }]);
    } finally {
      await Promise.all(processes.map((db) => db.destroy()));
      await drop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('change nothing where there is nothing to do', async () => {
    await migrate(database.db());
    expect(((await database.db().migrate.list()) as [unknown[], unknown[]])[1]).toEqual([]);
  });
});
