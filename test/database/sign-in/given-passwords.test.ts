import { verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { findSignIn, planOf } from '../../../db/sign-ins';
import { proceed } from '../../../api/sign-in/proceed';
import { startSignIn } from '../../../api/sign-in/start';
import { findFlowByHandle } from '../../../db/flows';
import { findUser } from '../../../db/users';
import { randomValueDigest } from '../../../security/digests';
import { eachDatabase } from '../../support/database';
import { addAccount, HOUR_MS } from '../../support/reset-world';
import { someSession } from '../../support/sessions';
import { PASSWORD, SignInWorld } from '../../support/sign-in-world';

const NEW = 'a boat under the blue awning';
const RIGHT = expect.objectContaining({ result: 'right', step: 'done' });

eachDatabase('passwords that were given', (database) => {
  async function scene(user: Parameters<SignInWorld['person']>[1] = {}) {
    const world = new SignInWorld(database.db());
    const person = await world.person(await addAccount(world.db, { two_step: 'off' }), user);
    return { world, person };
  }
  const supplied = () => scene({ password_temporary: true, password_expires_at: Date.UTC(2031, 2, 3, 8) + 72 * HOUR_MS });
  const isPasswordOf = async (db: Knex, userId: string, password: string): Promise<boolean> => verify((await findUser(db, userId))!.password_hash!, password);

  test('check 42: who signs in with a supplied one has no session until it is changed', async () => {
    const { world, person } = await supplied();
    const { id, step } = await world.proven(person, { mustChange: true });
    expect([step, planOf(await findSignIn(world.db, id))]).toEqual(['change-password', ['change-password']]);
    expect(await world.db('sessions').where({ user_id: person.id })).toEqual([]);
    expect(await world.choose(id, NEW)).toEqual(RIGHT);
    expect(await world.db('sessions').where({ user_id: person.id }).pluck('assurance')).toEqual(['single']);
    expect(await findUser(world.db, person.id)).toMatchObject({ password_expires_at: null, password_changed_at: world.clock.read() });
    expect(Boolean((await findUser(world.db, person.id))!.password_temporary)).toBe(false);
  });

  test('checks 28 and 31: the one that was given stops, every other session ends, every address is told', async () => {
    const { world, person } = await supplied();
    await world.db('sessions').insert(someSession(person.id));
    const { id } = await world.proven(person, { mustChange: true });
    await world.choose(id, NEW);
    expect([await isPasswordOf(world.db, person.id, PASSWORD), await isPasswordOf(world.db, person.id, NEW)]).toEqual([false, true]);
    expect(await world.db('sessions').where({ user_id: person.id }).whereNull('ended_at').pluck('flow_id')).toEqual([id]);
    await world.run(world.signIn.sendSignInNotices, { flowId: id });
    expect(world.email.to(person.email).map(({ subject }) => subject)).toEqual([expect.stringContaining('password was changed')]);
  });

  describe('sent by a reset', () => {
    async function sent() {
      const { world, person } = await scene();
      const reset = await world.flow(person.email, 'temporary-password');
      await world.issue(reset);
      return { world, person, reset, temporary: world.email.temporaryPassword(person.email) };
    }

    test('check 41: changing it completes the reset that waits for it, and uses it up', async () => {
      const { world, person, reset, temporary } = await sent();
      const { completes } = (await world.tryPassword(person.email, temporary))!;
      const { id } = await world.proven(person, { completes: completes! });
      expect(await isPasswordOf(world.db, person.id, PASSWORD)).toBe(true);
      expect(await world.choose(id, NEW)).toMatchObject({ result: 'right', step: 'done', completed: reset.id });
      expect(await world.row(reset.id)).toMatchObject({ step: 'done', outcome: 'done' });
      expect([await isPasswordOf(world.db, person.id, PASSWORD), await isPasswordOf(world.db, person.id, NEW)]).toEqual([false, true]);
      expect(await world.tryPassword(person.email, temporary)).toBeNull();
      expect((await world.enter(reset, temporary)).result).not.toBe('right');
    });

    test('where it was used in the reset itself meanwhile, the sign-in ends, and changes nothing', async () => {
      const { world, person, reset, temporary } = await sent();
      const { id } = await world.proven(person, { completes: reset.id });
      await world.enter(reset, temporary);
      await world.db('staged_passwords').insert({ id: reset.id.slice(0, 36), flow_id: reset.id, hash: 'the one of the reset' });
      await world.activities.commitPassword({ flowId: reset.id, stageId: reset.id.slice(0, 36) });
      expect((await world.flowOf(id)).outcome).toBe('cancelled');
      await expect(world.choose(id, NEW)).rejects.toMatchObject({ slug: 'flow-cancelled' });
      expect((await findUser(world.db, person.id))!.password_hash).toBe('the one of the reset');
    });

    test('where a newer one replaced it meanwhile, the sign-in ends', async () => {
      const { world, person, reset } = await sent();
      const { id } = await world.proven(person, { completes: reset.id });
      await world.issue(await world.flow(person.email, 'temporary-password'));
      expect(await world.choose(id, NEW)).toEqual({ result: 'ended', outcome: 'cancelled' });
      expect(await isPasswordOf(world.db, person.id, PASSWORD)).toBe(true);
    });
  });

  test('checks 28 and 44: changed from a session, after the second step, every session ends but the new one', async () => {
    const { world, person } = await scene();
    const key = await world.enrolledTotp(person);
    const sessions = [someSession(person.id), someSession(person.id)];
    await world.db('sessions').insert(sessions);
    const { id, step } = await world.proven(person, { purpose: 'change-password', session: sessions[0]!.id });
    expect(step).toBe('enter-totp');
    expect(await world.enterStep(id, 'totp', world.totp(key))).toMatchObject({ result: 'right', step: 'change-password' });
    expect(await world.choose(id, NEW)).toEqual(RIGHT);
    expect([await isPasswordOf(world.db, person.id, PASSWORD), await isPasswordOf(world.db, person.id, NEW)]).toEqual([false, true]);
    expect(await world.db('sessions').where({ user_id: person.id }).whereNull('ended_at').pluck('flow_id')).toEqual([id]);
  });

  test('check 28: a change ends with the session it began from', async () => {
    const { world, person } = await scene();
    const session = someSession(person.id);
    await world.db('sessions').insert(session);
    const { id } = await world.proven(person, { purpose: 'change-password', session: session.id });
    await world.db('sessions').where({ id: session.id }).update({ ended_at: 1, ended_why: 'ended-by-owner' });
    expect(await world.choose(id, NEW)).toEqual({ result: 'ended', outcome: 'cancelled' });
    expect(await isPasswordOf(world.db, person.id, PASSWORD)).toBe(true);
  });

  test('check 31: a reset that is saved ends the sign-ins that the old password proved', async () => {
    const { world, person } = await scene();
    await world.enrolledTotp(person);
    const { id } = await world.proven(person);
    const reset = await world.flow(person.email, 'link');
    await world.issue(reset);
    await world.enter(reset, world.email.token(person.email));
    await world.db('staged_passwords').insert({ id: reset.id.slice(0, 36), flow_id: reset.id, hash: 'the new one' });
    await world.activities.commitPassword({ flowId: reset.id, stageId: reset.id.slice(0, 36) });
    expect(await world.flowOf(id)).toMatchObject({ step: 'cancelled', outcome: 'cancelled' });
    expect(await world.enterStep(id, 'totp', '000000')).toEqual({ result: 'ended', outcome: 'cancelled' });
    expect(await world.audited(id)).toContain('sign-in.cancelled');
  });

  describe('check 31: a password that is replaced, or a person disabled, while it is being checked', () => {
    /** The password was right a moment ago; what happened since is up to the test. */
    async function judged() {
      const { world, person } = await scene();
      const handle = await startSignIn(world.signInApi, { email: person.email, application: 'connect', origin: '192.0.2.1' });
      const { flow } = (await findFlowByHandle(world.db, randomValueDigest(handle), 'sign-in'))!;
      const credential = (await world.tryPassword(person.email, PASSWORD))!;
      return { world, person, flow, proceed: () => proceed(world.signInApi, flow, credential, 'cloud', 'a request') };
    }

    test('signs nobody in', async () => {
      for (const change of [{ password_hash: 'the one of a reset' }, { status: 'disabled' }]) {
        const { world, person, flow, proceed } = await judged();
        await world.db('users').where({ id: person.id }).update(change);
        await expect(proceed()).rejects.toMatchObject({ slug: 'credentials-wrong' });
        expect(await world.flowOf(flow.id)).toMatchObject({ step: 'enter-password', proven_at: null });
        expect(await world.db('sessions').where({ user_id: person.id })).toEqual([]);
      }
    });

    test('otherwise it does, once however often it is asked', async () => {
      const { world, person, proceed } = await judged();
      expect(await proceed()).toBe(await proceed());
      expect(await world.db('sessions').where({ user_id: person.id }).pluck('assurance')).toEqual(['single']);
    });

    test('at once with a reset that is saved: either the session is ended, or there is none', async () => {
      const { world, person, proceed } = await judged();
      const reset = await world.flow(person.email, 'link');
      await world.issue(reset);
      await world.enter(reset, world.email.token(person.email));
      await world.db('staged_passwords').insert({ id: reset.id.slice(0, 36), flow_id: reset.id, hash: 'the new one' });
      await Promise.allSettled([proceed(), world.activities.commitPassword({ flowId: reset.id, stageId: reset.id.slice(0, 36) })]);
      expect(await world.db('sessions').where({ user_id: person.id }).whereNull('ended_at')).toEqual([]);
    });
  });

  test('of two that are chosen at once one is saved, and one session is made', async () => {
    const { world, person } = await supplied();
    const flows = [await world.proven(person, { mustChange: true }), await world.proven(person, { mustChange: true })];
    const changes = await Promise.all(flows.map(({ id }, index) => world.choose(id, `${NEW} ${index}`).catch((problem: { slug: string }) => ({ result: problem.slug }))));
    expect(changes.filter(({ result }) => result === 'right')).toHaveLength(1);
    expect(await world.db('sessions').where({ user_id: person.id }).whereNull('ended_at')).toHaveLength(1);
  });

  test('a repeat of the change gets the first answer', async () => {
    const { world, person } = await supplied();
    const { id } = await world.proven(person, { mustChange: true });
    const stageId = 'a stage';
    await world.db('staged_passwords').insert({ id: stageId, flow_id: id, hash: 'the new one' });
    const chosen = { flowId: id, updateId: 'the same', stage: 'change-password' as const, stageId, entry: 'chosen', session: 'a digest' };
    const first = await world.signIn.changePassword(chosen);
    expect(first).toEqual(RIGHT);
    expect(await world.signIn.changePassword(chosen)).toEqual(first);
    expect(await world.db('audit').where({ flow_id: id, action: 'sign-in.password-changed' })).toHaveLength(1);
    expect(await world.db('staged_passwords').where({ flow_id: id })).toEqual([]);
  });

  test('check 64: password, session, notices and audit record come together, or not at all', async () => {
    const { world, person } = await supplied();
    const { id } = await world.proven(person, { mustChange: true });
    const before = await findUser(world.db, person.id);
    // The session's digest is taken: its row cannot be written.
    await world.db('sessions').insert(someSession(person.id, { flow_id: id, ended_at: 1 }));
    await expect(world.choose(id, NEW)).rejects.toThrow();
    expect(await findUser(world.db, person.id)).toEqual(before);
    expect(await world.audited(id)).toEqual([]);
    expect(await world.db('messages').where({ flow_id: id })).toEqual([]);
    await world.db('sessions').where({ flow_id: id }).delete();
    expect(await world.choose(id, NEW)).toEqual(RIGHT);
  });
});
