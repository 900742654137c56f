import type { Knex } from 'knex';
import { appendAudit, firstBrokenAuditRecord, type AuditEntry } from '../../db/audit';
import { inTransaction, openDatabase } from '../../db/connection';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, ResetWorld } from '../support/reset-world';

const entry = (number: number): AuditEntry => ({ at: 1_000 + number, action: 'reset.wrong', accountCode: 'CEU11A1', flowId: `flow ${number}`, subject: `person ${number}`, details: { number } });

eachDatabase('the audit\'s chain', (database) => {
  const pools: Knex[] = [];
  beforeAll(() => {
    for (let process = 0; process < 4; process += 1) pools.push(openDatabase(database.settings()));
  });
  beforeEach(() => database.db()('audit').delete());
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));

  const append = (db: Knex, ...entries: AuditEntry[]) => inTransaction(db, (tx) => appendAudit(tx, ...entries));

  test('check 65: holds when several processes write at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, number) => append(pools[number % pools.length]!, entry(2 * number), entry(2 * number + 1))));
    expect(await database.db()('audit')).toHaveLength(80);
    expect(await firstBrokenAuditRecord(database.db())).toBeNull();
    const previous: string[] = await database.db()('audit').pluck('previous_hash');
    expect(new Set(previous).size).toBe(80);
  });

  test('check 65: has no gap where a transaction was rolled back', async () => {
    const all = await Promise.allSettled(Array.from({ length: 24 }, (_, number) => inTransaction(pools[number % pools.length]!, async (tx) => {
      await appendAudit(tx, entry(number));
      if (number % 3 === 0) throw new Error('undone');
    })));
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(8);
    expect(await database.db()('audit')).toHaveLength(16);
    expect(await firstBrokenAuditRecord(database.db())).toBeNull();
  });

  describe('is broken where', () => {
    let seqs: number[];
    beforeEach(async () => {
      await append(database.db(), ...Array.from({ length: 7 }, (_, number) => entry(number)));
      seqs = await database.db()('audit').orderBy('seq').pluck('seq');
      expect(await firstBrokenAuditRecord(database.db())).toBeNull();
    });

    test.each([
      ['at', 1], ['action', 'reset.proven'], ['account_code', 'CUS22B2'], ['account_code', null], ['flow_id', 'another'], ['flow_id', null], ['subject', 'somebody else'], ['subject', null],
      ['details', '{}'], ['previous_hash', 'f'.repeat(64)], ['hash', 'f'.repeat(64)],
    ])('check 65: a record\'s %s is changed to %j', async (column, value) => {
      for (const seq of [seqs[0]!, seqs[3]!, seqs[6]!]) {
        const [kept] = await database.db()('audit').where({ seq });
        await database.db()('audit').where({ seq }).update({ [column]: value });
        expect(await firstBrokenAuditRecord(database.db())).toBe(seq);
        await database.db()('audit').where({ seq }).update(kept);
        expect(await firstBrokenAuditRecord(database.db())).toBeNull();
      }
    });

    test('check 65: a record is taken out', async () => {
      await database.db()('audit').where({ seq: seqs[3]! }).delete();
      expect(await firstBrokenAuditRecord(database.db())).toBe(seqs[4]);
      await database.db()('audit').where({ seq: seqs[0]! }).delete();
      expect(await firstBrokenAuditRecord(database.db())).toBe(seqs[1]);
    });

    test('check 65: a record is put in between, or two change places', async () => {
      const [third] = await database.db()('audit').where({ seq: seqs[2]! });
      await database.db()('audit').where({ seq: seqs[2]! }).update({ seq: 10_000 + seqs[6]! });
      expect(await firstBrokenAuditRecord(database.db())).toBe(seqs[3]);
      await database.db()('audit').where({ seq: 10_000 + seqs[6]! }).update({ seq: seqs[2]! });
      expect(await firstBrokenAuditRecord(database.db())).toBeNull();
      await database.db()('audit').insert({ ...third, seq: 10_000 + seqs[6]!, previous_hash: 'e'.repeat(64) });
      expect(await firstBrokenAuditRecord(database.db())).toBe(10_000 + seqs[6]!);
    });
  });

  test('check 65: request, issue, wrong entry, proof and ending of a reset are on record in their order', async () => {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, 'code');
    await world.issue(flow);
    const code = world.sms.code(person.mobile);
    await world.enter(flow, code === '000000' ? '000001' : '000000');
    await world.enter(flow, code);
    await world.db('staged_passwords').insert({ id: 'a stage', flow_id: flow.id, hash: 'the new one' });
    await world.activities.commitPassword({ flowId: flow.id, stageId: 'a stage' });
    const records = await world.db('audit').where({ flow_id: flow.id }).orderBy('seq').select('action', 'account_code', 'subject');
    expect(records.map(({ action }) => action)).toEqual(['reset.requested', 'reset.issued', 'reset.wrong', 'reset.proven', 'reset.done']);
    for (const record of records) expect(record).toMatchObject({ account_code: person.account_code, subject: flow.person });
    expect(await firstBrokenAuditRecord(world.db)).toBeNull();
  });

  test('checks 8 and 65: no secret stands in the audit or anywhere else in the database, while it is sent and after', async () => {
    const world = new ResetWorld(database.db());
    const account = await addAccount(world.db);
    const secrets: string[] = [];
    for (const variant of ['code', 'link', 'temporary-password'] as const) {
      const person = await addPerson(world.db, account);
      const flow = await world.flow(person.email, variant);
      (variant === 'code' ? world.sms : world.email).faults.push('lose-answer');
      await expect(world.issueOnce(flow)).rejects.toMatchObject({ type: 'DeliverLater' });
      secrets.push({ code: () => world.sms.code(person.mobile), link: () => world.email.token(person.email), 'temporary-password': () => world.email.temporaryPassword(person.email) }[variant]());
      if (variant === 'link') await world.issue(flow).then(() => world.enter(flow, secrets.at(-1)!));
    }
    const tables = ['audit', 'flows', 'flow_handles', 'flow_secrets', 'messages', 'proof_attempts', 'staged_passwords', 'code_failures', 'users'];
    const dump = JSON.stringify(await Promise.all(tables.map((table) => world.db(table))));
    expect(dump).toContain(account.code);
    // Six digits stand in a timestamp by chance: a code is looked for where it is no part of a longer number.
    const words = new Set(dump.split(/[^\w+=-]+/));
    expect(secrets.filter((secret) => words.has(secret))).toEqual([]);
  });
});
