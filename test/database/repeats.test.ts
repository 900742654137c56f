import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../db/connection';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, ResetWorld } from '../support/reset-world';

eachDatabase('called twice, done once', (database) => {
  async function askFor(variant: 'code' | 'link' | 'temporary-password') {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, variant);
    await world.issue(flow);
    return { world, person, flow };
  }
  const wrongFor = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  test('a repeated wrong entry gets the first verdict and counts once', async () => {
    const { world, person, flow } = await askFor('code');
    const updateId = randomUUID();
    const wrong = wrongFor(world.sms.code(person.mobile));
    const first = await world.enter(flow, wrong, updateId);
    // The worker was killed after its transaction: the engine has another one call again.
    expect(await world.enter(flow, wrong, updateId)).toEqual(first);
    expect(await world.enter(flow, wrong, updateId)).toEqual({ result: 'wrong', attemptsLeft: 4 });
    expect(await world.db('flow_secrets').where({ flow_id: flow.id }).pluck('wrong')).toEqual([1]);
    expect(await world.db('code_failures').where({ person: flow.person }).pluck('total')).toEqual([1]);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'reset.wrong' })).toHaveLength(1);
  });

  test('a repeated right entry is right again, with one handle that goes on', async () => {
    const { world, person, flow } = await askFor('code');
    const attempt = { ...(await world.proof(flow, world.sms.code(person.mobile))), flowId: flow.id, updateId: randomUUID() };
    expect(await world.activities.verifySecret(attempt)).toEqual({ result: 'right' });
    expect(await world.activities.verifySecret(attempt)).toEqual({ result: 'right' });
    expect(await world.db('flow_handles').where({ flow_id: flow.id, role: 'proof' }).pluck('digest')).toEqual([attempt.proofHandle]);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'reset.proven' })).toHaveLength(1);
  });

  test('the entry that locked is repeated as the one that locked', async () => {
    const { world, person, flow } = await askFor('code');
    const wrong = wrongFor(world.sms.code(person.mobile));
    for (let entered = 0; entered < 4; entered += 1) await world.enter(flow, wrong);
    const updateId = randomUUID();
    expect(await world.enter(flow, wrong, updateId)).toEqual({ result: 'ended', outcome: 'locked' });
    expect(await world.enter(flow, wrong, updateId)).toEqual({ result: 'ended', outcome: 'locked' });
    expect(await world.db('code_failures').where({ person: flow.person }).pluck('total')).toEqual([5]);
  });

  test('a local activity that runs twice at once, in two processes, counts once', async () => {
    const { world, person, flow } = await askFor('code');
    const another = openDatabase(database.settings());
    try {
      const attempt = { ...(await world.proof(flow, wrongFor(world.sms.code(person.mobile)))), flowId: flow.id, updateId: randomUUID() };
      const verdicts = await Promise.all([world.activities, world.elsewhere(another), world.activities, world.elsewhere(another)].map((activities) => activities.verifySecret(attempt)));
      expect(verdicts).toEqual(Array(4).fill({ result: 'wrong', attemptsLeft: 4 }));
      expect(await world.db('code_failures').where({ person: flow.person }).pluck('total')).toEqual([1]);
    } finally {
      await another.destroy();
    }
  });

  test('one request for a code sends one text, however often it is carried out', async () => {
    const { world, person, flow } = await askFor('code');
    const code = world.sms.code(person.mobile);
    for (let repeat = 0; repeat < 3; repeat += 1) expect(await world.issue(flow)).toMatchObject({ delivery: 'sent', ended: null });
    expect(world.sms.to(person.mobile)).toHaveLength(1);
    expect(await world.enter(flow, code)).toEqual({ result: 'right' });
  });

  test('two workers that carry out one request at once send one text', async () => {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, 'code');
    const another = openDatabase(database.settings());
    try {
      await Promise.all([world.activities, world.elsewhere(another)].map((activities) => world.untilDone(() => world.run(activities.issueSecret, { flowId: flow.id, round: 1 }))));
      await world.issue(flow);
      expect(world.sms.to(person.mobile)).toHaveLength(1);
      expect(await world.enter(flow, world.sms.code(person.mobile))).toEqual({ result: 'right' });
    } finally {
      await another.destroy();
    }
  });

  test('where nothing was sent on purpose, a repeat says so too', async () => {
    const world = new ResetWorld(database.db());
    const flow = await world.flow(`nobody@${(await addAccount(world.db)).domain}`, 'code');
    expect((await world.issue(flow)).delivery).toBe('silent');
    expect((await world.issue(flow)).delivery).toBe('silent');
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'reset.suppressed' })).toHaveLength(1);
  });

  test.each(['link', 'temporary-password'] as const)('an e-mail with a %s whose answer was lost is sent again as it was, under the same Message-ID', async (variant) => {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, variant);
    world.email.faults.push('lose-answer');
    await world.issue(flow);
    const [first, second, ...more] = world.email.to(person.email);
    expect(more).toEqual([]);
    expect(second).toEqual(first);
    const [messageId] = await world.db('messages').where({ flow_id: flow.id }).pluck('id');
    expect(first!.messageId).toBe(`<${messageId}@127.0.0.1>`);
  });

  test('an e-mail whose sender was killed is sent again as it was, until its link has been used', async () => {
    const { world, person, flow } = await askFor('link');
    const token = world.email.token(person.email);
    const sealed = await sealedOf(world, flow.id);
    expect(sealed).toEqual([null]);
    const killed = await world.flow(person.email, 'link');
    const send = world.email.send.bind(world.email);
    world.email.send = async (email) => {
      await send(email);
      throw new Error('killed');
    };
    await expect(world.issueOnce(killed)).rejects.toThrow('killed');
    world.email.send = send;
    expect(await world.db('messages').where({ flow_id: killed.id }).pluck('state')).toEqual(['attempting']);
    const newer = world.email.token(person.email);
    expect(newer).not.toBe(token);
    expect(await world.enter(killed, newer)).toEqual({ result: 'right' });
    await world.issue(killed);
    expect(world.email.to(person.email)).toHaveLength(2);
    expect(await world.db('messages').where({ flow_id: killed.id }).first('state', 'sealed')).toEqual({ state: 'superseded', sealed: null });
  });

  test('a password is saved once, its notices are queued once and its audit record is written once', async () => {
    const { world, person, flow } = await askFor('code');
    await world.enter(flow, world.sms.code(person.mobile));
    await world.db('staged_passwords').insert({ id: 'a stage', flow_id: flow.id, hash: 'the new one' });
    const commit = () => world.activities.commitPassword({ flowId: flow.id, stageId: 'a stage' });
    expect([await commit(), await commit()]).toEqual(Array(2).fill({ outcome: 'done', saved: true }));
    for (let repeat = 0; repeat < 2; repeat += 1) await world.run(world.activities.sendNotices, { flowId: flow.id });
    expect(world.email.to(person.email).map(({ subject }) => subject)).toEqual(['Postern: your password was changed']);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'reset.done' })).toHaveLength(1);
  });

  test('an ending is written once, and the first one stays', async () => {
    const { world, flow } = await askFor('code');
    expect(await world.activities.endFlow({ flowId: flow.id, outcome: 'cancelled' })).toEqual({ outcome: 'cancelled' });
    expect(await world.activities.endFlow({ flowId: flow.id, outcome: 'expired' })).toEqual({ outcome: 'cancelled' });
    expect(await world.db('audit').where({ flow_id: flow.id }).whereIn('action', ['reset.cancelled', 'reset.expired'])).toHaveLength(1);
  });

  const sealedOf = (world: ResetWorld, flowId: string): Promise<(string | null)[]> => world.db('messages').where({ flow_id: flowId }).pluck('sealed');
});
