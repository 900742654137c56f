import { openDatabase } from '../../db/connection';
import { clearCodeFailures, codeLock } from '../../db/code-failures';
import type { FlowRow } from '../../db/flows';
import type { UserRow } from '../../db/users';
import { inTransaction } from '../../db/connection';
import { addressDigest } from '../../security/digests';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, DAY_MS, HOUR_MS, MINUTE_MS, ResetWorld } from '../support/reset-world';

type Person = UserRow & { mobile: string | null };
const LOCKED = { result: 'ended', outcome: 'locked' };

eachDatabase('wrong codes', (database) => {
  async function scene() {
    // The caps of text messages are another matter.
    const world = new ResetWorld(database.db(), { smsPerNumberDaily: 1_000 });
    return { world, person: await addPerson(world.db, await addAccount(world.db)) };
  }
  async function askForCode(world: ResetWorld, person: Person): Promise<{ flow: FlowRow; code: string }> {
    const flow = await world.flow(person.email, 'code');
    await world.issue(flow);
    return { flow, code: world.sms.code(person.mobile) };
  }
  const wrongFor = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  /** Enters wrong codes until the flow ends, at most so many; answers with the last verdict. */
  async function enterWrong(world: ResetWorld, person: Person, most: number) {
    const { flow, code } = await askForCode(world, person);
    let verdict = await world.enter(flow, wrongFor(code));
    for (let entered = 1; entered < most && verdict.result === 'wrong'; entered += 1) verdict = await world.enter(flow, wrongFor(code));
    return { flow, code, verdict };
  }
  const lockOf = (world: ResetWorld, person: Person) => codeLock(world.db, addressDigest(world.deps.keys, person.email), world.clock.read());

  test('check 12: the fifth wrong entry of one code ends it, the right one comes too late', async () => {
    const { world, person } = await scene();
    const { flow, code } = await askForCode(world, person);
    for (const attemptsLeft of [4, 3, 2, 1]) expect(await world.enter(flow, wrongFor(code))).toEqual({ result: 'wrong', attemptsLeft });
    expect(await world.enter(flow, wrongFor(code))).toEqual(LOCKED);
    expect(await world.enter(flow, code)).toEqual(LOCKED);
    expect(await world.db('flow_secrets').where({ flow_id: flow.id }).pluck('state')).toEqual(['locked']);
  });

  test('check 12: sixteen wrong entries at once are counted one by one, and no more than five', async () => {
    const { world, person } = await scene();
    const { flow, code } = await askForCode(world, person);
    const verdicts = await Promise.all(Array.from({ length: 16 }, () => world.enter(flow, wrongFor(code))));
    expect(verdicts.filter(({ result }) => result === 'wrong')).toHaveLength(4);
    expect(verdicts.filter(({ result }) => result === 'ended')).toHaveLength(12);
    expect((await lockOf(world, person)).total).toBe(5);
  });

  test('checks 7 and 13: neither another code nor another flow starts the count again', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person, 3);
    const { flow } = await askForCode(world, person);
    world.clock.advance(MINUTE_MS);
    await world.issue(await world.nextRound(flow));
    const code = world.sms.code(person.mobile);
    expect(await world.enter(flow, wrongFor(code))).toEqual({ result: 'wrong', attemptsLeft: 4 });
    expect(await world.enter(flow, wrongFor(code))).toEqual(LOCKED);
    const again = await askForCode(world, person);
    expect(await world.enter(again.flow, again.code)).toEqual(LOCKED);
  });

  test('check 13: the count is the person\'s, known or not, and nobody else\'s', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person, 5);
    const other = await addPerson(world.db, await addAccount(world.db));
    const { flow, code } = await askForCode(world, other);
    expect(await world.enter(flow, code)).toEqual({ result: 'right' });
    const unknown = await world.flow(`nobody@${person.email.split('@')[1]}`, 'code');
    await world.issue(unknown);
    for (let entered = 1; entered < 5; entered += 1) expect((await world.enter(unknown, '000000')).result).toBe('wrong');
    expect(await world.enter(unknown, '000000')).toEqual(LOCKED);
  });

  test('check 13: the count survives a restart', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person, 5);
    const reopened = openDatabase(database.settings());
    try {
      const restarted = new ResetWorld(reopened, { clock: world.clock });
      const { flow, code } = await askForCode(restarted, person);
      expect(await restarted.enter(flow, code)).toEqual(LOCKED);
    } finally {
      await reopened.destroy();
    }
  });

  test('checks 7 and 18: five lock for 15 minutes, doubling up to a day', async () => {
    const { world, person } = await scene();
    const minutes: number[] = [];
    for (let lock = 0; lock < 9; lock += 1) {
      await enterWrong(world, person, 5);
      const { until } = await lockOf(world, person);
      minutes.push((until! - world.clock.read()) / MINUTE_MS);
      world.clock.advance(until! - world.clock.read());
      expect((await lockOf(world, person)).until).toBeNull();
    }
    expect(minutes).toEqual([15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
  });

  test('check 7: while codes are refused a right one is refused too, a moment later it is accepted', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person, 5);
    world.clock.advance(15 * MINUTE_MS - 10);
    const early = await askForCode(world, person);
    expect(await world.enter(early.flow, early.code)).toEqual(LOCKED);
    world.clock.advance(10);
    const { flow, code } = await askForCode(world, person);
    expect(await world.enter(flow, code)).toEqual({ result: 'right' });
    expect(await lockOf(world, person)).toEqual({ total: 0, until: null });
  });

  test('check 12: after a hundred, codes are off until an administrator lifts it', async () => {
    const { world, person } = await scene();
    while ((await lockOf(world, person)).total < 100) {
      await enterWrong(world, person, 5);
      world.clock.advance(DAY_MS);
    }
    expect(await lockOf(world, person)).toEqual({ total: 100, until: Infinity });
    world.clock.advance(365 * DAY_MS);
    const refused = await askForCode(world, person);
    expect(await world.enter(refused.flow, refused.code)).toEqual(LOCKED);
    // A reset by another way is the person's, but lifting it is the administrator's.
    const link = await world.flow(person.email, 'link');
    await world.issue(link);
    await world.enter(link, world.email.token(person.email));
    await world.db('staged_passwords').insert({ id: link.id.slice(0, 36), flow_id: link.id, hash: 'the new one' });
    expect((await world.activities.commitPassword({ flowId: link.id, stageId: link.id.slice(0, 36) })).saved).toBe(true);
    expect((await lockOf(world, person)).until).toBe(Infinity);
    await inTransaction(world.db, (tx) => clearCodeFailures(tx, addressDigest(world.deps.keys, person.email)));
    const { flow, code } = await askForCode(world, person);
    expect(await world.enter(flow, code)).toEqual({ result: 'right' });
  });

  test('checks 17 and 18: who is locked out of codes resets by link, and the account is as it was', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person, 5);
    expect(await world.db('users').where({ id: person.id }).first()).toMatchObject({ status: 'active', password_hash: 'the old one' });
    const flow = await world.flow(person.email, 'link');
    await world.issue(flow);
    expect(await world.enter(flow, world.email.token(person.email))).toEqual({ result: 'right' });
  });

  test('check 17: wrong links and wrong temporary passwords count nothing against codes', async () => {
    const { world, person } = await scene();
    for (const variant of ['link', 'temporary-password'] as const) {
      const flow = await world.flow(person.email, variant);
      await world.issue(flow);
      for (let entered = 0; entered < 5; entered += 1) await world.enter(flow, 'not it');
    }
    expect(await lockOf(world, person)).toEqual({ total: 0, until: null });
    const { flow, code } = await askForCode(world, person);
    expect(await world.enter(flow, code)).toEqual({ result: 'right' });
  });

  test('check 65: each wrong entry and the lock are on record', async () => {
    const { world, person } = await scene();
    const { flow } = await enterWrong(world, person, 5);
    const actions = await world.db('audit').where({ flow_id: flow.id }).orderBy('seq').pluck('action');
    expect(actions).toEqual(['reset.requested', 'reset.issued', ...Array(5).fill('reset.wrong'), 'reset.locked']);
  });

  test('check 18: a lock of one hour has passed after an hour', async () => {
    const { world, person } = await scene();
    for (const wait of [15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS]) {
      await enterWrong(world, person, 5);
      expect((await lockOf(world, person)).until).toBe(world.clock.read() + wait);
      world.clock.advance(wait);
    }
    const { flow, code } = await askForCode(world, person);
    expect(await world.enter(flow, code)).toEqual({ result: 'right' });
  });
});
