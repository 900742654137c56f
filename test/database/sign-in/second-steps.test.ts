import { failureKey, failureLock } from '../../../db/sign-in-failures';
import { openDatabase } from '../../../db/connection';
import { factorLockMs } from '../../../domain/sign-in';
import { randomUUID } from 'node:crypto';
import { eachDatabase } from '../../support/database';
import { addAccount, DAY_MS, MINUTE_MS } from '../../support/reset-world';
import { SignInWorld, wrongFor } from '../../support/sign-in-world';

const LOCKED = { result: 'ended', outcome: 'locked' };
const RIGHT = expect.objectContaining({ result: 'right', step: 'done' });

eachDatabase('second steps', (database) => {
  async function scene(more: ConstructorParameters<typeof SignInWorld>[1] = {}) {
    // The caps of text messages are another matter.
    const world = new SignInWorld(database.db(), { smsPerNumberDaily: 1_000, ...more });
    const account = await addAccount(world.db);
    return { world, account, person: await world.person(account) };
  }
  /** Somebody with an enrolled number, asked for the passcode that went there. */
  async function asked(more: ConstructorParameters<typeof SignInWorld>[1] = {}) {
    const all = await scene(more);
    await all.world.enrolledPhone(all.person);
    const { id } = await all.world.proven(all.person);
    return { ...all, id, code: await all.world.passcode(id, all.person.mobile) };
  }
  const lockOf = (world: SignInWorld, kind: 'passcode' | 'totp' | 'recovery-code', userId: string) => failureLock(world.db, failureKey.factor(kind, userId), world.clock.read(), { lockMs: factorLockMs });
  const sessionsOf = (world: SignInWorld, userId: string): Promise<unknown[]> => world.db('sessions').where({ user_id: userId });

  describe('passcodes', () => {
    test('the right one signs in: one session, of two steps, and the flow is done', async () => {
      const { world, person, id, code } = await asked();
      expect(await world.enterStep(id, 'passcode', code)).toEqual(RIGHT);
      expect(await sessionsOf(world, person.id)).toEqual([expect.objectContaining({ assurance: 'two-step', flow_id: id, application: 'personal-portal', ended_at: null })]);
      expect(await world.flowOf(id)).toMatchObject({ step: 'done', outcome: 'done' });
    });

    test('check 5: of sixteen at once one is right, and one session is made', async () => {
      const { world, person, id, code } = await asked();
      const verdicts = await Promise.all(Array.from({ length: 16 }, () => world.enterStep(id, 'passcode', code)));
      expect(verdicts.filter(({ result }) => result === 'right')).toHaveLength(1);
      expect(await sessionsOf(world, person.id)).toHaveLength(1);
    });

    test('check 3: is dead after ten minutes', async () => {
      const early = await asked();
      early.world.clock.advance(10 * MINUTE_MS - 1_000);
      expect(await early.world.enterStep(early.id, 'passcode', early.code)).toEqual(RIGHT);
      const late = await asked();
      late.world.clock.advance(10 * MINUTE_MS + 1_000);
      // By its own time, whatever the flow's row says.
      await late.world.db('flows').where({ id: late.id }).update({ expires_at: late.world.clock.read() + MINUTE_MS });
      expect(await late.world.enterStep(late.id, 'passcode', late.code)).toEqual({ result: 'ended', outcome: 'expired' });
    });

    test('check 6: another one ends the one before, also of another sign-in of the person', async () => {
      const { world, person, id, code } = await asked();
      const other = await world.proven(person);
      const newest = await world.passcode(other.id, person.mobile);
      expect((await world.enterStep(id, 'passcode', code)).result).toBe('wrong');
      expect(await world.enterStep(other.id, 'passcode', newest)).toEqual(RIGHT);
    });

    test('check 9: of another flow are just wrong', async () => {
      const [mine, theirs] = [await asked(), await asked()];
      if (mine.code === theirs.code) return;
      expect((await mine.world.enterStep(mine.id, 'passcode', theirs.code)).result).toBe('wrong');
      const foreign = await theirs.world.entry(theirs.id, 'passcode', theirs.code);
      const { round, stage } = await mine.world.entry(mine.id, 'passcode', mine.code);
      expect((await mine.world.signIn.verifySecondStep({ ...foreign, flowId: mine.id, round, stage, updateId: randomUUID() })).result).toBe('wrong');
    });

    test('check 12: the fifth wrong entry ends the sign-in, the right one comes too late', async () => {
      const { world, person, id, code } = await asked();
      for (const attemptsLeft of [4, 3, 2, 1]) expect(await world.enterStep(id, 'passcode', wrongFor(code))).toEqual({ result: 'wrong', attemptsLeft });
      expect(await world.enterStep(id, 'passcode', wrongFor(code))).toEqual(LOCKED);
      expect(await world.enterStep(id, 'passcode', code)).toEqual(LOCKED);
      expect(await sessionsOf(world, person.id)).toEqual([]);
    });

    test('checks 7 and 13: another passcode, sign-in or process does not begin the count anew', async () => {
      const { world, person, id, code } = await asked();
      for (let entered = 0; entered < 3; entered += 1) await world.enterStep(id, 'passcode', wrongFor(code));
      await world.askForPasscode(id);
      const second = await world.passcode(id, person.mobile);
      expect(await world.enterStep(id, 'passcode', wrongFor(second))).toEqual({ result: 'wrong', attemptsLeft: 4 });
      const reopened = openDatabase(database.settings());
      try {
        const restarted = new SignInWorld(reopened, { clock: world.clock });
        const again = await restarted.proven(person);
        const third = await restarted.passcode(again.id, person.mobile);
        expect(await restarted.enterStep(again.id, 'passcode', wrongFor(third))).toEqual(LOCKED);
      } finally {
        await reopened.destroy();
      }
    });

    test('checks 7 and 18: five wrong ones hold the number up for 15 minutes: none is sent, and a right one is refused', async () => {
      const { world, person, id, code } = await asked();
      for (let entered = 0; entered < 5; entered += 1) await world.enterStep(id, 'passcode', wrongFor(code));
      expect(await lockOf(world, 'passcode', person.id)).toBe(world.clock.read() + 15 * MINUTE_MS);
      const again = await world.proven(person);
      expect(await world.run(world.signIn.issuePasscode, { flowId: again.id, round: 1 })).toEqual({ delivery: 'undeliverable', ended: null });
      expect(world.sms.to(person.mobile)).toHaveLength(1);
      expect(await world.enterStep(again.id, 'passcode', code)).toEqual(LOCKED);
      world.clock.advance(15 * MINUTE_MS);
      const later = await world.proven(person);
      expect(await world.enterStep(later.id, 'passcode', await world.passcode(later.id, person.mobile))).toEqual(RIGHT);
      expect(await lockOf(world, 'passcode', person.id)).toBeNull();
    });

    test('check 12: after a hundred wrong ones in a row the number is off until an administrator resets it', async () => {
      const { world, person } = await asked();
      for (let flows = 0; (await lockOf(world, 'passcode', person.id)) !== Infinity; flows += 1) {
        expect(flows).toBeLessThan(30);
        const { id } = await world.proven(person);
        const code = await world.passcode(id, person.mobile);
        while ((await world.enterStep(id, 'passcode', wrongFor(code))).result === 'wrong');
        world.clock.advance(DAY_MS);
      }
      world.clock.advance(365 * DAY_MS);
      const { id } = await world.proven(person);
      expect(await world.run(world.signIn.issuePasscode, { flowId: id, round: 1 })).toEqual({ delivery: 'undeliverable', ended: null });
    });

    test('check 17: somebody who asks for a reset leaves the passcode as it is', async () => {
      const { world, person, id, code } = await asked();
      await world.issue(await world.flow(person.email, 'code'));
      expect(await world.enterStep(id, 'passcode', code)).toEqual(RIGHT);
    });

    test('check 17: somebody who signs in leaves the code of a reset as it is', async () => {
      const { world, person } = await scene();
      await world.enrolledPhone(person);
      const reset = await world.flow(person.email, 'code');
      await world.issue(reset);
      const code = world.sms.code(person.mobile);
      await world.passcode((await world.proven(person)).id, person.mobile);
      expect((await world.enter(reset, code)).result).toBe('right');
    });

    test.each([
      ['the number', { smsPerNumberDaily: 2 }, 'sms-number-cap'],
      ['the account', { smsPerAccountDaily: 2 }, 'sms-account-cap'],
      ['the country', { smsCountries: ['GB'] }, 'sms-country'],
    ])('check 15: what is too much for %s is not sent, and on record', async (_what, caps, why) => {
      const { world, person } = await scene(caps);
      await world.enrolledPhone(person);
      const deliveries: string[] = [];
      for (let request = 0; request < 3; request += 1) {
        const { id } = await world.proven(person);
        deliveries.push((await world.run(world.signIn.issuePasscode, { flowId: id, round: 1 })).delivery);
      }
      expect(deliveries.at(-1)).toBe('undeliverable');
      expect(world.sms.to(person.mobile)).toHaveLength(why === 'sms-country' ? 0 : 2);
      const [record] = await world.db('audit').where({ action: 'sign-in.suppressed', account_code: person.account_code }).pluck('details');
      expect(JSON.parse(String(record))).toMatchObject({ why });
    });

    test('an answer that was lost sends no second text: it is looked up', async () => {
      const { world, person } = await scene();
      await world.enrolledPhone(person);
      const { id } = await world.proven(person);
      world.sms.faults.push('lose-answer');
      const code = await world.passcode(id, person.mobile);
      expect(world.sms.to(person.mobile)).toHaveLength(1);
      expect(await world.enterStep(id, 'passcode', code)).toEqual(RIGHT);
    });

    test('a repeat of an entry gets the first verdict, counts nothing and makes no second session', async () => {
      const { world, person, id, code } = await asked();
      for (let repeat = 0; repeat < 3; repeat += 1) expect(await world.enterStep(id, 'passcode', wrongFor(code), 'the same')).toEqual({ result: 'wrong', attemptsLeft: 4 });
      const first = await world.enterStep(id, 'passcode', code, 'the last');
      expect(await world.enterStep(id, 'passcode', code, 'the last')).toEqual(first);
      expect(await sessionsOf(world, person.id)).toHaveLength(1);
    });

    test('a worker that lost the task of the right entry learns from the row where the sign-in is', async () => {
      const { world, account } = await scene();
      const person = await world.person(account, { password_temporary: true });
      await world.enrolledPhone(person);
      const { id } = await world.proven(person, { mustChange: true });
      const code = await world.passcode(id, person.mobile);
      const entry = await world.entry(id, 'passcode', code);
      await world.signIn.verifySecondStep(entry);
      expect(await world.signIn.verifySecondStep({ ...entry, updateId: 'another' })).toMatchObject({ result: 'elsewhere', step: 'change-password', position: 1 });
    });
  });

  describe('an authenticator', () => {
    async function enrolled() {
      const all = await scene();
      await all.world.enrolledPhone(all.person);
      return { ...all, key: await all.world.enrolledTotp(all.person) };
    }

    test('is asked for before a number, and its code signs in', async () => {
      const { world, person, key } = await enrolled();
      const { id, step } = await world.proven(person);
      expect(step).toBe('enter-totp');
      expect(await world.enterStep(id, 'totp', world.totp(key))).toEqual(RIGHT);
      expect(world.sms.to(person.mobile)).toEqual([]);
    });

    test('may be a step behind or ahead, and no more', async () => {
      const { world, person, key } = await enrolled();
      const codes = [world.totp(key, -1), world.totp(key, 0), world.totp(key, 1)];
      for (const code of codes) expect(await world.enterStep((await world.proven(person)).id, 'totp', code)).toEqual(RIGHT);
      world.clock.advance(2 * MINUTE_MS);
      expect((await world.enterStep((await world.proven(person)).id, 'totp', codes[2]!)).result).toBe('wrong');
    });

    test('check 5: a code is used once, whichever sign-in it was entered in, and by one of two at once', async () => {
      const { world, person, key } = await enrolled();
      const flows = [await world.proven(person), await world.proven(person), await world.proven(person)];
      const code = world.totp(key);
      const verdicts = await Promise.all(flows.slice(0, 2).map(({ id }) => world.enterStep(id, 'totp', code)));
      expect(verdicts.map(({ result }) => result).sort()).toEqual(['right', 'wrong']);
      expect((await world.enterStep(flows[2]!.id, 'totp', code)).result).toBe('wrong');
      expect((await world.enterStep(flows[2]!.id, 'totp', world.totp(key, -1))).result).toBe('wrong');
      expect(await world.enterStep(flows[2]!.id, 'totp', world.totp(key, 1))).toEqual(RIGHT);
    });

    test('checks 7, 12 and 13: five wrong codes end the sign-in and hold it up, in whichever sign-in they are entered', async () => {
      const { world, person, key } = await enrolled();
      const first = await world.proven(person);
      for (let entered = 0; entered < 3; entered += 1) await world.enterStep(first.id, 'totp', wrongFor(world.totp(key)));
      const second = await world.proven(person);
      expect(await world.enterStep(second.id, 'totp', wrongFor(world.totp(key)))).toEqual({ result: 'wrong', attemptsLeft: 4 });
      expect(await world.enterStep(second.id, 'totp', wrongFor(world.totp(key)))).toEqual(LOCKED);
      expect(await world.enterStep(first.id, 'totp', world.totp(key))).toEqual(LOCKED);
      world.clock.advance(15 * MINUTE_MS);
      expect(await world.enterStep((await world.proven(person)).id, 'totp', world.totp(key))).toEqual(RIGHT);
    });

    test('check 8: its key is in the database sealed only', async () => {
      const { world, person, key } = await enrolled();
      const { id } = await world.proven(person);
      await world.enterStep(id, 'totp', world.totp(key));
      const rows = await Promise.all(['user_factors', 'sign_ins', 'sign_in_stages', 'flow_secrets', 'audit', 'proof_attempts'].map((table) => world.db(table)));
      expect(JSON.stringify(rows)).toContain(person.id);
      expect(JSON.stringify(rows)).not.toContain(key);
    });
  });

  describe('recovery codes', () => {
    async function given() {
      const all = await scene();
      const key = await all.world.enrolledTotp(all.person);
      return { ...all, key, codes: await all.world.recoveryCodes(all.person) };
    }

    test('check 53: one stands for a lost authenticator, once, and a new one takes its place', async () => {
      const { world, person, codes } = await given();
      const { id } = await world.proven(person);
      expect(await world.enterStep(id, 'recovery-code', codes[3]!.toUpperCase().replaceAll('-', ' '))).toEqual(RIGHT);
      expect((await world.enterStep((await world.proven(person)).id, 'recovery-code', codes[3]!)).result).toBe('wrong');
      expect((await world.factors(person)).recoveryCodes).toHaveLength(10);
      expect(await world.enterStep((await world.proven(person)).id, 'recovery-code', codes[4]!)).toEqual(RIGHT);
    });

    test('check 5: one of two at once can use it', async () => {
      const { world, person, codes } = await given();
      const flows = [await world.proven(person), await world.proven(person)];
      const verdicts = await Promise.all(flows.map(({ id }) => world.enterStep(id, 'recovery-code', codes[0]!)));
      expect(verdicts.map(({ result }) => result).sort()).toEqual(['right', 'wrong']);
    });

    test('check 29: every verified address is told that one was used', async () => {
      const { world, person, codes } = await given();
      const { id } = await world.proven(person);
      await world.enterStep(id, 'recovery-code', codes[0]!);
      await world.run(world.signIn.sendSignInNotices, { flowId: id });
      expect(world.email.to(person.email).map(({ text }) => text)).toEqual([expect.stringContaining('one of your recovery codes')]);
    });

    test('check 9: somebody else\'s is wrong, and five wrong ones end the sign-in', async () => {
      const [mine, theirs] = [await given(), await given()];
      const { id } = await mine.world.proven(mine.person);
      for (const attemptsLeft of [4, 3, 2, 1]) expect(await mine.world.enterStep(id, 'recovery-code', theirs.codes[0]!)).toEqual({ result: 'wrong', attemptsLeft });
      expect(await mine.world.enterStep(id, 'recovery-code', theirs.codes[0]!)).toEqual(LOCKED);
    });

    test('check 8: are kept as keyed digests', async () => {
      const { world, person, codes } = await given();
      const rows = await world.db('user_factors').where({ user_id: person.id, kind: 'recovery-code' });
      for (const { digest } of rows as { digest: string }[]) expect(digest).toMatch(/^[0-9a-f]{64}$/);
      for (const code of codes) expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''));
    });
  });

  test('check 68: nobody who was disabled meanwhile is signed in', async () => {
    const { world, person, id, code } = await asked();
    await world.db('users').where({ id: person.id }).update({ status: 'disabled' });
    expect(await world.enterStep(id, 'passcode', code)).toEqual({ result: 'ended', outcome: 'cancelled' });
    expect(await sessionsOf(world, person.id)).toEqual([]);
  });

  test('check 65: proofs, passcodes, wrong entries and the end of a sign-in are on record', async () => {
    const { world, id, code } = await asked();
    await world.enterStep(id, 'passcode', wrongFor(code));
    await world.enterStep(id, 'passcode', code);
    expect(await world.audited(id)).toEqual(['sign-in.issued', 'sign-in.wrong', 'sign-in.proven', 'sign-in.done']);
    const locked = await asked();
    for (let entered = 0; entered < 5; entered += 1) await locked.world.enterStep(locked.id, 'passcode', wrongFor(locked.code));
    expect(await locked.world.audited(locked.id)).toEqual(['sign-in.issued', ...Array(5).fill('sign-in.wrong'), 'sign-in.locked']);
  });
});
