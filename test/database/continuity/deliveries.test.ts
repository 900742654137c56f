import { previewAudience } from '../../../db/continuity-audience';
import { claimDeliveries, hasQueued } from '../../../db/continuity-deliveries';
import { inTransaction } from '../../../db/connection';
import { retryFailed, stopBroadcasts } from '../../../db/continuity-transitions';
import { takeReport } from '../../../api/continuity/reports';
import { ContinuityWorld, type Somebody } from '../../support/continuity-world';
import { eachDatabase } from '../../support/database';
import { RecordingSms } from '../../support/recording-senders';

const ADA = { id: 'ada', name: 'Ada' };
const HOUR_MS = 3_600_000;
/** Of so many at most each is named. */
type Five = [Somebody, Somebody, Somebody, Somebody, Somebody];

eachDatabase('notices', (database) => {
  const world = (more?: Parameters<typeof ContinuityWorld.create>[1]) => ContinuityWorld.create(database.db(), more);

  test('go to the people of groups and of the groups in them, each once, who are subscribed when it begins', async () => {
    const w = await world();
    const [both, inner, outer] = [await w.people(2), await w.people(3), await w.people(4)];
    const others = [...(await w.people(1, 'ended')), ...(await w.people(1, 'pending')), ...(await w.people(1, null))];
    const nested = await w.group('inner', [...both, ...inner]);
    const chosen = await w.group('outer', [...both, ...outer, ...others], [nested]);
    // Groups that hold each other are no trouble.
    await w.db('group_groups').insert({ group_id: nested, member_group_id: chosen });
    const eventId = await w.event([chosen, nested]);
    expect(await w.begin(eventId)).toBe(9);
    const late = await w.people(1);
    await w.db('group_members').insert({ group_id: chosen, user_id: late[0]!.id });
    expect(await w.begin(eventId)).toBe(9);
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: 9 });
    expect(w.sms.taken.map(({ to, body }) => [to, body]).sort()).toEqual([...both, ...inner, ...outer].map(({ e164 }) => [e164, 'Mail is down.']).sort());
  });

  test('are previewed: how many people get one and in which countries, and why others do not', async () => {
    const w = await world();
    const [first, second, refused, disabled, ...told] = await w.people(7) as [Somebody, Somebody, Somebody, Somebody];
    const others = [...(await w.people(2, 'ended')), ...(await w.people(1, 'pending')), ...(await w.people(3, null))];
    const nested = await w.group('inner', [first, second, refused, disabled]);
    const chosen = await w.group('outer', [first, ...told, ...others], [nested]);
    await w.db('sms_subscriptions').whereIn('user_id', [first.id, others[0]!.id]).update({ country: 'GB' });
    await w.db('sms_subscriptions').whereIn('user_id', [second.id, refused.id, disabled.id]).update({ country: 'DE' });
    await w.db('sms_number_marks').insert({ e164: refused.e164, reason: 'provider 21211', code: '21211', at: 0 }).onConflict('e164').ignore();
    await w.db('users').where({ id: disabled.id }).update({ status: 'disabled' });
    const preview = await previewAudience(w.db, w.code, [chosen, nested], []);
    expect(preview).toEqual({ people: 13, subscribed: 5, countries: expect.anything(), without: { disabled: 1, 'never-asked': 3, pending: 1, ended: 2, 'number-refused': 1, 'number-changed': 0, country: 0 } });
    expect(Object.fromEntries(preview.countries.map(({ country, people }) => [country, people]))).toEqual({ US: 3, GB: 1, DE: 1 });
    // As they would be told: not where texts do not go, and not at a number that is another one by now.
    await w.db('user_attributes').where({ user_id: second.id, name: 'mobile' }).update({ value: '+12025550199' });
    await w.db('sms_allowed_countries').insert({ account_code: w.code, country: 'US' });
    expect(await previewAudience(w.db, w.code, [chosen, nested], ['US', 'GB'])).toMatchObject({ subscribed: 3, countries: [{ country: 'US' }], without: { 'number-changed': 1, country: 1 } });
    expect(await previewAudience(w.db, w.code, [chosen, nested], ['DE'])).toMatchObject({ subscribed: 0, without: { 'number-changed': 1, country: 4 } });
    await w.db('sms_number_marks').delete();
  });

  test('go to nobody who opted out, was disabled, or whose number changed or was refused since: each with its reason', async () => {
    const w = await world();
    const [optedOut, disabled, changed, refused, told] = await w.people(5) as Five;
    const eventId = await w.event([await w.group('all', [optedOut, disabled, changed, refused, told])]);
    await w.begin(eventId);
    await w.db('sms_subscriptions').where({ user_id: optedOut.id }).update({ state: 'ended' });
    await w.db('users').where({ id: disabled.id }).update({ status: 'disabled' });
    await w.db('user_attributes').where({ user_id: changed.id, name: 'mobile' }).update({ value: '+12025550199' });
    await w.db('sms_number_marks').insert({ e164: refused.e164, reason: 'provider 21211', code: '21211', at: 0 }).onConflict('e164').ignore();
    await w.sendAll(eventId);
    expect(w.sms.taken.map(({ to }) => to)).toEqual([told.e164]);
    const whys = await Promise.all([optedOut, disabled, changed, refused].map(async (one) => (await w.delivery(eventId, one)).why));
    expect(whys).toEqual(['opted-out', 'disabled', 'number-changed', 'number-refused']);
    await w.db('sms_number_marks').delete();
  });

  test('are claimed a few at a time: who opts out between two turns gets no more', async () => {
    const w = await world({ smsSegmentsPerSecond: 8 });
    const all = await w.people(10);
    const eventId = await w.event([await w.group('all', all)]);
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    let ended = false;
    w.sms.send = async (sms) => {
      if (!ended) await w.db('sms_subscriptions').where({ account_code: w.code }).whereNot({ e164: sms.to }).update({ state: 'ended' });
      ended = true;
      return send(sms);
    };
    await w.sendAll(eventId);
    // A quarter of a second's: two were claimed in the first turn.
    expect(await w.counts(eventId)).toEqual({ accepted: 2, suppressed: 8 });
  });

  test('are claimed in their order, each lane of its own share, and nobody lies between two', async () => {
    const w = await world();
    const eventId = await w.event([await w.group('all', await w.people(30))]);
    await w.begin(eventId);
    const key = { eventId, phase: 'start' };
    const claim = async (after: number, until: number, most: number) => (await claimDeliveries(w.db, key, { after, until, most }, { now: 0, countries: [] })).map(({ position }) => position).sort((a, b) => a - b);
    const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
    expect(await claim(0, 15, 10)).toEqual(from(1, 10));
    expect(await claim(15, 30, 20)).toEqual(from(16, 30));
    expect(await hasQueued(w.db, key, { after: 15, until: 30 })).toBe(false);
    expect(await claim(10, 15, 20)).toEqual(from(11, 15));
    expect(await hasQueued(w.db, key, { after: 0 })).toBe(false);
  });

  test('go out as fast as their sender may, counted in segments, whoever sends', async () => {
    const w = await world({ smsSegmentsPerSecond: 20 });
    const eventId = await w.event([await w.group('all', await w.people(30))], { start: 'x'.repeat(200) });
    await w.begin(eventId);
    const began = w.clock.read();
    await w.sendAll(eventId);
    expect(w.sms.taken).toHaveLength(30);
    // 30 texts of two segments, at 20 a second; nobody waits for the time that the last ones take.
    expect(w.clock.read() - began).toBeGreaterThanOrEqual(2_800);
    expect(w.clock.read() - began).toBeLessThanOrEqual(3_600);
  });

  test('leave a fifth of a shared sender to codes', async () => {
    const sms = new RecordingSms();
    const w = await world({ smsSegmentsPerSecond: 10, sms, noticeSms: sms });
    const eventId = await w.event([await w.group('all', await w.people(40))]);
    await w.begin(eventId);
    const began = w.clock.read();
    await w.sendAll(eventId);
    expect(w.clock.read() - began).toBeGreaterThanOrEqual(4_700);
  });

  test('that the provider does not take for now cost no attempt, and hold their sender up, longer each time', async () => {
    const w = await world();
    const eventId = await w.event([await w.group('all', await w.people(3))]);
    await w.begin(eventId);
    w.sms.faults.push(...Array<'later'>(6).fill('later'));
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: 3 });
    expect(await w.db('continuity_deliveries').where({ event_id: eventId }).pluck('attempts')).toEqual([1, 1, 1]);
    expect(w.waitedMs).toBeGreaterThan(2_000);
    expect((await w.db('sms_senders').first<{ strikes: number }>('strikes')).strikes).toBe(0);
  });

  test('check 63: resume where they stopped after a provider was away for an hour, and nobody was written off', async () => {
    const w = await world();
    const eventId = await w.event([await w.group('all', await w.people(120))]);
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    const [began, back] = [w.clock.read(), w.clock.read() + HOUR_MS];
    let tries = 0;
    w.sms.send = async (sms) => {
      if (w.sms.taken.length < 50 || w.clock.read() >= back) return send(sms);
      tries += 1;
      return { kind: 'retry', why: 'provider ECONNREFUSED' };
    };
    await w.sendAll(eventId);
    expect(w.clock.read() - began).toBeGreaterThan(HOUR_MS);
    expect(await w.counts(eventId)).toEqual({ accepted: 120 });
    expect(new Set(w.sms.taken.map(({ to }) => to)).size).toBe(120);
    // It was asked about once a minute, not hammered.
    expect(tries).toBeLessThan(200);
  });

  test('that a provider refuses for good fail; a bad number is marked, an opt-out there ends the subscription with its evidence', async () => {
    const w = await world();
    const [bad, out, filtered] = await w.people(3) as Five;
    const eventId = await w.event([await w.group('all', [bad, out, filtered])]);
    await w.begin(eventId);
    const codes: Record<string, number> = { [bad.e164]: 21211, [out.e164]: 21610, [filtered.e164]: 30007 };
    w.sms.send = async ({ to }) => ({ kind: 'failed', why: `provider ${codes[to]}`, code: codes[to]! });
    await w.sendAll(eventId);
    expect(await Promise.all([bad, out, filtered].map(async (one) => (await w.delivery(eventId, one)).state))).toEqual(['failed', 'suppressed', 'failed']);
    expect(await w.db('sms_number_marks').pluck('e164')).toEqual([bad.e164]);
    expect(await w.db('sms_subscriptions').where({ user_id: out.id }).first('state')).toEqual({ state: 'ended' });
    expect(await w.db('sms_consents').where({ user_id: out.id }).pluck('action')).toEqual(['provider-opt-out']);
    await w.db('sms_number_marks').delete();
  });

  test('are halted where the provider refuses our account, and go on when an administrator says so', async () => {
    const w = await world();
    await w.db('accounts').where({ code: w.code }).update({ notices: '["it@notices.example"]' });
    const eventId = await w.event([await w.group('all', await w.people(60))]);
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    w.sms.send = async () => ({ kind: 'retry', why: 'provider 20003', account: true });
    expect(await w.send(eventId)).toMatchObject({ left: false, accepted: 0 });
    const { phases } = await w.read(eventId);
    expect(phases[0]).toMatchObject({ state: 'halted', why: 'provider 20003' });
    expect(await w.counts(eventId)).toEqual({ queued: 60 });
    expect(await w.db('audit').where({ flow_id: eventId, action: 'continuity.halted' })).toHaveLength(1);
    expect(await w.db('messages').where({ account_code: w.code, purpose: 'continuity-halted', channel: 'email' }).pluck('recipient')).toEqual(['it@notices.example']);
    w.sms.send = send;
    const retried = await inTransaction(w.db, (tx) => retryFailed(tx, eventId, () => 0, ADA, w.clock.read()));
    expect(retried).toEqual([{ phase: 'start', round: 1 }]);
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: 60 });
  });

  test('check 15: beyond the account\'s daily cap are not sent, and that is on record', async () => {
    const w = await world();
    await w.db('sms_settings').insert({ account_code: w.code, daily_cap: 30, updated_at: 0 });
    const groupId = await w.group('all', await w.people(40));
    const eventId = await w.event([groupId]);
    await w.begin(eventId);
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: 30, suppressed: 10 });
    expect(await w.db('audit').where({ flow_id: eventId, action: 'continuity.suppressed' }).pluck('details')).toEqual([expect.stringContaining('"people":10')]);
    w.clock.advance(25 * HOUR_MS);
    const next = await w.event([groupId]);
    await w.begin(next);
    await w.sendAll(next);
    expect(await w.counts(next)).toEqual({ accepted: 30, suppressed: 10 });
  });

  test('of a planned event wait for the end of the account\'s quiet hours; those of an unplanned one do not', async () => {
    const w = await world();
    // It is 09:00 in Berlin.
    await w.db('sms_settings').insert({ account_code: w.code, quiet_from: '22:00', quiet_to: '09:30', updated_at: 0 });
    const groupId = await w.group('all', await w.people(2));
    const [planned, unplanned] = [await w.event([groupId]), await w.event([groupId])];
    await w.db('continuity_events').where({ id: planned }).update({ kind: 'planned' });
    await expect(w.begin(planned)).rejects.toMatchObject({ type: 'QuietHours', nextRetryDelay: 15 * 60_000 });
    expect(await w.begin(unplanned)).toBe(2);
    w.clock.advance(HOUR_MS / 2);
    expect(await w.begin(planned)).toBe(2);
  });

  test('that failed are sent once more, and what is repeated of the message before changes nothing', async () => {
    const w = await world();
    const [person] = await w.people(1);
    const eventId = await w.event([await w.group('all', [person!])]);
    await w.begin(eventId);
    await w.sendAll(eventId);
    const before = await w.delivery(eventId, person!);
    await takeReport(w.deps, before.id, { to: 'undelivered', providerId: before.provider_id!, code: '30003' });
    expect(await w.delivery(eventId, person!)).toMatchObject({ state: 'failed', why: 'provider 30003' });
    await w.run(w.activities.closePhase, { eventId, phase: 'start' });
    await inTransaction(w.db, (tx) => retryFailed(tx, eventId, () => 1, ADA, w.clock.read()));
    await takeReport(w.deps, before.id, { to: 'undelivered', providerId: before.provider_id!, code: '30003' });
    expect((await w.delivery(eventId, person!)).state).toBe('queued');
    await w.sendAll(eventId);
    expect((await w.delivery(eventId, person!)).state).toBe('accepted');
    expect(w.sms.taken).toHaveLength(2);
  });

  test('of an end go to those who got the start; what of the start had not gone out is stale', async () => {
    const w = await world({ smsSegmentsPerSecond: 8 });
    const eventId = await w.event([await w.group('all', await w.people(6))]);
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    w.sms.send = async (sms) => {
      const outcome = await send(sms);
      if (w.sms.taken.length === 2) await w.take(eventId, { action: 'end', by: ADA });
      return outcome;
    };
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: 2, queued: 4 });
    expect(await w.begin(eventId, 'end')).toBe(2);
    expect(await w.counts(eventId)).toEqual({ accepted: 2, superseded: 4 });
    await w.sendAll(eventId, 'end');
    expect(w.sms.taken.slice(2).map(({ to, body }) => [to, body]).sort()).toEqual(w.sms.taken.slice(0, 2).map(({ to }) => [to, 'Mail is back.']).sort());
    expect(await w.run(w.activities.closePhase, { eventId, phase: 'start' })).toEqual({ state: 'superseded', counts: { accepted: 2, superseded: 4 } });
  });

  test('stop at once: nothing that was in the queue is claimed any more', async () => {
    const w = await world();
    const eventId = await w.event([await w.group('all', await w.people(60))]);
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    w.sms.send = async (sms) => {
      if (w.sms.taken.length === 0) await inTransaction(w.db, (tx) => stopBroadcasts(tx, eventId, ADA, w.clock.read()));
      return send(sms);
    };
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: 25, superseded: 35 });
  });

  test('are for each person in their language and time zone where the alert has fields, and verbatim where it has none', async () => {
    const w = await world();
    const [german] = await w.people(1, 'active', { name: 'Ada', attributes: { language: 'de-DE', timeZone: 'America/New_York' } });
    const [plain] = await w.people(1, 'active', { name: 'Bob' });
    const eventId = await w.event([await w.group('all', [german!, plain!])], { start: '{{ name }}: since {{event.start}}. {{ links.connect }}', end: ' Back. \n' });
    await w.begin(eventId);
    await w.sendAll(eventId);
    expect(w.sms.to(german!.e164).map(({ body }) => body)).toEqual(['Ada: since 03.03.2031, 03:00. https://portal.example/connect']);
    expect(w.sms.to(plain!.e164).map(({ body }) => body)).toEqual(['Bob: since 3 Mar 2031, 09:00. https://portal.example/connect']);
    await w.take(eventId, { action: 'end', by: ADA });
    await w.begin(eventId, 'end');
    await w.sendAll(eventId, 'end');
    expect(w.sms.to(plain!.e164).at(-1)!.body).toBe(' Back. \n');
  });
});
