import type { FlowRow } from '../../db/flows';
import type { MessageRow } from '../../db/messages';
import { eachDatabase } from '../support/database';
import { codeIn } from '../support/messages';
import { freePorts } from '../support/ports';
import { RealCarriers } from '../support/real-carriers';
import { addAccount, addPerson, MINUTE_MS, type ResetWorld } from '../support/reset-world';
import { waitFor } from '../support/wait';

const LATER = { type: 'DeliverLater' };

eachDatabase('texts through the provider\'s client and a phone with faults', (database) => {
  let carriers: RealCarriers;
  beforeAll(async () => {
    carriers = await RealCarriers.start(null);
  });
  afterEach(() => carriers.fail({ mode: 'none', undeliverable: [] }));
  afterAll(() => carriers.stop());

  async function scene(more: Parameters<RealCarriers['world']>[1] = {}) {
    const world = carriers.world(database.db(), more);
    const person = await addPerson(world.db, await addAccount(world.db));
    return { world, person, flow: await world.flow(person.email, 'code') };
  }
  const messageOf = async (world: ResetWorld, flow: FlowRow, purpose = 'reset-code'): Promise<MessageRow> =>
    (await world.db<MessageRow>('messages').where({ flow_id: flow.id, purpose }).orderBy('round', 'desc').first())!;
  const lookAgain = (world: ResetWorld, flow: FlowRow) => world.untilDone(() => world.issueOnce(flow));

  test('check 62: a text that was accepted although the answer was lost is found at the provider, and not sent again', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mode: 'hang' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'unknown', attempts: 1 });
    expect(await lookAgain(world, flow)).toMatchObject({ delivery: 'sent' });
    const [received, ...more] = carriers.received(person.mobile);
    expect(more).toEqual([]);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'accepted', provider_id: received!.id, sealed: null, attempts: 1, segments: 1, country: 'US' });
    expect(await world.enter(flow, codeIn(received!))).toEqual({ result: 'right' });
  });

  test('check 62: a list that lags is asked again before anything is given up', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mode: 'slow' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    // Too early: the provider knows nothing of it yet.
    expect(carriers.received(person.mobile)).toEqual([]);
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    await waitFor(() => carriers.received(person.mobile)[0], { what: 'the text that came late' });
    expect(await lookAgain(world, flow)).toMatchObject({ delivery: 'sent' });
    expect(carriers.received(person.mobile)).toHaveLength(1);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'accepted', why: 'found at the provider' });
  });

  test('check 62: a text that waits in the provider\'s queue, with no date of sending yet, is found too', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mode: 'hang' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    const [text] = carriers.outside.store.texts().filter(({ to }) => to === person.mobile);
    carriers.outside.store.put({ ...text!, status: 'queued' });
    await lookAgain(world, flow);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'accepted', provider_id: text!.id });
  });

  test('check 62: a text that is not found is never sent again, and its owner is told by e-mail', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mode: '500' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    await carriers.fail({ mode: 'none' });
    expect(await lookAgain(world, flow)).toMatchObject({ delivery: 'undeliverable' });
    expect(await lookAgain(world, flow)).toMatchObject({ delivery: 'undeliverable' });
    expect(carriers.received(person.mobile)).toEqual([]);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'failed', why: 'not found at the provider', sealed: null });
    expect(carriers.received(person.email).map(({ subject }) => subject)).toEqual(['Postern: your code could not be delivered']);
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'message.failed' })).toHaveLength(1);
    // The person asks, and gets another one.
    const again = await world.nextRound(flow);
    expect(await world.issue(again)).toMatchObject({ delivery: 'sent' });
    expect(await world.enter(flow, codeIn(carriers.received(person.mobile)[0]!))).toEqual({ result: 'right' });
  });

  test('check 62: it is looked up more than once, however often the provider had put it off before', async () => {
    const { world, flow } = await scene();
    await carriers.fail({ mode: '429' });
    for (let attempt = 0; attempt < 5; attempt += 1) await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    await carriers.fail({ mode: '500' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'unknown' });
  });

  test('check 62: another text that says the same is not taken for this one', async () => {
    const { world, person } = await scene();
    const [first, second] = [await world.flow(person.email, 'invitation'), await world.flow(person.email, 'invitation')];
    await world.issue(first);
    await carriers.fail({ mode: '500' });
    await expect(world.issueOnce(second)).rejects.toMatchObject(LATER);
    await lookAgain(world, second);
    expect(await messageOf(world, first, 'reset-invitation')).toMatchObject({ state: 'accepted' });
    expect(await messageOf(world, second, 'reset-invitation')).toMatchObject({ state: 'failed', provider_id: null });
  });

  test('check 62: a text whose sender was killed is looked up, never sent blind', async () => {
    const { world, person, flow } = await scene();
    const send = world.deps.sms.send.bind(world.deps.sms);
    world.deps.sms.send = async (sms) => {
      await send(sms);
      throw new Error('killed');
    };
    await expect(world.issueOnce(flow)).rejects.toThrow('killed');
    world.deps.sms.send = send;
    expect(await messageOf(world, flow)).toMatchObject({ state: 'attempting' });
    expect(await lookAgain(world, flow)).toMatchObject({ delivery: 'sent' });
    expect(carriers.received(person.mobile)).toHaveLength(1);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  test('what an ended flow has on its way keeps its state, without what it says', async () => {
    const { world, flow } = await scene();
    await carriers.fail({ mode: 'hang' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    await world.activities.endFlow({ flowId: flow.id, outcome: 'cancelled' });
    expect(await messageOf(world, flow)).toMatchObject({ state: 'unknown', sealed: null });
    expect(await world.issue(flow)).toMatchObject({ ended: 'cancelled' });
  });

  describe.each([
    ['answers 429', async () => carriers.fail({ mode: '429' }), async () => ({})],
    ['refuses connections', async () => {}, async () => ({ apiUrl: `http://127.0.0.1:${(await freePorts(1))[0]}` })],
    ['does not know our account', async () => {}, async () => ({ authToken: '00'.repeat(16) })],
  ])('a provider that %s for 30 minutes', (_fault, begin, more) => {
    test('check 63: delivers then what is still valid; what has expired is dropped, and its owner told', async () => {
      await begin();
      const { world, person, flow: early } = await scene(await more());
      const attempts = async (flow: FlowRow, minutes: number) => {
        for (let minute = 0; minute < minutes; minute += 1) {
          await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
          world.clock.advance(MINUTE_MS);
        }
      };
      await attempts(early, 9);
      world.clock.advance(MINUTE_MS + 1);
      expect(await world.issueOnce(early)).toMatchObject({ delivery: 'undeliverable' });
      expect(await messageOf(world, early)).toMatchObject({ state: 'expired', sealed: null });
      expect(await world.db('audit').where({ flow_id: early.id, action: 'message.expired' })).toHaveLength(1);
      expect(carriers.received(person.email)).toHaveLength(1);

      world.clock.advance(15 * MINUTE_MS);
      const late = await world.flow(person.email, 'code');
      await attempts(late, 5);
      await carriers.fail({ mode: 'none' });
      const back = carriers.world(world.db, { clock: world.clock });
      expect(await back.issue(early)).toMatchObject({ delivery: 'silent', ended: 'superseded' });
      expect(await back.issue(late)).toMatchObject({ delivery: 'sent' });
      const texts = carriers.received(person.mobile);
      expect(texts).toHaveLength(1);
      expect(await back.enter(late, codeIn(texts[0]!))).toEqual({ result: 'right' });
    });

    test('check 63: once its time for sending is over, a text is never sent stale, and its owner is told although mail is down too', async () => {
      await begin();
      await carriers.fail({ mail: 'later' });
      const { world, person, flow } = await scene(await more());
      await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
      expect(await world.activities.giveUp({ flowId: flow.id, round: 1 })).toEqual({ explain: true });
      await expect(world.run(world.activities.deliverQueued, { flowId: flow.id, round: 1 })).rejects.toMatchObject(LATER);
      // A repeat of giving up, as after a kill, leaves alone what explains it.
      expect(await world.activities.giveUp({ flowId: flow.id, round: 1 })).toEqual({ explain: true });
      await world.activities.endFlow({ flowId: flow.id, outcome: 'undeliverable' });
      await carriers.fail({ mode: 'none', mail: 'none' });
      await world.run(world.activities.deliverQueued, { flowId: flow.id, round: 1 });
      expect(carriers.received(person.mobile)).toEqual([]);
      expect(carriers.received(person.email).map(({ subject }) => subject)).toEqual(['Postern: your code could not be delivered']);
    });
  });
});

eachDatabase('texts whose fate the provider reports', (database) => {
  let carriers: RealCarriers;
  beforeAll(async () => {
    carriers = await RealCarriers.start(database.db());
  });
  afterEach(() => carriers.fail({ mode: 'none', undeliverable: [] }));
  afterAll(() => carriers.stop());

  async function sent(mode: 'none' | 'hang', undeliverable: boolean) {
    const world = carriers.world(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    await carriers.fail({ mode, undeliverable: undeliverable ? [person.mobile!] : [] });
    const flow = await world.flow(person.email, 'code');
    await world.issueOnce(flow).catch((error: unknown) => expect(error).toMatchObject(LATER));
    const final = await waitFor(() => world.db<MessageRow>('messages').where({ flow_id: flow.id }).whereIn('state', ['delivered', 'undelivered']).first(), { what: 'the last report' });
    return { world, person, flow, final };
  }

  test('a report proves acceptance also where the answer was lost', async () => {
    const { world, person, flow, final } = await sent('hang', false);
    expect(final).toMatchObject({ state: 'delivered', provider_id: carriers.received(person.mobile)[0]!.id, sealed: null });
    expect(await world.issue(flow)).toMatchObject({ delivery: 'sent' });
    expect(carriers.received(person.mobile)).toHaveLength(1);
  });

  test('a number that cannot be reached is on record with the provider\'s reason, and its owner told by e-mail', async () => {
    const { world, person, flow, final } = await sent('none', true);
    expect(final).toMatchObject({ state: 'undelivered', why: 'provider 30003' });
    await waitFor(() => carriers.unreached.includes(final.id) || undefined, { what: 'the workflow to be told' });
    expect(await world.activities.giveUp({ flowId: flow.id, round: 1 })).toEqual({ explain: true });
    await world.run(world.activities.deliverQueued, { flowId: flow.id, round: 1 });
    expect(carriers.received(person.email).map(({ subject }) => subject)).toEqual(['Postern: your code could not be delivered']);
  });
});
