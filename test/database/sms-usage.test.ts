import { smsUsage, type UsageRow } from '../../db/sms-usage';
import { ContinuityWorld, type Somebody } from '../support/continuity-world';
import { eachDatabase } from '../support/database';
import { addAccount, DAY_MS, HOUR_MS } from '../support/reset-world';

/** Rows with their segments by country, each once. */
function merged(rows: readonly UsageRow[]) {
  return rows.map(({ byCountry, ...row }) => {
    const to: Record<string, number> = {};
    for (const { country, segments } of byCountry) to[country ?? 'unknown'] = (to[country ?? 'unknown'] ?? 0) + segments;
    return { ...row, to };
  });
}

eachDatabase('what was sent', (database) => {
  const db = () => database.db();

  test('is counted by day, program and country: in hand, delivered, failed, refused by the provider, and blocked by us', async () => {
    const { code } = await addAccount(db());
    const day = Date.UTC(2031, 0, 2);
    let id = 0;
    const text = (state: string, taken: boolean, more: object = {}) => ({
      id: `usage-${code}-${id += 1}`.slice(0, 36), flow_id: `${code}-${id}`, account_code: code, purpose: 'reset-code', round: 1, channel: 'sms', recipient: '+12025550100', person: 'x', state, created_at: day + HOUR_MS,
      expires_at: day, provider_id: taken ? `SM${code}${id}` : null, segments: 2, country: 'US', ...more,
    });
    await db()('messages').insert([
      text('delivered', true, { country: 'GB' }), text('sent', true), text('undelivered', true), text('failed', false), text('suppressed', false, { segments: null, country: null }), text('queued', false),
      text('delivered', true, { purpose: 'sign-in-passcode', country: null }), text('delivered', true, { created_at: day + DAY_MS }), text('delivered', true, { channel: 'email' }), text('delivered', true, { created_at: day - 1 }),
    ]);
    expect(merged(await smsUsage(db(), code, day, day + 2 * DAY_MS))).toEqual([
      { day, program: 'password-reset', sent: 3, delivered: 1, failed: 1, refused: 1, blocked: 1, segments: 6, to: { GB: 2, US: 4 } },
      { day, program: 'two-step', sent: 1, delivered: 1, failed: 0, refused: 0, blocked: 0, segments: 2, to: { unknown: 2 } },
      { day: day + DAY_MS, program: 'password-reset', sent: 1, delivered: 1, failed: 0, refused: 0, blocked: 0, segments: 2, to: { US: 2 } },
    ]);
  });

  test('counts notices in the country that they went to, wherever somebody\'s number is now', async () => {
    const w = await ContinuityWorld.create(db());
    const [moved, abroad, home, optedOut] = await w.people(4) as [Somebody, Somebody, Somebody, Somebody];
    const subscription = ({ id }: Somebody) => db()('sms_subscriptions').where({ user_id: id });
    for (const one of [moved, abroad]) await subscription(one).update({ country: 'GB' });
    const eventId = await w.event([await w.group('all', [moved, abroad, home, optedOut])], { start: `Mail is down \u2013 ${'x'.repeat(70)}` });
    await w.begin(eventId);
    await subscription(optedOut).update({ state: 'ended' });
    await w.sendAll(eventId);
    await subscription(moved).update({ country: 'DE' });
    await subscription(abroad).delete();
    const day = w.clock.read() - (w.clock.read() % DAY_MS);
    expect(merged(await smsUsage(db(), w.code, day, day + DAY_MS))).toEqual([
      { day, program: 'continuity', sent: 3, delivered: 0, failed: 0, refused: 0, blocked: 1, segments: 6, to: { GB: 4, US: 2 } },
    ]);
  });
});
