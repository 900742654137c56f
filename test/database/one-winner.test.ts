import { randomUUID } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { stagePassword } from '../../api/passwords';
import { openDatabase } from '../../db/connection';
import type { FlowRow } from '../../db/flows';
import { findUser } from '../../db/users';
import { randomValueDigest } from '../../security/digests';
import { newHandle } from '../../security/secrets';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, ResetWorld } from '../support/reset-world';

const SUBMITS = 16;
const PROCESSES = 4;

eachDatabase('one secret, one winner', (database) => {
  const pools: Knex[] = [];
  beforeAll(() => {
    for (let process = 0; process < PROCESSES; process += 1) pools.push(openDatabase(database.settings()));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));

  const sixteen = <T>(submit: (pool: Knex, index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: SUBMITS }, (_, index) => submit(pools[index % PROCESSES]!, index)));

  async function askFor(variant: 'code' | 'link' | 'temporary-password') {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, variant);
    await world.issue(flow);
    const secret = { code: () => world.sms.code(person.mobile), link: () => world.email.token(person.email), 'temporary-password': () => world.email.temporaryPassword(person.email) }[variant]();
    return { world, person, flow, secret };
  }
  const submits = async (world: ResetWorld, flow: FlowRow, secret: string) => {
    const proof = await world.proof(flow, secret);
    return sixteen((pool) => world.elsewhere(pool).verifySecret({ flowId: flow.id, updateId: randomUUID(), ...proof, proofHandle: randomValueDigest(newHandle()) }));
  };

  test('check 5: PostgreSQL is tested at the isolation it has by default', async () => {
    if (database.engine === 'sqlite') return;
    const { rows } = await database.db().raw<{ rows: { transaction_isolation: string }[] }>('SHOW transaction_isolation');
    expect(rows).toEqual([{ transaction_isolation: 'read committed' }]);
  });

  test.each(['code', 'link', 'temporary-password'] as const)('check 5: of sixteen parallel submits of one %s over several processes one is right', async (variant) => {
    const { world, flow, secret } = await askFor(variant);
    const verdicts = await submits(world, flow, secret);
    expect(verdicts.filter(({ result }) => result === 'right')).toHaveLength(1);
    expect(await world.db('flow_handles').where({ flow_id: flow.id, role: 'proof' })).toHaveLength(1);
    // Who lost the race typed nothing wrong: neither the flow nor the person pays for it.
    expect(await world.row(flow.id)).toMatchObject({ step: 'new-password', outcome: null });
    expect(await world.db('code_failures').where({ person: flow.person })).toEqual([]);
  });

  test('check 5: of sixteen parallel passwords one is saved, and who is told so gave that one', async () => {
    const { world, person, flow, secret } = await askFor('code');
    await world.enter(flow, secret);
    const passwords = Array.from({ length: SUBMITS }, (_, index) => `another horse, number ${index}`);
    const stages = await Promise.all(passwords.map((password) => stagePassword(world.db, flow, password)));
    const saved = await sixteen((pool, index) => world.elsewhere(pool).commitPassword({ flowId: flow.id, stageId: stages[index]! }));
    const winners = passwords.filter((_, index) => saved[index]!.saved);
    const { password_hash } = (await findUser(world.db, person.id))!;
    const matching = (await Promise.all(passwords.map(async (password) => ((await verify(password_hash!, password)) ? [password] : [])))).flat();
    expect(matching).toHaveLength(1);
    expect(winners).toEqual(matching);
    expect(saved.map(({ outcome }) => outcome)).toEqual(Array(SUBMITS).fill('done'));
    expect(await world.db('messages').where({ flow_id: flow.id, purpose: 'password-changed' })).toHaveLength(1);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'reset.done' })).toHaveLength(1);
  });

  test('check 5: after a kill the winner\'s repeat is told that its password is saved, and no other is', async () => {
    const { world, flow, secret } = await askFor('code');
    await world.enter(flow, secret);
    const [mine, another] = [await stagePassword(world.db, flow, 'a fine long password'), await stagePassword(world.db, flow, 'one more long password')];
    // The worker is killed after the commit: nobody heard of it, and the engine may hand the other request over first.
    await world.activities.commitPassword({ flowId: flow.id, stageId: mine });
    expect(await world.activities.commitPassword({ flowId: flow.id, stageId: another })).toEqual({ outcome: 'done', saved: false });
    expect(await world.activities.commitPassword({ flowId: flow.id, stageId: mine })).toEqual({ outcome: 'done', saved: true });
  });

  test('check 5: a password staged after the reset is over leaves nothing behind', async () => {
    const { world, flow, secret } = await askFor('code');
    await world.enter(flow, secret);
    await world.activities.commitPassword({ flowId: flow.id, stageId: await stagePassword(world.db, flow, 'a fine long password') });
    await expect(stagePassword(world.db, flow, 'one more long password')).rejects.toMatchObject({ slug: 'flow-done' });
    expect(await world.db('staged_passwords').where({ flow_id: flow.id }).whereNot({ hash: '' })).toEqual([]);
  });
});
