import { bounds } from '../../domain/password-reset';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, DAY_MS, HOUR_MS, MINUTE_MS, ResetWorld } from '../support/reset-world';

const SECOND_MS = 1_000;

eachDatabase('how long a secret is accepted', (database) => {
  async function askFor(variant: 'code' | 'link' | 'temporary-password', profile: Parameters<typeof addAccount>[1] = {}) {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db, profile));
    const flow = await world.flow(person.email, variant);
    await world.issue(flow);
    const secret = { code: () => world.sms.code(person.mobile), link: () => world.email.token(person.email), 'temporary-password': () => world.email.temporaryPassword(person.email) }[variant]();
    return { world, person, flow, secret };
  }

  async function resultAfter(ms: number, variant: 'code' | 'link' | 'temporary-password', profile: Parameters<typeof addAccount>[1] = {}) {
    const { world, flow, secret } = await askFor(variant, profile);
    world.clock.advance(ms);
    return world.enter(flow, secret);
  }

  test('check 3: a code is accepted at 9:59', async () => {
    expect(await resultAfter(9 * MINUTE_MS + 59 * SECOND_MS, 'code')).toEqual({ result: 'right' });
  });

  test('check 3: a code is refused at 10:01, and its flow has expired', async () => {
    expect(await resultAfter(10 * MINUTE_MS + SECOND_MS, 'code')).toEqual({ result: 'ended', outcome: 'expired' });
  });

  test('check 3: no profile makes a code live longer', async () => {
    expect(await resultAfter(10 * MINUTE_MS + SECOND_MS, 'code', { code_ttl_ms: HOUR_MS })).toEqual({ result: 'ended', outcome: 'expired' });
  });

  test('check 3: a profile makes it shorter', async () => {
    expect(await resultAfter(3 * MINUTE_MS, 'code', { code_ttl_ms: 3 * MINUTE_MS })).toEqual({ result: 'right' });
    expect(await resultAfter(3 * MINUTE_MS + SECOND_MS, 'code', { code_ttl_ms: 3 * MINUTE_MS })).toEqual({ result: 'ended', outcome: 'expired' });
  });

  test('check 3: a code that is sent again lives from then, and the one before is dead', async () => {
    const { world, person, flow, secret } = await askFor('code');
    world.clock.advance(9 * MINUTE_MS);
    const again = await world.nextRound(flow);
    await world.issue(again);
    const newer = world.sms.code(person.mobile);
    world.clock.advance(9 * MINUTE_MS);
    if (secret !== newer) expect(await world.enter(flow, secret)).toEqual({ result: 'wrong', attemptsLeft: 4 });
    expect(await world.enter(flow, newer)).toEqual({ result: 'right' });
  });

  test.each([
    ['an hour', HOUR_MS, HOUR_MS],
    ['twelve hours', 12 * HOUR_MS, 12 * HOUR_MS],
    ['a week, which is bounded by 24 hours', 7 * DAY_MS, bounds.linkTtlMs],
  ])('check 4: a link lives as long as its profile says: %s', async (_words, asked, lives) => {
    expect(await resultAfter(lives, 'link', { link_ttl_ms: asked })).toEqual({ result: 'right' });
    expect(await resultAfter(lives + SECOND_MS, 'link', { link_ttl_ms: asked })).toEqual({ result: 'ended', outcome: 'expired' });
  });

  test('check 4: the e-mail says how long', async () => {
    const { world, person } = await askFor('link', { link_ttl_ms: 45 * MINUTE_MS });
    expect(world.email.to(person.email)[0]!.text).toContain('within 45 minutes');
  });

  test('check 41: a temporary password lives 72 hours, and no profile makes it more than 14 days', async () => {
    expect(await resultAfter(72 * HOUR_MS, 'temporary-password')).toEqual({ result: 'right' });
    expect(await resultAfter(72 * HOUR_MS + SECOND_MS, 'temporary-password')).toEqual({ result: 'ended', outcome: 'expired' });
    expect(await resultAfter(14 * DAY_MS, 'temporary-password', { temporary_password_ttl_ms: 30 * DAY_MS })).toEqual({ result: 'right' });
    expect(await resultAfter(14 * DAY_MS + SECOND_MS, 'temporary-password', { temporary_password_ttl_ms: 30 * DAY_MS })).toEqual({ result: 'ended', outcome: 'expired' });
  });

  test('a secret that has expired is on record so, and what it was is not', async () => {
    const { world, flow, secret } = await askFor('code');
    world.clock.advance(HOUR_MS);
    await world.enter(flow, secret);
    expect(await world.db('flow_secrets').where({ flow_id: flow.id }).pluck('state')).toEqual(['expired']);
    expect(await world.db('audit').where({ flow_id: flow.id }).orderBy('seq').pluck('action')).toEqual(['reset.requested', 'reset.issued', 'reset.expired']);
  });

  test('the time for the new password begins with the proof, and a late one is not saved', async () => {
    const { world, person, flow, secret } = await askFor('code');
    await world.enter(flow, secret);
    await world.db('staged_passwords').insert({ id: 'late', flow_id: flow.id, hash: 'the new one' });
    world.clock.advance(30 * MINUTE_MS + SECOND_MS);
    expect(await world.activities.commitPassword({ flowId: flow.id, stageId: 'late' })).toEqual({ outcome: 'expired', saved: false });
    expect(await world.db('users').where({ id: person.id }).pluck('password_hash')).toEqual(['the old one']);
    expect(await world.db('staged_passwords').where({ flow_id: flow.id })).toEqual([]);
  });
});
