import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { broadcastWorkflowId, TASK_QUEUE } from '../../temporal.config';
import { BROADCAST, type BroadcastInput } from '../../workflows/broadcast/messages';
import { EncryptionCodec } from '../../security/codec';
import { addCrowd, addEvent } from './crowd';
import { readable } from './histories';
import { ada, bob, LiveEvents } from './live-events';
import { clearRecordedHistories, recordingKeys, storeHistory, type RecordedJourney } from './recorded-histories';
import { recordOn } from './recording';
import { ResetEngine } from './reset-engine';
import { HOUR_MS } from './reset-world';
import { waitFor } from './wait';

/** What a scenario leaves: histories by their names. */
type Recorded = Readonly<Partial<Record<'event' | 'broadcast', Readonly<Record<string, WorkflowHandle>>>>>;
type Scenario = (live: LiveEvents) => Promise<Recorded>;

const inHours = (live: LiveEvents, hours: number): string => new Date(live.engine.clock() + hours * HOUR_MS).toISOString();
const planned = (live: LiveEvents, from: number, to: number) => live.create({ kind: 'planned', startsAt: inHours(live, from), endsAt: inHours(live, to) });
/** How fast the sender may send from now on. */
const rate = (live: LiveEvents, perSecond: number) => live.db('sms_senders').insert({ sender: live.world.sms.from, rate_per_s: perSecond, free_at: 0 }).onConflict('sender').merge();

async function began(live: LiveEvents, id: string): Promise<void> {
  await waitFor(async () => Number((await live.read(id)).details.phases.start?.accepted) > 0 || undefined, { what: 'the first notices' });
}

/** Of an event that is under way, what a word of an administrator in the middle of its start makes of it. */
async function inTheMiddle(live: LiveEvents, word: (id: string) => Promise<unknown>): Promise<string> {
  await rate(live, 4);
  const { id } = await live.create({ kind: 'unplanned' });
  await began(live, id);
  await word(id);
  await rate(live, 10_000);
  return id;
}

const immediate: readonly Scenario[] = [
  async (live) => {
    const { id } = await live.create({ kind: 'unplanned' });
    await live.step(id, { action: 'update', text: 'Mail will be back at noon.' });
    await live.told(id, 'update-1');
    await live.step(id, { action: 'end' });
    await live.handle(id).result();
    return { event: { 'ended-after-an-update': live.handle(id) }, broadcast: { done: live.broadcast(id, 'start') } };
  },
  async (live) => {
    const id = await inTheMiddle(live, (event) => live.step(event, { action: 'end' }));
    await live.handle(id).result();
    await live.broadcast(id, 'start').result();
    return { event: { 'ended-in-the-middle-of-its-start': live.handle(id) }, broadcast: { superseded: live.broadcast(id, 'start') } };
  },
  async (live) => {
    const id = await inTheMiddle(live, (event) => live.service.stop(event, undefined, ada));
    await live.broadcast(id, 'start').result();
    await live.step(id, { action: 'end' });
    await live.handle(id).result();
    return { event: { 'ended-after-a-stop': live.handle(id) }, broadcast: { stopped: live.broadcast(id, 'start') } };
  },
  async (live) => {
    live.world.sms.faults.push({ kind: 'retry', why: 'provider 20003', account: true });
    const { id } = await live.create({ kind: 'unplanned' });
    await waitFor(async () => (await live.read(id)).details.phases.start?.state === 'halted' || undefined, { what: 'the halt' });
    await live.broadcast(id, 'start').result();
    live.world.sms.faults.length = 0;
    await live.handle(id).cancel();
    return { event: { 'cancelled-by-operator': live.handle(id) }, broadcast: { halted: live.broadcast(id, 'start') } };
  },
  async (live) => {
    const { groupId } = await addCrowd(live.db, 'LONG1A1', 2_000);
    const eventId = await addEvent(live.db, 'LONG1A1', groupId, 'Mail is down.', live.engine.clock());
    const input: BroadcastInput = { eventId, accountCode: 'LONG1A1', phase: 'start', round: 0, continueAfterEvents: 20 };
    const { firstExecutionRunId } = await live.engine.client.workflow.start(BROADCAST, { workflowId: broadcastWorkflowId(eventId, 'start', 0), taskQueue: TASK_QUEUE, args: [input] });
    await live.broadcast(eventId, 'start').result();
    return { broadcast: { continued: live.broadcast(eventId, 'start', 0, firstExecutionRunId), 'done-by-a-later-run': live.broadcast(eventId, 'start') } };
  },
];

