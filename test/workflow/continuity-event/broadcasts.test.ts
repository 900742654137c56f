import { takeReport } from '../../../api/continuity/reports';
import { broadcastWorkflowId, continuityEventWorkflowId, TASK_QUEUE } from '../../../temporal.config';
import { BROADCAST, progressQuery, type BroadcastInput } from '../../../workflows/broadcast/messages';
import { addCrowd, addEvent } from '../../support/crowd';
import { testKeys } from '../../support/keys';
import { ada, LiveEvents } from '../../support/live-events';
import type { RecordingEmail } from '../../support/recording-senders';
import { ResetEngine } from '../../support/reset-engine';
import { waitFor } from '../../support/wait';

const PEOPLE = 9_000;
const MOST_EVENTS = 2_000;

let engine: ResetEngine;
let live: LiveEvents;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
  live = await LiveEvents.open(engine, 5);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});
beforeEach(() => void (live.world.sms.taken.length = 0));

const told = (text: string): number => live.texts().filter((body) => body === text).length;

test('phases are told one after the other, each by a broadcast of its own, and the page of the event says how they came out', async () => {
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned' });
    await live.step(id, { action: 'update', text: 'At noon.' });
    await live.step(id, { action: 'update', text: 'At one.' });
    await live.told(id, 'update-2');
    expect(live.texts()).toEqual(['Mail is down.', 'At noon.', 'At one.'].flatMap((text) => Array<string>(5).fill(text)));
    await live.step(id, { action: 'end' });
    expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
    const { currentDetails } = await live.metadata(id);
    for (const line of ['**Step:** ended', '**start:** done: for 5: told 5', '**update-1:** done: for 5: told 5', '**end:** done: for 5: told 5']) expect(currentDetails).toContain(line);
    expect((await live.broadcast(id, 'end').query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails).toContain('**Notices:** accepted 5');
    const { searchAttributes } = await live.handle(id).describe();
    expect(searchAttributes).toMatchObject({ PosternAccount: [live.world.code], PosternApplication: ['continuity'], PosternStep: ['ended'], PosternOutcome: ['ended'] });
  });
});

test('alerts go by e-mail beside the texts, to those who have a second address: neither waits for the other', async () => {
  const email = live.world.deps.email as RecordingEmail;
  await live.db('sms_settings').insert({ account_code: live.world.code, email_attribute: 'home', updated_at: 0 });
  const { user_id: userId } = (await live.db('sms_subscriptions').where({ account_code: live.world.code }).first<{ user_id: string }>('user_id'))!;
  await live.db('user_attributes').insert({ user_id: userId, name: 'home', value: 'reader@home.example' });
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned', byEmail: true, name: 'Outage', alerts: { start: 'Down, by e-mail as well.', end: 'Up again.' } });
    await Promise.all([live.told(id, 'start'), live.told(id, 'start-email')]);
    await live.step(id, { action: 'end' });
    expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
    expect(email.taken.map(({ to, subject }) => [to, subject])).toEqual([['reader@home.example', 'Postern: Outage'], ['reader@home.example', 'Postern: Outage']]);
    expect(email.taken.map(({ text }) => text.split('\n')[0])).toEqual(['Down, by e-mail as well.', 'Up again.']);
    const { details: { phases } } = await live.read(id);
    expect(Object.fromEntries(Object.entries(phases).map(([name, { channel, state, accepted }]) => [name, [channel, state, accepted]]))).toEqual({
      start: ['sms', 'done', 5], 'start-email': ['email', 'done', 1], end: ['sms', 'done', 5], 'end-email': ['email', 'done', 1],
    });
    expect((await live.metadata(id)).currentDetails).toContain('**start-email:** done: for 1: told 1');
  });
});

test('of a phase there is one broadcast, ever: another one with its name is refused', async () => {
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned', alerts: { start: 'Down.' } });
    await live.told(id, 'start');
    const input: BroadcastInput = { eventId: id, accountCode: live.world.code, phase: 'start', round: 0 };
    await live.broadcast(id, 'start').result();
    await expect(engine.client.workflow.start(BROADCAST, { workflowId: broadcastWorkflowId(id, 'start', 0), taskQueue: TASK_QUEUE, workflowIdReusePolicy: 'REJECT_DUPLICATE', args: [input] })).rejects.toThrow(/already/i);
    await live.step(id, { action: 'end' });
    expect(told('Down.')).toBe(5);
  });
});

