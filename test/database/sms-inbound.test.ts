import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { beginRows, expectNumber } from '../../api/sms-subscription/ask';
import { inTransaction } from '../../db/connection';
import { consentsOf } from '../../db/sms-consents';
import { handleInbound, type Handled } from '../../db/sms-inbound';
import { honourRefusal } from '../../db/sms-refusals';
import { markNumber, saveSmsSettings, smsSettingsOf } from '../../db/sms-settings';
import { mayReceiveNotice, moveSubscription, subscriptionOf, type SubscriptionRow } from '../../db/sms-subscriptions';
import { readReply } from '../../domain/sms-replies';
import { eachDatabase } from '../support/database';
import { testKeys } from '../support/keys';
import type { Person } from '../support/live-resets';
import { addServices } from '../support/live-opt-ins';
import { addAccount, addPerson, DAY_MS, HOUR_MS, TestClock } from '../support/reset-world';

const keys = testKeys('test');

eachDatabase('texts that come in', (database) => {
  let clock: TestClock;
  beforeEach(() => {
    clock = new TestClock();
  });
  const db = (): Knex => database.db();

  async function person(mobile?: string): Promise<Person> {
    const account = await addAccount(db());
    await addServices(db(), account.code);
    return addPerson(db(), account, mobile === undefined ? {} : { mobile });
  }

  async function row(of: Person): Promise<SubscriptionRow> {
    return (await subscriptionOf(db(), of.id, 'continuity'))!;
  }

  async function subscribed(mobile?: string): Promise<Person> {
    const made = await person(mobile);
    const { row: begun } = await beginRows({ db: db(), keys, clock: clock.read }, made, 'continuity', await expectNumber(db(), made), { by: 'person', origin: '192.0.2.1' });
    await inTransaction(db(), (tx) => moveSubscription(tx, begun, { state: 'active' }, { action: 'confirmed', source: 'page' }, clock.read()));
    return made;
  }

  function text(from: string, body: string, providerId = `SM${randomUUID().replaceAll('-', '')}`, answered = false): Promise<Handled> {
    clock.advance(1_000);
    return inTransaction(db(), (tx) => handleInbound(tx, keys, { providerId, from, to: '+12025550100', body, reply: readReply(body), answered }, clock.read()));
  }

  const answersTo = (number: string): Promise<unknown[]> => db()('messages').where({ recipient: number, purpose: 'sms-answer' }).pluck('id');
  const actions = async (of: Person): Promise<string[]> => (await consentsOf(db(), of.id, 'continuity')).map(({ action }) => action);
  const receives = async (of: Person, countries: readonly string[] = []): Promise<boolean> =>
    (await db()('sms_subscriptions as sent').where({ 'sent.user_id': of.id }).whereExists(mayReceiveNotice(db(), { userId: 'sent.user_id', e164: 'sent.e164' }, countries)).first('sent.id')) !== undefined;

  test('a stop word ends every subscription of the number, across accounts, and is confirmed once within five minutes', async () => {
    const one = await subscribed();
    const other = await subscribed(one.mobile!);
    const { noticeId, moved } = await text(one.mobile!, 'Stop');
    expect(moved).toHaveLength(2);
    for (const each of [one, other]) {
      expect(await row(each)).toMatchObject({ state: 'ended', ended_why: 'stopped' });
      expect(await actions(each)).toEqual(['asked', 'confirmed', 'stopped']);
      expect(await receives(each)).toBe(false);
    }
    const [answer] = await db()('messages').where({ flow_id: noticeId }).select('expires_at');
    expect(answer.expires_at - clock.read()).toBe(5 * 60_000);
    expect((await text(one.mobile!, 'stop')).noticeId).toBeNull();
  });

  test('a text that is reported again changes nothing, whatever was said meanwhile', async () => {
    const one = await subscribed();
    await text(one.mobile!, 'STOP', 'SMreplayed');
    await text(one.mobile!, 'START');
    expect(await row(one)).toMatchObject({ state: 'active' });
    expect(await text(one.mobile!, 'STOP', 'SMreplayed')).toEqual({ noticeId: null, moved: [] });
    expect(await row(one)).toMatchObject({ state: 'active' });
    expect(await actions(one)).toEqual(['asked', 'confirmed', 'stopped', 'restarted']);
    expect(await answersTo(one.mobile!)).toHaveLength(2);
  });

  test('of 16 reports of one text at once one is taken', async () => {
    const one = await subscribed();
    const handled = await Promise.all(Array.from({ length: 16 }, () => text(one.mobile!, 'STOP', 'SMparallel')));
    expect(handled.filter(({ moved }) => moved.length > 0)).toHaveLength(1);
    expect(await answersTo(one.mobile!)).toHaveLength(1);
  });

  test('START subscribes who has stopped, at the number of that time only', async () => {
    const one = await subscribed();
    await text(one.mobile!, 'STOP');
    await db()('user_attributes').where({ user_id: one.id }).update({ value: '+14155550142' });
    await text(one.mobile!, 'START');
    expect(await row(one)).toMatchObject({ state: 'ended' });
    await db()('user_attributes').where({ user_id: one.id }).update({ value: one.mobile });
    await text(one.mobile!, 'START');
    expect(await row(one)).toMatchObject({ state: 'active' });
    expect(await receives(one)).toBe(true);
  });

  test('HELP is answered, five times a day; anything else once a day; a number that nobody knows never', async () => {
    const one = await subscribed();
    for (let asked = 1; asked <= 6; asked += 1) expect((await text(one.mobile!, 'HELP')).noticeId !== null).toBe(asked <= 5);
    expect((await text(one.mobile!, 'Hello?')).noticeId).not.toBeNull();
    expect((await text(one.mobile!, 'Anybody there?')).noticeId).toBeNull();
    clock.advance(DAY_MS);
    expect((await text(one.mobile!, 'Hello?')).noticeId).not.toBeNull();
    for (const body of ['STOP', 'HELP', 'Hello?']) expect(await text('+13035550177', body)).toEqual({ noticeId: null, moved: [] });
    expect(await row(one)).toMatchObject({ state: 'active' });
  });

  test('what the provider answers itself is taken and not answered', async () => {
    const one = await subscribed();
    expect(await text(one.mobile!, 'STOP', undefined, true)).toMatchObject({ noticeId: null, moved: [{ user_id: one.id }] });
  });

  test("an opt-out at the provider counts as STOP, a number that does not exist gets nothing any more", async () => {
    const [opted, gone] = [await subscribed(), await subscribed()];
    for (const [of, code] of [[opted, '21610'], [gone, '21211']] as const) await inTransaction(db(), (tx) => honourRefusal(tx, of.mobile!, code, clock.read()));
    expect(await row(opted)).toMatchObject({ state: 'ended', ended_why: 'provider-opt-out' });
    expect(await actions(opted)).toEqual(['asked', 'confirmed', 'provider-opt-out']);
    expect([await receives(opted), await receives(gone)]).toEqual([false, false]);
  });

  test('a notice may go to who opted in, as long as person, number, country and account are as they were', async () => {
    const one = await subscribed();
    const { account_code: code } = one;
    const change = (table: string, where: object, now: object, before: object) => ({ off: () => db()(table).where(where).update(now), on: () => db()(table).where(where).update(before) });
    const ways = [
      change('users', { id: one.id }, { status: 'disabled' }, { status: 'active' }),
      change('accounts', { code }, { subscriptions: '[]' }, { subscriptions: '["sms-services"]' }),
      change('accounts', { code }, { sms_attribute: 'office' }, { sms_attribute: 'mobile' }),
      change('user_attributes', { user_id: one.id }, { value: '+14155550143' }, { value: one.mobile }),
      { off: async () => saveSmsSettings(db(), code, { ...(await smsSettingsOf(db(), code)), countries: ['DE'] }, 0), on: async () => saveSmsSettings(db(), code, { ...(await smsSettingsOf(db(), code)), countries: ['DE', 'US'] }, 0) },
    ];
    for (const { off, on } of ways) {
      expect(await receives(one)).toBe(true);
      await off();
      expect(await receives(one)).toBe(false);
      await on();
    }
    expect([await receives(one, ['GB']), await receives(one, ['US', 'GB'])]).toEqual([false, true]);
    await markNumber(db(), one.mobile!, { reason: 'refused by the provider', code: '21614' }, 0);
    expect(await receives(one)).toBe(false);
  });

  test('another number needs another opt-in, and the evidence says why', async () => {
    const one = await subscribed();
    await db()('user_attributes').where({ user_id: one.id }).update({ value: '+14155550144' });
    clock.advance(HOUR_MS);
    const { row: begun } = await beginRows({ db: db(), keys, clock: clock.read }, one, 'continuity', await expectNumber(db(), one), { by: 'person', origin: '192.0.2.1' });
    expect(begun).toMatchObject({ state: 'pending', e164: '+14155550144' });
    expect(await actions(one)).toEqual(['asked', 'confirmed', 'number-changed', 'asked']);
    expect(await receives(one)).toBe(false);
  });
});
