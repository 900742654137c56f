import { failureKey, failureLock } from '../../../db/sign-in-failures';
import { openDatabase } from '../../../db/connection';
import type { PasswordAnswer } from '../../../domain/directory';
import { passwordLockMs } from '../../../domain/sign-in';
import { addressDigest } from '../../../security/digests';
import { eachDatabase } from '../../support/database';
import { addAccount, DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/reset-world';
import { PASSWORD, SignInWorld } from '../../support/sign-in-world';

const SECOND_MS = 1_000;

eachDatabase('passwords', (database) => {
  async function scene() {
    const world = new SignInWorld(database.db());
    const account = await addAccount(world.db);
    return { world, account, person: await world.person(account) };
  }
  /** What a try comes to: right, wrong, or the seconds that must be waited. */
  async function outcome(attempt: Promise<unknown>): Promise<'right' | 'wrong' | number> {
    return attempt.then((credential) => (credential ? 'right' : 'wrong'), (problem: { slug: string; headers: Record<string, string> }) => {
      expect(problem.slug).toBe('too-many-requests');
      return Number(problem.headers['Retry-After']);
    });
  }
  const lockOf = (world: SignInWorld, address: string) => failureLock(world.db, failureKey.person(addressDigest(world.deps.keys, address)), world.clock.read(), { lockMs: passwordLockMs });
  /** Enters wrong passwords, each as soon as it is allowed. Answers how many seconds had to be waited after each. */
  async function enterWrong(world: SignInWorld, address: string, times: number): Promise<number[]> {
    const waits: number[] = [];
    for (let entered = 0; entered < times; entered += 1) {
      expect(await outcome(world.tryPassword(address, 'not it'))).toBe('wrong');
      const until = await lockOf(world, address);
      waits.push(until === null ? 0 : (until - world.clock.read()) / SECOND_MS);
      if (until !== null && until !== Infinity) world.clock.advance(until - world.clock.read());
    }
    return waits;
  }

  test('check 69: only the right one of an active person, of the type it is kept by, is right', async () => {
    const { world, account, person } = await scene();
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe('right');
    expect(await outcome(world.tryPassword(person.email.toUpperCase(), PASSWORD))).toBe('right');
    const others = [
      [person.email, `${PASSWORD} `], [`nobody@${account.domain}`, PASSWORD],
      [(await world.person(account, { status: 'disabled' })).email, PASSWORD], [(await world.person(account, { authentication: 'domain' })).email, PASSWORD],
      [(await world.person(account, { password_hash: null })).email, PASSWORD],
    ] as const;
    for (const [address, password] of others) expect([address, await outcome(world.tryPassword(address, password))]).toEqual([address, 'wrong']);
  });

  test('checks 12 and 18: from the third wrong one a growing delay, from the tenth 15 minutes doubling to a day', async () => {
    const { world, person } = await scene();
    const waits = await enterWrong(world, person.email, 18);
    expect(waits.slice(0, 9)).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64]);
    expect(waits.slice(9).map((seconds) => seconds / 60)).toEqual([15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe('right');
    expect(await enterWrong(world, person.email, 2)).toEqual([0, 0]);
  });

  test('check 18: while it must be waited the right one is refused too, a moment later it is right', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person.email, 9);
    await outcome(world.tryPassword(person.email, 'not it'));
    world.clock.advance(15 * MINUTE_MS - 1);
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe(1);
    world.clock.advance(1);
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe('right');
  });

  test('check 12: sixteen at once are judged no more often than one after the other', async () => {
    const { world, person } = await scene();
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => outcome(world.tryPassword(person.email, 'not it'))));
    expect(outcomes.filter((each) => each === 'wrong')).toHaveLength(3);
    expect(outcomes.filter((each) => each === 1)).toHaveLength(13);
  });

  test('check 12: after a hundred in a row no password is right until an administrator, or a reset, clears the count', async () => {
    const { world, person } = await scene();
    await enterWrong(world, person.email, 99);
    await outcome(world.tryPassword(person.email, 'not it'));
    world.clock.advance(365 * DAY_MS);
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe(DAY_MS / SECOND_MS);
    const reset = await world.flow(person.email, 'link');
    await world.issue(reset);
    await world.enter(reset, world.email.token(person.email));
    await world.db('staged_passwords').insert({ id: reset.id.slice(0, 36), flow_id: reset.id, hash: person.password_hash });
    expect((await world.activities.commitPassword({ flowId: reset.id, stageId: reset.id.slice(0, 36) })).saved).toBe(true);
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe('right');
  });

  test('checks 13 and 20: an address that nobody has is counted, delayed and locked as a known one', async () => {
    const { world, account, person } = await scene();
    expect(await enterWrong(world, `nobody@${account.domain}`, 12)).toEqual(await enterWrong(world, person.email, 12));
  });

  test('check 13: the count is the person\'s, whatever the origin, and survives a restart', async () => {
    const { world, account, person } = await scene();
    for (const origin of ['192.0.2.1', '192.0.2.2', '198.51.100.7']) expect(await outcome(world.tryPassword(person.email, 'not it', { origin }))).toBe('wrong');
    const reopened = openDatabase(database.settings());
    try {
      const restarted = new SignInWorld(reopened, { clock: world.clock });
      expect(await outcome(restarted.tryPassword(person.email, PASSWORD, { origin: '203.0.113.9' }))).toBe(1);
    } finally {
      await reopened.destroy();
    }
    expect(await outcome(world.tryPassword((await world.person(account)).email, PASSWORD))).toBe('right');
  });

  describe('of one origin', () => {
    const few = (world: SignInWorld) => ({ deps: { limits: { ...world.signInApi.limits, wrongPerOrigin: 4 } } });
    async function spray(world: SignInWorld, times: number, origin: string): Promise<(string | number)[]> {
      const account = await addAccount(world.db);
      const outcomes: (string | number)[] = [];
      for (let sprayed = 0; sprayed < times; sprayed += 1) outcomes.push(await outcome(world.tryPassword(`person${sprayed}@${account.domain}`, 'Summer2026', { origin, ...few(world) })));
      return outcomes;
    }

    test('check 13: one password tried on many people is stopped, longer each time, and nobody else is held up', async () => {
      const { world, person } = await scene();
      const origin = `192.0.2.${world.clock.read() % 200}`;
      expect(await spray(world, 6, origin)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 900, 900]);
      expect(await outcome(world.tryPassword(person.email, PASSWORD, { origin, ...few(world) }))).toBe(900);
      expect(await outcome(world.tryPassword(person.email, PASSWORD, { origin: '203.0.113.50', ...few(world) }))).toBe('right');
      world.clock.advance(15 * MINUTE_MS);
      expect(await spray(world, 5, origin)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 1_800]);
    });

    test('right passwords are not counted, and after an hour without a wrong one the count begins anew', async () => {
      const { world, person } = await scene();
      const origin = '198.51.100.200';
      for (let entered = 0; entered < 8; entered += 1) expect(await outcome(world.tryPassword(person.email, PASSWORD, { origin, ...few(world) }))).toBe('right');
      expect(await spray(world, 3, origin)).toEqual(['wrong', 'wrong', 'wrong']);
      world.clock.advance(HOUR_MS);
      expect(await spray(world, 4, origin)).toEqual(['wrong', 'wrong', 'wrong', 'wrong']);
    });
  });

  describe('kept by a directory', () => {
    async function withDirectory(answer: PasswordAnswer) {
      const asked: unknown[] = [];
      const { world, account } = await scene();
      const person = await world.person(account, { authentication: 'domain', password_hash: null });
      const directory = { check: async (...given: unknown[]) => (asked.push(given), answer) };
      const attempt = (address = person.email) => world.tryPassword(address, 'of the directory', { authentication: 'domain', deps: { directory } });
      return { world, account, person, asked, attempt };
    }

    test('check 69: are asked of the directory, also for somebody unknown here, who is never right', async () => {
      const { account, person, asked, attempt, world } = await withDirectory('right');
      expect(await outcome(attempt())).toBe('right');
      expect(await outcome(attempt(`nobody@${account.domain}`))).toBe('wrong');
      expect(await outcome(attempt((await world.person(account)).email))).toBe('wrong');
      expect(asked).toHaveLength(3);
      expect(asked[0]).toEqual([account.code, { email: person.email }, 'of the directory']);
    });

    test('check 69: another account\'s directory vouches for nobody here', async () => {
      const { world, person } = await withDirectory('right');
      const { code } = await addAccount(world.db);
      const directory = { check: async () => 'right' as const };
      expect(await outcome(world.tryPassword(person.email, 'of their directory', { accountCode: code, authentication: 'domain', deps: { directory } }))).toBe('wrong');
    });

    test('are counted when they are wrong', async () => {
      const { world, person, attempt } = await withDirectory('wrong');
      for (let entered = 0; entered < 3; entered += 1) expect(await outcome(attempt())).toBe('wrong');
      expect(await lockOf(world, person.email)).toBe(world.clock.read() + SECOND_MS);
    });

    test('are neither right nor wrong while it is away, and nothing is counted', async () => {
      const { world, person, attempt } = await withDirectory('unavailable');
      for (let entered = 0; entered < 5; entered += 1) await expect(attempt()).rejects.toMatchObject({ slug: 'directory-unavailable' });
      expect(await lockOf(world, person.email)).toBeNull();
      expect(await world.db('audit').where({ subject: addressDigest(world.deps.keys, person.email) })).toEqual([]);
    });
  });

  test('check 17: wrong codes of a reset hold up no sign-in, and wrong passwords no reset', async () => {
    const { world, person } = await scene();
    const reset = await world.flow(person.email, 'code');
    await world.issue(reset);
    for (let entered = 0; entered < 5; entered += 1) await world.enter(reset, 'wrong');
    expect(await outcome(world.tryPassword(person.email, PASSWORD))).toBe('right');
    await enterWrong(world, person.email, 12);
    const link = await world.flow(person.email, 'link');
    await world.issue(link);
    expect((await world.enter(link, world.email.token(person.email))).result).toBe('right');
  });

  test('check 65: wrong passwords are on record, of people known or not, and never the password', async () => {
    const { world, account, person } = await scene();
    for (const address of [person.email, `nobody@${account.domain}`]) {
      await outcome(world.tryPassword(address, 'kzvtqwmxhb'));
      const [record, ...more] = await world.db('audit').where({ subject: addressDigest(world.deps.keys, address) });
      expect([record, more]).toEqual([expect.objectContaining({ action: 'sign-in.password-wrong', details: '{"authentication":"cloud"}' }), []]);
    }
  });

  describe('sent by a reset', () => {
    async function sent() {
      const all = await scene();
      const reset = await all.world.flow(all.person.email, 'temporary-password');
      await all.world.issue(reset);
      return { ...all, reset, temporary: all.world.email.temporaryPassword(all.person.email) };
    }

    test('check 41: are right, blanks around them forgiven, and lead to a change; the old one goes on', async () => {
      const { world, person, reset, temporary } = await sent();
      expect(await world.tryPassword(person.email, ` ${temporary}\n`)).toMatchObject({ completes: reset.id, mustChange: true });
      expect(await world.tryPassword(person.email, PASSWORD)).toMatchObject({ completes: null, mustChange: false });
    });

    test('check 41: are wrong once expired, or replaced by another', async () => {
      const { world, person, temporary } = await sent();
      await world.issue(await world.flow(person.email, 'temporary-password'));
      expect(await world.tryPassword(person.email, temporary)).toBeNull();
      world.clock.advance(72 * HOUR_MS);
      expect(await world.tryPassword(person.email, world.email.temporaryPassword(person.email))).toBeNull();
    });

    test('check 9: are somebody else\'s nobody\'s', async () => {
      const { world, account, temporary } = await sent();
      expect(await world.tryPassword((await world.person(account)).email, temporary)).toBeNull();
    });
  });

  test('check 41: a supplied password says that it must be changed', async () => {
    const { world, account } = await scene();
    const person = await world.person(account, { password_temporary: true, password_expires_at: world.clock.read() + HOUR_MS });
    expect(await world.tryPassword(person.email, ` ${PASSWORD} `)).toMatchObject({ completes: null, mustChange: true });
  });
});
