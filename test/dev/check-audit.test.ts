import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction, migrate, openDatabase } from '../../db/connection';
import { openSqlite } from '../support/database';
import { runProgram } from '../support/run-program';

let opened: Awaited<ReturnType<typeof openSqlite>>;
let db: Knex;
beforeAll(async () => {
  opened = await openSqlite();
  db = openDatabase(opened.settings);
  await migrate(db);
});
afterAll(async () => {
  await db.destroy();
  await opened.drop();
});

const check = () => runProgram('npm', ['run', '--silent', 'check-audit'], { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: opened.settings.DATA_DIR });

test('check 65: an operator is told whether the audit chain is whole, and which record is not', async () => {
  await inTransaction(db, (tx) => appendAudit(tx, { at: 1, action: 'user.disabled', subject: 'somebody' }, { at: 2, action: 'user.enabled', subject: 'somebody' }));
  const { hash } = await db('audit').where({ seq: 2 }).first<{ hash: string }>('hash');
  const whole = await check();
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining(`whole. Its last record is number 2, with the hash\n${hash}`)]);

  await db('audit').where({ seq: 1 }).update({ subject: 'another' });
  const broken = await check();
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/record number 1 does not fit/)]);
});
