import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { locksOf } from '../../db/locks';
import { countWrongCode } from '../../db/code-failures';
import { inTransaction } from '../../db/connection';
import { countFailure, failureKey } from '../../db/sign-in-failures';
import { listUsers, type UserFilter } from '../../db/user-lists';
import { factorLockMs, passwordLockMs } from '../../domain/sign-in';
import { eachDatabase } from '../support/database';
import { addAccount } from '../support/reset-world';

const PEOPLE = [
  ['amelie.stern@a.example', 'Amélie Stern'], ['b-ernst@a.example', 'Berta Ernst'], ['bernd@a.example', 'Bernd Amann'], ['be_rta@a.example', 'Zoë van der Berg'],
  ['o%neill@a.example', "Ciarán O'Neill"], ['single@a.example', 'Madonna'], ['stern@a.example', 'Carla Ernst'],
] as const;

eachDatabase('lists of users', (database) => {
  let db: Knex;
  let account: string;
  let other: string;
  beforeAll(async () => {
    db = database.db();
    [account, other] = [(await addAccount(db)).code, (await addAccount(db)).code];
    await db('users').insert(PEOPLE.map(([email, name]) => ({ id: randomUUID(), account_code: account, email, name })));
    await db('users').insert({ id: randomUUID(), account_code: other, email: 'stern@b.example', name: 'Otto Stern' });
  });

  const found = async (filter: UserFilter, most = 100): Promise<string[]> => (await listUsers(db, filter, most)).map(({ email }) => email);

  test('are those of the account, by address, and go on behind the last one', async () => {
    const all = PEOPLE.map(([email]) => email).sort();
    expect(await found({ account })).toEqual(all);
    const pages: string[] = [];
    for (let page = await found({ account }, 3); page.length > 0; page = await found({ account, after: pages.at(-1)! }, 3)) pages.push(...page);
    expect(pages).toEqual(all);
    expect(await found({})).toEqual([...all, 'stern@b.example'].sort());
  });

  test.each([
    ['st', ['amelie.stern@a.example', 'stern@a.example']], ['ernst', ['b-ernst@a.example', 'stern@a.example']], ['bern', ['bernd@a.example']], ['berg', ['be_rta@a.example']],
    ['zoë van', ['be_rta@a.example']], ['b', ['b-ernst@a.example', 'be_rta@a.example', 'bernd@a.example']], ['o\'n', ['o%neill@a.example']], ['o%', ['o%neill@a.example']], ['be_', ['be_rta@a.example']],
    ['madonna', ['single@a.example']], ['amé', ['amelie.stern@a.example']], ['%', []], ['tern', []], ['otto', []],
  ])('are searched by how the address, the name or the last name begins: "%s"', async (search, emails) => {
    expect(await found({ account, search })).toEqual(emails);
  });

  test('are searched page by page, across accounts where none is named', async () => {
    expect(await found({ search: 'stern' })).toEqual(['amelie.stern@a.example', 'stern@a.example', 'stern@b.example']);
    expect(await found({ search: 'stern', after: 'amelie.stern@a.example' }, 1)).toEqual(['stern@a.example']);
    expect(await found({ account, email: 'stern@b.example' })).toEqual([]);
  });

  test('go by indexes, searched or not', async () => {
    const planOf = async (filter: UserFilter): Promise<string> => {
      const statements: { sql: string; bindings: unknown[] }[] = [];
      const listen = (query: { sql: string; bindings: unknown[] }): number => statements.push(query);
      db.on('query', listen);
      await listUsers(db, filter, 50);
      db.removeListener('query', listen);
      const { sql, bindings } = statements.at(-1)!;
      // Tables of a few rows are read as a whole unless that is forbidden.
      return db.transaction(async (tx) => {
        if (database.engine === 'postgres') await tx.raw('SET LOCAL enable_seqscan = off');
        return JSON.stringify(await tx.raw(`EXPLAIN ${database.engine === 'postgres' ? '' : 'QUERY PLAN '}${sql.replaceAll(/\$\d+/g, '?')}`, bindings as string[]));
      });
    };
    expect(await planOf({ account, after: 'b' })).toContain('users_of_account_by_email');
    expect(await planOf({ after: 'b' })).toContain('users_by_email');
    const searched = await planOf({ account, search: 'ernst' });
    for (const index of ['users_of_account_by_email', 'users_of_account_by_name', 'users_of_account_by_last_name']) expect(searched).toContain(index);
    expect(searched).not.toMatch(/Seq Scan|SCAN users/);
  });

  test('checks 12 and 13: say of each user what is refused now, and until when', async () => {
    const [first, second, third] = (await listUsers(db, { account }, 3)).map(({ id, email }) => ({ id, person: `digest of ${email}` }));
    await inTransaction(db, async (tx) => {
      for (let wrong = 0, now = 0; wrong < 10; wrong += 1, now += 1_000_000_000) await countFailure(tx, failureKey.person(first!.person), now, { lockMs: passwordLockMs });
      for (let wrong = 0; wrong < 5; wrong += 1) await countFailure(tx, failureKey.factor('totp', second!.id), 0, { lockMs: factorLockMs });
      for (let wrong = 0; wrong < 100; wrong += 1) await countWrongCode(tx, third!.person, 0);
    });
    const at = 9_000_000_000;
    const locks = await locksOf(db, [first!, second!, third!], at);
    expect(locks.get(first!.id)).toEqual([{ what: 'password', until: at + 900_000 }]);
    expect(locks.get(second!.id)).toEqual([]);
    expect(locks.get(third!.id)).toEqual([{ what: 'reset-code', until: Infinity }]);
    expect((await locksOf(db, [second!], 0)).get(second!.id)).toEqual([{ what: 'second-step', until: 900_000 }]);
  });
});
