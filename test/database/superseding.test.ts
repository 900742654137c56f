import type { Knex } from 'knex';
import { openDatabase } from '../../db/connection';
import type { FlowRow } from '../../db/flows';
import { liveTemporaryPassword } from '../../db/secrets';
import type { UserRow } from '../../db/users';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, MINUTE_MS, ResetWorld } from '../support/reset-world';

type Person = UserRow & { mobile: string | null };

eachDatabase('a newer secret replaces an earlier one', (database) => {
  let another: Knex;
  beforeAll(() => {
    another = openDatabase(database.settings());
  });
  afterAll(() => another.destroy());

  async function scene() {
    const world = new ResetWorld(database.db());
    return { world, person: await addPerson(world.db, await addAccount(world.db)) };
  }
  async function askFor(world: ResetWorld, person: Person, variant: 'code' | 'link' | 'temporary-password') {
    const flow = await world.flow(person.email, variant);
    await world.issue(flow);
    return { flow, secret: secretIn(world, person, flow) };
  }
  const secretIn = (world: ResetWorld, person: Person, flow: FlowRow): string =>
    ({ code: () => world.sms.code(person.mobile), link: () => world.email.token(person.email), 'temporary-password': () => world.email.temporaryPassword(person.email), invitation: () => '' })[flow.variant!]();
  async function save(world: ResetWorld, flow: FlowRow) {
    await world.db('staged_passwords').insert({ id: `stage of ${flow.id.slice(0, 20)}`, flow_id: flow.id, hash: 'the new one' });
    return world.activities.commitPassword({ flowId: flow.id, stageId: `stage of ${flow.id.slice(0, 20)}` });
  }

  const variants = ['code', 'link', 'temporary-password'] as const;
  test.each(variants.flatMap((first) => variants.map((second) => [first, second] as const)))('check 6: should not be able to use a first %s after asking for a %s in another browser', async (first, second) => {
    const { world, person } = await scene();
    const earlier = await askFor(world, person, first);
    const later = await askFor(world, person, second);
    expect(await world.db('flow_secrets').where({ flow_id: earlier.flow.id }).pluck('state')).toEqual(['superseded']);
    expect(await world.enter(earlier.flow, earlier.secret)).toEqual({ result: 'ended', outcome: 'superseded' });
    if (first === second) expect((await world.enter(later.flow, earlier.secret)).result).toBe('wrong');
    expect(await world.enter(later.flow, later.secret)).toEqual({ result: 'right' });
  });

  test('check 6: should not be able to use a first link after re-sending', async () => {
    const { world, person } = await scene();
    const { flow, secret } = await askFor(world, person, 'link');
    world.clock.advance(MINUTE_MS);
    await world.issue(await world.nextRound(flow));
    expect((await world.enter(flow, secret)).result).toBe('wrong');
    expect(await world.enter(flow, world.email.token(person.email))).toEqual({ result: 'right' });
  });

  test('check 6: what somebody else asks for replaces nothing of mine', async () => {
    const { world, person } = await scene();
    const mine = await askFor(world, person, 'link');
    await askFor(world, await addPerson(world.db, await addAccount(world.db)), 'link');
    expect(await world.enter(mine.flow, mine.secret)).toEqual({ result: 'right' });
  });

  test('check 6: a request that a limit refuses replaces nothing, and its secret is nobody\'s', async () => {
    const { world, person } = await scene();
    const mine = await askFor(world, person, 'temporary-password');
    const refused = await world.flow(person.email, 'temporary-password', { limited: true });
    expect(await world.issue(refused)).toMatchObject({ delivery: 'silent', superseded: [] });
    expect(world.email.to(person.email)).toHaveLength(1);
    expect(await liveTemporaryPassword(world.db, mine.flow.person, world.clock.read())).toMatchObject({ flow_id: mine.flow.id });
    expect(await world.enter(mine.flow, mine.secret)).toEqual({ result: 'right' });
  });

  test('check 6: a code that the number\'s cap refuses replaces nothing, and looks the same for an address that nobody has', async () => {
    const world = new ResetWorld(database.db(), { smsPerNumberDaily: 1 });
    const account = await addAccount(world.db);
    const person = await addPerson(world.db, account);
    const steps: string[][] = [];
    for (const address of [person.email, `nobody@${account.domain}`]) {
      const flows = [await world.flow(address, 'code')];
      await world.issue(flows[0]!);
      flows.push(await world.flow(address, 'code'));
      await world.issue(flows[1]!);
      steps.push(await Promise.all(flows.map(async ({ id }) => (await world.row(id)).step)));
      if (address === person.email) expect(await world.enter(flows[0]!, world.sms.code(person.mobile))).toEqual({ result: 'right' });
    }
    expect(steps[0]).toEqual(['enter-code', 'enter-code']);
    expect(steps[1]).toEqual(steps[0]);
    expect(world.sms.to(person.mobile)).toHaveLength(1);
  });

  test('check 6: an invitation by an administrator replaces nothing', async () => {
    const { world, person } = await scene();
    const mine = await askFor(world, person, 'link');
    await world.issue(await world.flow(person.email, 'invitation'));
    expect(world.sms.to(person.mobile)).toHaveLength(1);
    expect(await world.enter(mine.flow, mine.secret)).toEqual({ result: 'right' });
  });

  test('check 11: a new password ends every other secret of the person', async () => {
    const { world, person } = await scene();
    const mine = await askFor(world, person, 'link');
    await world.enter(mine.flow, mine.secret);
    const code = await askFor(world, person, 'code');
    const password = await askFor(world, person, 'temporary-password');
    await save(world, mine.flow);
    expect((await world.enter(password.flow, password.secret)).result).toBe('wrong');
    expect((await world.enter(code.flow, code.secret)).result).not.toBe('right');
    expect(await world.db('flow_secrets').where({ person: mine.flow.person, state: 'live' })).toEqual([]);
  });

  test('check 11: a new password ends a proof that somebody else gave before, and what they staged', async () => {
    const { world, person } = await scene();
    const theirs = await askFor(world, person, 'code');
    await world.enter(theirs.flow, theirs.secret);
    const mine = await askFor(world, person, 'link');
    await world.enter(mine.flow, mine.secret);
    await world.db('staged_passwords').insert({ id: theirs.flow.id.slice(0, 36), flow_id: theirs.flow.id, hash: 'theirs' });
    expect(await save(world, mine.flow)).toEqual({ outcome: 'done', saved: true });
    expect(await world.activities.commitPassword({ flowId: theirs.flow.id, stageId: theirs.flow.id.slice(0, 36) })).toEqual({ outcome: 'superseded', saved: false });
    expect(await world.db('users').where({ id: person.id }).pluck('password_hash')).toEqual(['the new one']);
    expect(await world.db('staged_passwords').where({ flow_id: theirs.flow.id })).toEqual([]);
  });

  test('check 11: what waits to be sent with a dead secret is never sent', async () => {
    const { world, person } = await scene();
    const mine = await askFor(world, person, 'link');
    await world.enter(mine.flow, mine.secret);
    const late = await world.flow(person.email, 'code');
    world.sms.faults.push('later');
    await expect(world.issueOnce(late)).rejects.toMatchObject({ type: 'DeliverLater' });
    await save(world, mine.flow);
    expect(await world.db('messages').where({ flow_id: late.id }).first('state', 'sealed')).toEqual({ state: 'superseded', sealed: null });
    await world.issue(late);
    expect(world.sms.to(person.mobile)).toEqual([]);
  });

  test.each([
    ['as they come', (sends: (() => Promise<unknown>)[]) => Promise.allSettled(sends.map((send) => send()))],
    ['the later first', async (sends: (() => Promise<unknown>)[]) => {
      for (const send of [...sends].reverse()) await send();
    }],
    ['the earlier first', async (sends: (() => Promise<unknown>)[]) => {
      for (const send of sends) await send();
    }],
  ])('check 68a: of two requests issued at once the code in the last message is the valid one: %s', async (_order, run) => {
    const { world, person } = await scene();
    const flows = [await world.flow(person.email, 'code')];
    flows.push(await world.flow(person.email, 'code'));
    const processes = [world.activities, world.elsewhere(another)];
    await run(flows.map((flow, index) => () => world.untilDone(() => world.run(processes[index]!.issueSecret, { flowId: flow.id, round: 1 }))));
    // The request that lost the race is tried again by its engine.
    for (const flow of flows) await world.issue(flow);
    const last = world.sms.code(person.mobile);
    expect(await world.enter(flows[1]!, last)).toEqual({ result: 'right' });
    expect(await world.enter(flows[0]!, last)).toEqual({ result: 'ended', outcome: 'superseded' });
  });

  test('check 68a: many requests at once, several times over, never end with a dead code on the phone', async () => {
    const { world, person } = await scene();
    for (let turn = 0; turn < 5; turn += 1) {
      const flows: FlowRow[] = [];
      for (let request = 0; request < 4; request += 1) {
        flows.push(await world.flow(person.email, 'code'));
      }
      const known = world.sms.to(person.mobile).length;
      await Promise.all(flows.map((flow, index) => world.untilDone(() => world.run((index % 2 ? world.activities : world.elsewhere(another)).issueSecret, { flowId: flow.id, round: 1 }))));
      expect(world.sms.to(person.mobile).length).toBeGreaterThan(known);
      expect(await world.enter(flows.at(-1)!, world.sms.code(person.mobile))).toEqual({ result: 'right' });
      await save(world, flows.at(-1)!);
    }
  });

  test('check 68a: a text that the provider put off does not overtake the newer one', async () => {
    const { world, person } = await scene();
    const earlier = await world.flow(person.email, 'code');
    world.sms.faults.push('later');
    await expect(world.issueOnce(earlier)).rejects.toMatchObject({ type: 'DeliverLater' });
    const later = await askFor(world, person, 'code');
    await world.issue(earlier);
    expect(world.sms.to(person.mobile)).toHaveLength(1);
    expect(await world.enter(later.flow, later.secret)).toEqual({ result: 'right' });
  });

  test('check 68a: a newer text waits for an earlier one that is on its way', async () => {
    const { world, person } = await scene();
    const earlier = await world.flow(person.email, 'code');
    let during: Promise<unknown> = Promise.resolve();
    const send = world.sms.send.bind(world.sms);
    world.sms.send = async (sms) => {
      world.sms.send = send;
      const later = await world.flow(person.email, 'code');
      during = world.issueOnce(later).catch((error: unknown) => error);
      await during;
      return send(sms);
    };
    await world.issue(earlier);
    expect(await during).toMatchObject({ type: 'DeliverLater' });
    expect(world.sms.to(person.mobile)).toHaveLength(1);
    const [later] = await world.db<FlowRow>('flows').where({ person: earlier.person, outcome: null });
    await world.issue(later!);
    expect(world.sms.to(person.mobile)).toHaveLength(2);
    expect(await world.enter(later!, world.sms.code(person.mobile))).toEqual({ result: 'right' });
  });
});