const patient: readonly Scenario[] = [
  async (live) => {
    await live.keepQuiet(4.5, 5.1);
    const { id } = await planned(live, 5, 9);
    await live.handle(id).result();
    await live.db('sms_settings').where({ account_code: live.world.code }).delete();
    return { event: { 'ended-after-quiet-hours': live.handle(id) } };
  },
  async (live) => {
    const { id } = await planned(live, 5, 9);
    await live.service.change(id, undefined, { version: 1, startsAt: inHours(live, 2) }, ada);
    await live.handle(id).result();
    return { event: { 'ended-at-its-time-after-it-was-moved': live.handle(id) } };
  },
  async (live) => {
    await live.requireApproval(true);
    const [{ id }, { id: never }] = [await planned(live, 5, 9), await planned(live, 5, 6)];
    await live.step(id, { action: 'approve' }, bob);
    await live.handle(id).result();
    await live.handle(never).result();
    await live.requireApproval(false);
    return { event: { 'ended-after-approval': live.handle(id), 'cancelled-since-nobody-approved': live.handle(never) } };
  },
  async (live) => {
    const [{ id }, { id: early }] = [await planned(live, 5, 9), await planned(live, 5, 9)];
    await live.step(id, { action: 'cancel' });
    await live.step(early, { action: 'start' });
    await live.handle(early).result();
    return { event: { 'cancelled-before-its-start': live.handle(id), 'ended-after-an-early-start': live.handle(early) } };
  },
  async (live) => {
    live.world.sms.faults.push('lose-answer', 'lose-request');
    const { id } = await live.create({ kind: 'unplanned', endsAt: inHours(live, 1) });
    await live.handle(id).result();
    return { broadcast: { 'done-after-looking-up': live.broadcast(id, 'start') } };
  },
];

const JOURNEYS = { event: 'continuity-event', broadcast: 'broadcast' } as const satisfies Record<string, RecordedJourney>;

/** What a history must not hold: who was told, and at which number. */
async function refusePeople(live: LiveEvents, name: string, history: unknown): Promise<void> {
  const text = (await readable(history, new EncryptionCodec(live.engine.keys))).join('\n');
  if (/\+1\d{10}|Person \d|\.example/.test(text)) throw new Error(`The history "${name}" names people: it is not stored.`);
}

async function store(live: LiveEvents, recorded: Recorded): Promise<void> {
  for (const kind of ['event', 'broadcast'] as const) {
    for (const [name, handle] of Object.entries(recorded[kind] ?? {})) {
      // An operator's Cancel makes it fail as cancelled; of an earlier run the result is that of the last.
      await handle.result().catch((error: unknown) => {
        if (!(error instanceof WorkflowFailedError)) throw error;
      });
      const history = await handle.fetchHistory();
      await refusePeople(live, name, history);
      await storeHistory(JOURNEYS[kind], name, history);
      console.log(`${JOURNEYS[kind]} ${name}: ${history.events?.length ?? 0} events`);
    }
  }
}

function recordAll(engine: ResetEngine, scenarios: readonly Scenario[]): Promise<void> {
  return recordOn(engine, () => LiveEvents.open(engine, 30), async (live) => {
    for (const scenario of scenarios) {
      await engine.sleep(1);
      await store(live, await scenario(live));
    }
  });
}

/** Continuity events and broadcasts with every ending they can have, and a broadcast that goes on as a new run. */
export async function recordEvents(): Promise<void> {
  await clearRecordedHistories('continuity-event');
  await clearRecordedHistories('broadcast');
  await recordAll(await ResetEngine.local(recordingKeys()), immediate);
  await recordAll(await ResetEngine.timeSkipping(recordingKeys()), patient);
}
