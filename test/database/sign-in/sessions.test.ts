import { endSession, endSessions, liveSession, liveSessionsOf, sessionTimes, touchSession } from '../../../db/sessions';
import type { UserRow } from '../../../db/users';
import { eachDatabase } from '../../support/database';
import { addAccount, HOUR_MS, MINUTE_MS } from '../../support/reset-world';
import { someSession } from '../../support/sessions';
import { SignInWorld } from '../../support/sign-in-world';

eachDatabase('sessions', (database) => {
  async function scene(profile: Parameters<typeof addAccount>[1] = {}) {
    const world = new SignInWorld(database.db());
    const person = await world.person(await addAccount(world.db, profile));
    await world.enrolledTotp(person);
    return { world, person };
  }
  async function signIn(world: SignInWorld, person: UserRow) {
    const [code] = await world.recoveryCodes(person);
    const { id } = await world.proven(person);
    await world.enterStep(id, 'recovery-code', code!);
    return (await world.db('sessions').where({ flow_id: id }).first()) as { id: string; digest: string };
  }

  test('check 59: ends an hour after it was last used, and a day after it began, however often it is used', async () => {
    const { world, person } = await scene();
    const { digest } = await signIn(world, person);
    const seen = () => liveSession(world.db, digest, world.clock.read());
    world.clock.advance(HOUR_MS - 1);
    const session = (await seen())!;
    expect(await touchSession(world.db, session, world.clock.read())).toBe(world.clock.read());
    world.clock.advance(HOUR_MS - 1);
    for (let hours = 2; hours < 24; hours += 1) {
      await touchSession(world.db, (await seen())!, world.clock.read());
      world.clock.advance(HOUR_MS - 1);
    }
    await touchSession(world.db, (await seen())!, world.clock.read());
    world.clock.advance(24);
    expect(await seen()).toBeUndefined();
  });

  test('check 59: is gone after an hour without use', async () => {
    const { world, person } = await scene();
    const { digest } = await signIn(world, person);
    world.clock.advance(HOUR_MS);
    expect(await liveSession(world.db, digest, world.clock.read())).toBeUndefined();
    expect(await liveSessionsOf(world.db, person.id, world.clock.read())).toEqual([]);
  });

  test('check 59: a profile may ask for less, and whatever its row says never for more', async () => {
    const { world, person } = await scene({ session_idle_ms: 5 * MINUTE_MS, session_absolute_ms: 30 * MINUTE_MS });
    const { digest } = await signIn(world, person);
    world.clock.advance(5 * MINUTE_MS);
    expect(await liveSession(world.db, digest, world.clock.read())).toBeUndefined();
    expect(sessionTimes({ session_idle_ms: 99 * HOUR_MS, session_absolute_ms: 99 * HOUR_MS })).toEqual({ idleMs: HOUR_MS, absoluteMs: 24 * HOUR_MS });
  });

  test('is written at most once a minute, and not at all once it has ended', async () => {
    const { world, person } = await scene();
    const session = someSession(person.id, { created_at: world.clock.read(), last_seen_at: world.clock.read(), expires_at: world.clock.read() + 24 * HOUR_MS });
    await world.db('sessions').insert(session);
    const lastSeen = async () => (await world.db('sessions').where({ id: session.id }).first<{ last_seen_at: number }>('last_seen_at')).last_seen_at;
    world.clock.advance(MINUTE_MS - 1);
    await touchSession(world.db, session, world.clock.read());
    expect(await lastSeen()).toBe(session.last_seen_at);
    world.clock.advance(1);
    await touchSession(world.db, session, world.clock.read());
    expect(await lastSeen()).toBe(world.clock.read());
    await endSession(world.db, session, world.clock.read(), 'signed-out');
    world.clock.advance(MINUTE_MS);
    await touchSession(world.db, session, world.clock.read());
    expect(await lastSeen()).toBe(world.clock.read() - MINUTE_MS);
  });

  test('check 8: the database keeps the digest of a token of 256 bits, and not the token', async () => {
    const { world, person } = await scene();
    const { digest } = await signIn(world, person);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('check 28: is ended by its owner, somebody else\'s is not, and all of a person\'s end at once', async () => {
    const { world, person } = await scene();
    const other = await world.person(await addAccount(world.db));
    const [mine, second, theirs] = [await signIn(world, person), await signIn(world, person), someSession(other.id)];
    await world.db('sessions').insert(theirs);
    expect(await endSession(world.db, { id: theirs.id, user_id: person.id }, 5, 'ended-by-owner')).toBe(false);
    expect(await endSession(world.db, { id: mine.id, user_id: person.id }, 5, 'ended-by-owner')).toBe(true);
    expect(await endSession(world.db, { id: mine.id, user_id: person.id }, 6, 'ended-by-owner')).toBe(false);
    expect((await liveSessionsOf(world.db, person.id, world.clock.read())).map(({ id }) => id)).toEqual([second.id]);
    expect(await endSessions(world.db, person.id, 7, 'disabled')).toBe(1);
    expect(await liveSession(world.db, second.digest, world.clock.read())).toBeUndefined();
  });
});