test('what failed is sent once more, in a round of its own, also when the event is over', async () => {
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned', alerts: { start: 'Down again.' } });
    await live.told(id, 'start');
    await live.step(id, { action: 'end' });
    await live.handle(id).result();
    const { items } = await live.service.deliveries(id, undefined, { phase: 'start', limit: 2 });
    for (const { id: delivery } of items) {
      const { provider_id: providerId } = (await live.db('continuity_deliveries').where({ id: delivery }).first<{ provider_id: string }>('provider_id'));
      await takeReport(live.world.deps, delivery, { to: 'undelivered', providerId, code: '30003' });
    }
    const failed = await live.read(id);
    expect(failed).toMatchObject({ actions: [{ name: 'retry-failed' }], details: { phases: { start: { failed: 2, reasons: [{ state: 'failed', why: 'provider 30003', count: 2 }] } } } });
    await live.service.retryFailed(id, undefined, ada);
    await live.broadcast(id, 'start', 1).result();
    expect(await live.read(id)).toMatchObject({ actions: [], details: { phases: { start: { state: 'done', failed: 0, accepted: 5 } } } });
    expect(told('Down again.')).toBe(7);
    await expect(live.service.retryFailed(id, undefined, ada)).rejects.toMatchObject({ slug: 'wrong-step' });
  });
});

test('an event whose workflow was terminated goes on from its rows', async () => {
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned', alerts: { start: 'Down.', end: 'Up.' } });
    await live.told(id, 'start');
    await live.handle(id).terminate();
    expect(await live.step(id, { action: 'end' })).toMatchObject({ step: 'ended' });
    await live.told(id, 'end');
    expect([told('Down.'), told('Up.')]).toEqual([5, 5]);
  });
});

test('an event that no engine was there for starts when it is back', async () => {
  const { id } = await live.create({ kind: 'unplanned', alerts: { start: 'Down at last.' } });
  await live.db('continuity_events').where({ id }).update({ told_at: null, created_at: 0 });
  await live.handle(id).terminate();
  await live.serving(async () => {
    expect(await live.service.startUntold()).toBe(1);
    await live.told(id, 'start');
    expect(told('Down at last.')).toBe(5);
    await live.step(id, { action: 'end' });
  });
  expect(continuityEventWorkflowId(id)).toContain(id);
});

test(`check 67: a broadcast to ${PEOPLE} people goes on as a new run with ids and counters only, and one to 100,000 stays below ${MOST_EVENTS} events`, async () => {
  await live.serving(async () => {
    const { groupId } = await addCrowd(live.db, 'CROWD1A1', PEOPLE);
    const eventId = await addEvent(live.db, 'CROWD1A1', groupId, 'Down for all.', engine.clock());
    const input: BroadcastInput = { eventId, accountCode: 'CROWD1A1', phase: 'start', round: 0, continueAfterEvents: 30 };
    const handle = await engine.client.workflow.start(BROADCAST, { workflowId: broadcastWorkflowId(eventId, 'start', 0), taskQueue: TASK_QUEUE, args: [input] });
    expect(await handle.result()).toEqual({ state: 'done', counts: { accepted: PEOPLE } });
    expect(told('Down for all.')).toBe(PEOPLE);
    const runs: { runId: string; events: number }[] = await waitFor(async () => {
      const found = [];
      for await (const { runId } of engine.client.workflow.list({ query: `WorkflowId = "${handle.workflowId}"` })) found.push({ runId, events: (await live.broadcast(eventId, 'start', 0, runId).fetchHistory()).events!.length });
      return found.length > 1 ? found : undefined;
    }, { what: 'the runs' });
    const { accepted, audience, batches } = await handle.query(progressQuery);
    expect([accepted, audience]).toEqual([PEOPLE, PEOPLE]);
    const events = runs.reduce((sum, run) => sum + run.events, 0);
    const perBatch = events / batches;
    // Batches of 500 at most; a run ends at 1,500 events, and with what its four lanes have begun by then.
    const ofHundredThousand = Math.min((100_000 / 500) * perBatch, 1_500 + 4 * perBatch);
    console.log(`${events} events in ${runs.length} runs, ${batches} batches of ${PEOPLE} people: at most ${Math.ceil(ofHundredThousand)} in a history of 100,000.`);
    expect(ofHundredThousand).toBeLessThan(MOST_EVENTS);
  });
});
