import { hash, verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { failedCriteria, policyFor, stagePassword } from '../../api/passwords';
import type { FlowRow } from '../../db/flows';
import { findUser } from '../../db/users';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, HOUR_MS, ResetWorld } from '../support/reset-world';
import { someSession } from '../support/sessions';

const OLD = 'the password of before';
const NEW = 'seven grey herons wading';

/** Everything that saving a password changes. */
const TABLES = ['users', 'sessions', 'flow_secrets', 'flows', 'messages', 'staged_passwords', 'code_failures', 'audit'];

eachDatabase('saving the new password', (database) => {
  async function proven(variant: 'code' | 'link' | 'temporary-password' = 'link') {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db), { user: { password_hash: await hash(OLD) } });
    await world.db('user_addresses').insert([
      { user_id: person.id, address: `private-${person.email}`, verified: true },
      { user_id: person.id, address: `claimed-${person.email}`, verified: false },
    ]);
    await world.db('sessions').insert(['laptop', 'phone'].map((device) => someSession(person.id, { digest: `${device} of ${person.id}` })));
    const flow = await world.flow(person.email, variant);
    await world.issue(flow);
    const secret = { code: () => world.sms.code(person.mobile), link: () => world.email.token(person.email), 'temporary-password': () => world.email.temporaryPassword(person.email) }[variant]();
    await world.enter(flow, secret);
    return { world, person, flow, secret };
  }
  const isPasswordOf = async (db: Knex, userId: string, password: string): Promise<boolean> => verify((await findUser(db, userId))!.password_hash!, password);
  async function save(world: ResetWorld, flow: FlowRow, password = NEW) {
    return world.activities.commitPassword({ flowId: flow.id, stageId: await stagePassword(world.db, flow, password) });
  }

  test('checks 28 and 31: the old password stops and every session ends, somebody else\'s go on', async () => {
    const { world, person, flow } = await proven();
    const other = await addPerson(world.db, await addAccount(world.db));
    await world.db('sessions').insert([
      someSession(other.id, { digest: `laptop of ${other.id}` }),
      someSession(person.id, { digest: `old phone of ${person.id}`, ended_at: 1, ended_why: 'signed-out' }),
    ]);
    expect(await save(world, flow)).toEqual({ outcome: 'done', saved: true });
    expect(await isPasswordOf(world.db, person.id, OLD)).toBe(false);
    expect(await isPasswordOf(world.db, person.id, NEW)).toBe(true);
    expect((await findUser(world.db, person.id))!.password_changed_at).toBe(world.clock.read());
    expect(await world.db('sessions').where({ user_id: person.id }).orderBy('digest').select('ended_at', 'ended_why')).toEqual([
      { ended_at: world.clock.read(), ended_why: 'password-reset' },
      { ended_at: 1, ended_why: 'signed-out' },
      { ended_at: world.clock.read(), ended_why: 'password-reset' },
    ]);
    expect(await world.db('sessions').where({ user_id: other.id }).pluck('ended_at')).toEqual([null]);
  });

  test('check 29: every verified address is told, with neither password nor link, and what to do', async () => {
    const { world, person, flow } = await proven();
    await save(world, flow);
    await world.run(world.activities.sendNotices, { flowId: flow.id });
    const told = world.email.taken.filter(({ subject }) => subject.includes('was changed'));
    expect(told.map(({ to }) => to).sort()).toEqual([person.email, `private-${person.email}`].sort());
    for (const { text, html } of told) {
      expect(text).toMatch(/Not you\?/);
      for (const said of [text, html]) {
        expect(said).not.toContain(NEW);
        expect(said).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
      }
    }
  });

  test('check 29: an address that cannot be reached now holds up no other', async () => {
    const { world, person, flow } = await proven();
    await save(world, flow);
    world.email.faults.push('later');
    await expect(world.run(world.activities.sendNotices, { flowId: flow.id })).rejects.toMatchObject({ type: 'DeliverLater' });
    expect(world.email.taken.filter(({ subject }) => subject.includes('was changed'))).toHaveLength(1);
    await world.run(world.activities.sendNotices, { flowId: flow.id });
    expect(world.email.taken.filter(({ subject }) => subject.includes('was changed')).map(({ to }) => to).sort()).toEqual([person.email, `private-${person.email}`].sort());
  });

  test('check 29: a notice that nobody takes for a day is dropped, and that is on record', async () => {
    const { world, flow } = await proven();
    await save(world, flow);
    world.clock.advance(24 * HOUR_MS);
    await world.run(world.activities.sendNotices, { flowId: flow.id });
    expect(world.email.taken.filter(({ subject }) => subject.includes('was changed'))).toEqual([]);
    expect(await world.db('messages').where({ flow_id: flow.id, purpose: 'password-changed' }).distinct('state', 'sealed')).toEqual([{ state: 'expired', sealed: null }]);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'message.expired' })).toHaveLength(2);
  });

  test('check 64: password, sessions, secrets, notices and audit record come together', async () => {
    const { world, person, flow } = await proven();
    await save(world, flow);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'reset.done' }).pluck('details')).toEqual([JSON.stringify({ sessionsEnded: 2, notices: 2 })]);
    expect(await world.db('messages').where({ flow_id: flow.id, purpose: 'password-changed', state: 'queued' })).toHaveLength(2);
    expect(await world.db('flow_secrets').where({ person: flow.person, state: 'live' })).toEqual([]);
    expect(await world.row(flow.id)).toMatchObject({ step: 'done', outcome: 'done' });
    expect(await isPasswordOf(world.db, person.id, NEW)).toBe(true);
  });

  /** Makes the database refuse a row, as a full disk or a bug would. */
  async function refusing(db: Knex, table: string, condition: string, work: () => Promise<void>): Promise<void> {
    if (database.engine === 'sqlite') await db.raw(`CREATE TRIGGER refusing BEFORE INSERT ON ${table} WHEN ${condition} BEGIN SELECT RAISE(ABORT, 'refused for the test'); END`);
    else {
      await db.raw("CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'refused for the test'; END $$ LANGUAGE plpgsql");
      await db.raw(`CREATE TRIGGER refusing BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION refuse()`);
    }
    try {
      await work();
    } finally {
      await db.raw(database.engine === 'sqlite' ? 'DROP TRIGGER refusing' : `DROP TRIGGER refusing ON ${table}`);
      if (database.engine === 'postgres') await db.raw('DROP FUNCTION refuse()');
    }
  }

  test.each([
    ['the audit record', 'audit', "NEW.action = 'reset.done'"],
    ['a notice', 'messages', "NEW.purpose = 'password-changed'"],
  ])('check 64: where %s cannot be written nothing is changed, and the same request succeeds later', async (_what, table, condition) => {
    const { world, person, flow } = await proven();
    await world.issue(await world.flow(person.email, 'code'));
    const stageId = await stagePassword(world.db, flow, NEW);
    const everything = async () => Object.fromEntries(await Promise.all(TABLES.map(async (name) => [name, await world.db(name).orderByRaw('1')] as const)));
    const before = await everything();
    await refusing(world.db, table, condition, async () => {
      await expect(world.activities.commitPassword({ flowId: flow.id, stageId })).rejects.toThrow('refused for the test');
    });
    expect(await everything()).toEqual(before);
    expect(await isPasswordOf(world.db, person.id, OLD)).toBe(true);
    expect(await world.activities.commitPassword({ flowId: flow.id, stageId })).toEqual({ outcome: 'done', saved: true });
  });

  test('check 41: until the new password is saved the old one works, and the temporary one is used up by its proof', async () => {
    const { world, person, flow, secret } = await proven('temporary-password');
    expect(await isPasswordOf(world.db, person.id, OLD)).toBe(true);
    expect(await world.db('flow_secrets').where({ flow_id: flow.id }).pluck('state')).toEqual(['consumed']);
    expect((await world.enter(flow, secret)).result).toBe('wrong');
    const policy = await policyFor(world.db, flow, 'Postern');
    expect(await failedCriteria(world.db, world.deps.keys, flow, policy, secret)).toEqual([{ id: 'not-temporary', label: 'Not the temporary password' }]);
    await save(world, flow);
    expect(await isPasswordOf(world.db, person.id, OLD)).toBe(false);
  });

  test('check 42: a proof opens nothing but the new password: before it nothing is saved, after it nothing is saved twice', async () => {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db), { user: { password_hash: await hash(OLD) } });
    const flow = await world.flow(person.email, 'link');
    await world.issue(flow);
    expect((await save(world, flow)).saved).toBe(false);
    expect(await isPasswordOf(world.db, person.id, OLD)).toBe(true);
    const done = await proven();
    await save(done.world, done.flow);
    expect(await done.world.activities.commitPassword({ flowId: done.flow.id, stageId: 'one that never was' })).toEqual({ outcome: 'done', saved: false });
  });

  test('check 42: a stage of another flow is not taken', async () => {
    const [mine, theirs] = [await proven(), await proven()];
    const stageId = await stagePassword(theirs.world.db, theirs.flow, NEW);
    expect((await mine.world.activities.commitPassword({ flowId: mine.flow.id, stageId })).saved).toBe(false);
    expect(await isPasswordOf(mine.world.db, mine.person.id, OLD)).toBe(true);
  });

  test('check 68: who was disabled meanwhile saves nothing', async () => {
    const { world, person, flow } = await proven();
    const stageId = await stagePassword(world.db, flow, NEW);
    await world.db('users').where({ id: person.id }).update({ status: 'disabled' });
    expect(await world.activities.commitPassword({ flowId: flow.id, stageId })).toEqual({ outcome: 'cancelled', saved: false });
    expect(await isPasswordOf(world.db, person.id, OLD)).toBe(true);
    expect(await world.db('staged_passwords').where({ flow_id: flow.id })).toEqual([]);
  });

  test('check 45: what is kept is a salted argon2id hash that names its cost', async () => {
    const [one, other] = [await proven(), await proven()];
    const hashes = [];
    for (const { world, person, flow } of [one, other]) {
      await save(world, flow);
      hashes.push((await findUser(world.db, person.id))!.password_hash);
    }
    for (const kept of hashes) expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22,}\$[\w+/]{43}$/);
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  test('check 39: the composed and the decomposed spelling are one password', async () => {
    const { world, person, flow } = await proven();
    await save(world, flow, 'un cafe\u0301 sans sucre');
    expect(await isPasswordOf(world.db, person.id, 'un caf\u00e9 sans sucre')).toBe(true);
  });
});
