import { ApplicationFailure } from '@temporalio/common';
import { moveDelivery } from '../../../db/continuity-deliveries';
import { takeReport } from '../../../api/continuity/reports';
import { ContinuityWorld } from '../../support/continuity-world';
import { eachDatabase } from '../../support/database';

eachDatabase('outcomes of notices', (database) => {
  const world = (more?: Parameters<typeof ContinuityWorld.create>[1]) => ContinuityWorld.create(database.db(), more);

  describe('of which the outcome is not known', () => {
    test('check 62: are found at the provider, and never sent again', async () => {
      const w = await world();
      const eventId = await w.event([await w.group('all', await w.people(4))]);
      await w.begin(eventId);
      w.sms.faults.push('lose-answer', 'lose-answer');
      w.sms.lag = 2;
      await w.sendAll(eventId);
      expect(await w.counts(eventId)).toEqual({ accepted: 2, unknown: 2 });
      await expect(w.settle(eventId)).rejects.toThrow(ApplicationFailure);
      w.clock.advance(2 * w.sms.timeoutMs);
      await expect(w.settle(eventId)).rejects.toThrow('Not everything is known yet');
      w.clock.advance(w.sms.timeoutMs);
      expect(await w.settle(eventId)).toEqual({ queued: false });
      expect(await w.counts(eventId)).toEqual({ accepted: 4 });
      expect(w.sms.taken).toHaveLength(4);
    });

    test('check 61: what a killed sender had claimed is looked up, and goes out once where it is not there', async () => {
      const w = await world();
      const all = await w.people(3);
      const eventId = await w.event([await w.group('all', all)], { start: 'Mail is down, {{ name }}.' });
      await w.begin(eventId);
      // One was sent by it, of which nothing is written down; the others were only claimed.
      await w.db('continuity_deliveries').where({ event_id: eventId }).update({ state: 'attempting', attempts: 1, attempted_at: w.clock.read() });
      const { name } = await w.delivery(eventId, all[0]!);
      await w.sms.send({ to: all[0]!.e164, body: `Mail is down, ${name}.` });
      expect((await w.send(eventId)).left).toBe(false);
      await expect(w.settle(eventId)).rejects.toThrow('Not everything is known yet');
      w.clock.advance(5 * w.sms.timeoutMs);
      expect(await w.settle(eventId)).toEqual({ queued: true });
      await w.sendAll(eventId);
      expect(await w.counts(eventId)).toEqual({ accepted: 3 });
      expect(w.sms.taken.map(({ to }) => to).sort()).toEqual(all.map(({ e164 }) => e164).sort());
    });

    test('of two that say the same to one number each is a message of its own', async () => {
      const w = await world();
      const [one] = await w.people(1);
      const [two] = await w.people(1);
      await w.db('user_attributes').where({ user_id: two!.id }).update({ value: one!.e164 });
      await w.db('sms_subscriptions').where({ user_id: two!.id }).update({ e164: one!.e164, attribute_value: one!.e164 });
      const eventId = await w.event([await w.group('all', [one!, two!])]);
      await w.begin(eventId);
      w.sms.faults.push('lose-answer', 'lose-request');
      await w.sendAll(eventId);
      w.clock.advance(6 * w.sms.timeoutMs);
      expect(await w.settle(eventId)).toEqual({ queued: true });
      await w.sendAll(eventId);
      expect(await w.counts(eventId)).toEqual({ accepted: 2 });
      expect(w.sms.to(one!.e164)).toHaveLength(2);
    });

    test('wait while the provider does not answer look-ups', async () => {
      const w = await world();
      const eventId = await w.event([await w.group('all', await w.people(1))]);
      await w.begin(eventId);
      w.sms.faults.push('lose-request');
      await w.sendAll(eventId);
      w.clock.advance(10 * w.sms.timeoutMs);
      const lookUp = w.sms.lookUp.bind(w.sms);
      w.sms.lookUp = () => Promise.reject(new Error('away'));
      await expect(w.settle(eventId)).rejects.toThrow('does not answer look-ups');
      expect(await w.counts(eventId)).toEqual({ unknown: 1 });
      w.sms.lookUp = lookUp;
      expect(await w.settle(eventId)).toEqual({ queued: true });
    });

    test('a report settles them, also where they wait to be sent again', async () => {
      const w = await world();
      const [person] = await w.people(1);
      const eventId = await w.event([await w.group('all', [person!])]);
      await w.begin(eventId);
      w.sms.faults.push('lose-answer');
      await w.sendAll(eventId);
      w.sms.taken.length = 0;
      w.clock.advance(6 * w.sms.timeoutMs);
      expect(await w.settle(eventId)).toEqual({ queued: true });
      const { id } = await w.delivery(eventId, person!);
      await takeReport(w.deps, id, { to: 'sent', providerId: 'SM1' });
      await w.sendAll(eventId);
      expect(w.sms.taken).toEqual([]);
      expect(await w.delivery(eventId, person!)).toMatchObject({ state: 'sent', provider_id: 'SM1', attempts: 1 });
    });
  });

  test('that the provider reports before its answer is written down keep what was reported, and their length', async () => {
    const w = await world();
    const [person] = await w.people(1);
    const eventId = await w.event([await w.group('all', [person!])], { start: 'x'.repeat(200) });
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    w.sms.send = async (sms) => {
      const outcome = await send(sms);
      await takeReport(w.deps, (await w.delivery(eventId, person!)).id, { to: 'delivered', providerId: outcome.kind === 'accepted' ? outcome.providerId : '' });
      return outcome;
    };
    await w.sendAll(eventId);
    expect(await w.delivery(eventId, person!)).toMatchObject({ state: 'delivered', segments: 2, attempts: 1, provider_id: w.sms.taken[0]!.providerId });
    await w.run(w.activities.closePhase, { eventId, phase: 'start' });
    expect((await w.read(eventId)).phases[0]).toMatchObject({ state: 'done', segments: 2 });
  });

  test('never move backwards, whatever order the provider reports in, and a report of another message changes nothing', async () => {
    const w = await world();
    const [person] = await w.people(1);
    const eventId = await w.event([await w.group('all', [person!])]);
    await w.begin(eventId);
    await w.sendAll(eventId);
    const { id, provider_id: sid } = await w.delivery(eventId, person!);
    await takeReport(w.deps, id, { to: 'delivered', providerId: 'SM-of-another' });
    expect((await w.delivery(eventId, person!)).state).toBe('accepted');
    for (const to of ['delivered', 'sent', 'accepted', 'undelivered', 'failed', 'delivered'] as const) {
      await takeReport(w.deps, id, { to, providerId: sid!, ...(to === 'failed' ? { code: '30003' } : {}) });
      expect(await w.delivery(eventId, person!)).toMatchObject({ state: 'delivered', why: null });
    }
    expect(await moveDelivery(w.db, 'nobody', 'delivered', { providerId: sid! })).toBe(false);
  });

  test('reported before their sender has written them down stay where the report has them, and count their segments', async () => {
    const w = await world();
    const [person] = await w.people(1);
    const eventId = await w.event([await w.group('all', [person!])]);
    await w.begin(eventId);
    const send = w.sms.send.bind(w.sms);
    w.sms.send = async (sms) => {
      const outcome = await send(sms);
      if (outcome.kind === 'accepted') await moveDelivery(w.db, (await w.delivery(eventId, person!)).id, 'delivered', { providerId: outcome.providerId });
      return outcome;
    };
    await w.sendAll(eventId);
    expect(await w.delivery(eventId, person!)).toMatchObject({ state: 'delivered', segments: 1, attempts: 1 });
  });

  test('an account that the provider suspends by a report halts what is being sent', async () => {
    const w = await world({ smsSegmentsPerSecond: 4 });
    const all = await w.people(3);
    const eventId = await w.event([await w.group('all', all)]);
    await w.begin(eventId);
    await w.db('continuity_deliveries').where({ event_id: eventId, user_id: all[0]!.id }).update({ state: 'accepted', provider_id: 'SM1' });
    await takeReport(w.deps, (await w.delivery(eventId, all[0]!)).id, { to: 'failed', providerId: 'SM1', code: '30002' });
    expect((await w.read(eventId)).phases[0]).toMatchObject({ state: 'halted' });
    expect(await w.send(eventId)).toMatchObject({ left: false });
    expect(w.sms.taken).toEqual([]);
  });
});
