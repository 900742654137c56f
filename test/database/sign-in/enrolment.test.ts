import type { Knex } from 'knex';
import type { FactorRow } from '../../../db/factors';
import { findSignIn, planOf } from '../../../db/sign-ins';
import type { ProfileRow } from '../../../db/users';
import { eachDatabase } from '../../support/database';
import { addAccount, newMobile } from '../../support/reset-world';
import { someSession } from '../../support/sessions';
import { SignInWorld, wrongFor } from '../../support/sign-in-world';

const RIGHT = expect.objectContaining({ result: 'right', step: 'done' });
const CANCELLED = { result: 'ended', outcome: 'cancelled' };

eachDatabase('enrolling a second step', (database) => {
  async function scene(profile: Partial<ProfileRow> = {}) {
    const world = new SignInWorld(database.db(), { smsPerNumberDaily: 1_000 });
    const account = await addAccount(world.db, profile);
    return { world, account, person: await world.person(account) };
  }
  const told = (world: SignInWorld, address: string): string[] => world.email.to(address).map(({ text }) => text.split('\n')[0]!);
  async function sessionOf(world: SignInWorld, userId: string): Promise<string> {
    const session = someSession(userId, { created_at: world.clock.read(), last_seen_at: world.clock.read(), expires_at: world.clock.read() + 86_400_000 });
    await world.db('sessions').insert(session);
    return session.id;
  }
  const kinds = async (db: Knex, userId: string): Promise<string[]> => db<FactorRow>('user_factors').where({ user_id: userId }).orderBy('kind').distinct().pluck('kind');

  describe('a number', () => {
    test('is saved once the passcode that went there is entered, and not before', async () => {
      const { world, person } = await scene();
      const { id, step } = await world.proven(person);
      expect(step).toBe('enrol-phone');
      await world.askForPasscode(id, person.mobile!);
      const code = await world.passcode(id, person.mobile);
      expect((await world.enterStep(id, 'passcode', wrongFor(code))).result).toBe('wrong');
      expect((await world.factors(person)).phone).toBeUndefined();
      expect(await world.enterStep(id, 'passcode', code)).toEqual(RIGHT);
      expect((await world.factors(person)).phone).toMatchObject({ e164: person.mobile });
    });

    test('check 32: every verified address is told, of the number its last two digits', async () => {
      const { world, person } = await scene();
      await world.db('user_addresses').insert({ user_id: person.id, address: `private-${person.email}`, verified: true });
      const { id } = await world.proven(person);
      await world.askForPasscode(id, person.mobile!);
      await world.enterStep(id, 'passcode', await world.passcode(id, person.mobile));
      await world.run(world.signIn.sendSignInNotices, { flowId: id });
      for (const address of [person.email, `private-${person.email}`]) {
        expect(told(world, address)).toEqual([expect.stringContaining(`ending in ${person.mobile!.slice(-2)} was enrolled`)]);
        expect(world.email.to(address)[0]!.text).not.toContain(person.mobile);
      }
    });

    test('that is corrected gets a passcode of its own, the first one\'s is dead', async () => {
      const { world, person } = await scene();
      const wrong = newMobile();
      const { id } = await world.proven(person);
      await world.askForPasscode(id, wrong);
      const first = await world.passcode(id, wrong);
      await world.askForPasscode(id, person.mobile!);
      const second = await world.passcode(id, person.mobile);
      if (first !== second) expect((await world.enterStep(id, 'passcode', first)).result).toBe('wrong');
      await world.enterStep(id, 'passcode', second);
      expect((await world.factors(person)).phone?.e164).toBe(person.mobile);
    });

    test('check 33: who knows the password alone puts no other number in the place of one enrolled meanwhile', async () => {
      const { world, person } = await scene();
      const [stranger, owner] = [await world.proven(person), await world.proven(person)];
      await world.askForPasscode(owner.id, person.mobile!);
      await world.enterStep(owner.id, 'passcode', await world.passcode(owner.id, person.mobile));
      const theirs = newMobile();
      await world.askForPasscode(stranger.id, theirs);
      expect(await world.enterStep(stranger.id, 'passcode', await world.passcode(stranger.id, theirs))).toEqual(CANCELLED);
      expect((await world.factors(person)).phone?.e164).toBe(person.mobile);
    });

    test('check 33: nor an authenticator', async () => {
      const { world, person } = await scene();
      const stranger = await world.proven(person);
      await world.enrolledPhone(person);
      expect(await world.enterStep(stranger.id, 'totp', world.totp(await world.enrolmentKey(stranger.id)))).toEqual(CANCELLED);
      expect(await kinds(world.db, person.id)).toEqual(['phone']);
    });

    test('check 47: an authenticator is enrolled in its place, with recovery codes, and no text is sent', async () => {
      const { world, person } = await scene();
      const { id } = await world.proven(person);
      expect(await world.enterStep(id, 'totp', world.totp(await world.enrolmentKey(id)))).toEqual(RIGHT);
      const { phone, totp, recoveryCodes } = await world.factors(person);
      expect([phone, totp?.kind, recoveryCodes.length]).toEqual([undefined, 'totp', 10]);
      expect(world.sms.taken).toEqual([]);
      await world.run(world.signIn.sendSignInNotices, { flowId: id });
      expect(told(world, person.email)).toEqual([expect.stringContaining('an authenticator app was enrolled')]);
    });
  });

  describe('where the profile asks for more', () => {
    test('who has nothing enrols an authenticator by its first code', async () => {
      const { world, person } = await scene({ two_step: 'strong' });
      const { id, step } = await world.proven(person);
      expect(step).toBe('enter-totp');
      const key = await world.enrolmentKey(id);
      expect((await world.enterStep(id, 'totp', wrongFor(world.totp(key)))).result).toBe('wrong');
      expect(await world.enterStep(id, 'totp', world.totp(key))).toEqual(RIGHT);
      // The code that enrolled it is used.
      expect((await world.enterStep((await world.proven(person)).id, 'totp', world.totp(key))).result).toBe('wrong');
      expect(await world.enterStep((await world.proven(person)).id, 'totp', world.totp(key, 1))).toEqual(RIGHT);
    });

    test('check 33: who has a number proves it before', async () => {
      const { world, person } = await scene({ two_step: 'strong' });
      await world.enrolledPhone(person);
      const { id } = await world.proven(person);
      expect(planOf(await findSignIn(world.db, id))).toEqual(['passcode', 'confirm-totp']);
      expect(await world.enterStep(id, 'passcode', await world.passcode(id, person.mobile))).toMatchObject({ result: 'right', step: 'enter-totp' });
      expect(await world.enterStep(id, 'totp', world.totp(await world.enrolmentKey(id)))).toEqual(RIGHT);
      expect(await kinds(world.db, person.id)).toEqual(['phone', 'recovery-code', 'totp']);
    });

    test('check 30: off, a password is enough; who enrolled an authenticator is asked for it all the same', async () => {
      const { world, account, person } = await scene({ two_step: 'off' });
      expect(planOf(await findSignIn(world.db, (await world.proven(person)).id))).toEqual([]);
      await world.enrolledPhone(person);
      expect(planOf(await findSignIn(world.db, (await world.proven(person)).id))).toEqual([]);
      const other = await world.person(account);
      await world.enrolledTotp(other);
      expect(planOf(await findSignIn(world.db, (await world.proven(other)).id))).toEqual(['totp']);
    });
  });

  describe('check 32: changing it, from a session', () => {
    test('another number needs a passcode to the old one, then one to the new one', async () => {
      const { world, person } = await scene();
      await world.enrolledPhone(person);
      const session = await sessionOf(world, person.id);
      const { id, step } = await world.proven(person, { purpose: 'change-phone', session });
      expect(step).toBe('enter-passcode');
      expect(await world.enterStep(id, 'passcode', await world.passcode(id, person.mobile))).toMatchObject({ result: 'right', step: 'enrol-phone' });
      const next = newMobile();
      await world.askForPasscode(id, next);
      expect(await world.enterStep(id, 'passcode', await world.passcode(id, next))).toEqual(RIGHT);
      expect((await world.factors(person)).phone?.e164).toBe(next);
      await world.run(world.signIn.sendSignInNotices, { flowId: id });
      expect(told(world, person.email)).toEqual([expect.stringContaining(`replaced by one ending in ${next.slice(-2)}`)]);
      // Check 58: a new session in the place of the one it began from.
      expect(await world.db('sessions').where({ id: session }).first()).toMatchObject({ ended_why: 'replaced' });
      expect(await world.db('sessions').where({ user_id: person.id }).whereNull('ended_at').pluck('flow_id')).toEqual([id]);
    });

    test('a number is no way around the authenticator: while changing one none is enrolled', async () => {
      const { world, person } = await scene();
      await world.enrolledPhone(person);
      await world.enrolledTotp(person);
      const { id } = await world.proven(person, { purpose: 'change-phone', session: await sessionOf(world, person.id) });
      expect(planOf(await findSignIn(world.db, id))).toEqual(['passcode', 'enrol-phone', 'confirm-phone']);
      expect((await findSignIn(world.db, id)).enrolment).toBeNull();
    });

    test('another authenticator needs the one before', async () => {
      const { world, person } = await scene();
      await world.enrolledPhone(person);
      const old = await world.enrolledTotp(person);
      const { id } = await world.proven(person, { purpose: 'enrol-totp', session: await sessionOf(world, person.id) });
      const key = await world.enrolmentKey(id);
      expect((await world.enterStep(id, 'totp', world.totp(key))).result).toBe('wrong');
      expect(await world.enterStep(id, 'totp', world.totp(old))).toMatchObject({ result: 'right', step: 'enter-totp' });
      expect(await world.enterStep(id, 'totp', world.totp(key))).toEqual(RIGHT);
      world.clock.advance(60_000);
      const again = await world.proven(person);
      expect((await world.enterStep(again.id, 'totp', world.totp(old))).result).toBe('wrong');
      expect(await world.enterStep(again.id, 'totp', world.totp(key))).toEqual(RIGHT);
    });

    test('new recovery codes need the authenticator; those before end', async () => {
      const { world, person } = await scene();
      const key = await world.enrolledTotp(person);
      const [old] = await world.recoveryCodes(person);
      const { id } = await world.proven(person, { purpose: 'recovery-codes', session: await sessionOf(world, person.id) });
      expect(await world.enterStep(id, 'totp', world.totp(key))).toEqual(RIGHT);
      expect((await world.factors(person)).recoveryCodes).toHaveLength(10);
      expect((await world.enterStep((await world.proven(person)).id, 'recovery-code', old!)).result).toBe('wrong');
      await world.run(world.signIn.sendSignInNotices, { flowId: id });
      expect(told(world, person.email)).toEqual([expect.stringContaining('new recovery codes were made')]);
    });

    test('ends with the session it began from', async () => {
      const { world, person } = await scene();
      const session = await sessionOf(world, person.id);
      const { id } = await world.proven(person, { purpose: 'enrol-totp', session });
      await world.db('sessions').where({ id: session }).update({ ended_at: world.clock.read(), ended_why: 'ended-by-owner' });
      expect(await world.enterStep(id, 'totp', world.totp(await world.enrolmentKey(id)))).toEqual(CANCELLED);
      expect(await kinds(world.db, person.id)).toEqual([]);
    });
  });
});
