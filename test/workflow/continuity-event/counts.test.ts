import { isDeepStrictEqual } from 'node:util';
import { createContinuityEventActivities } from '../../../activities/continuity-event';
import { takeReport } from '../../../api/continuity/reports';
import { continuityEventWorkflowId } from '../../../temporal.config';
import { testKeys } from '../../support/keys';
import { LiveEvents } from '../../support/live-events';
import { ResetEngine } from '../../support/reset-engine';
import { waitFor } from '../../support/wait';

const PEOPLE = 9;
/** Few enough that each is a turn of its own. */
const PER_SECOND = 4;
const LOOK_MS = 60_000;

let engine: ResetEngine;
let live: LiveEvents;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
});
beforeEach(async () => {
  live = await LiveEvents.open(engine, PEOPLE);
});
afterEach(() => live.close());
afterAll(() => engine.stop());

/** Holds the phone up once it has taken so many texts. Returns what lets it go on. */
function holdUpAfter(texts: number): () => void {
  const { sms } = live.world;
  const send = sms.send.bind(sms);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let begun = 0;
  sms.send = async (text) => {
    begun += 1;
    if (begun > texts) await held;
    return send(text);
  };
  return release;
}

const numbers = async (id: string): Promise<unknown[]> => {
  const { searchAttributes } = await live.handle(id).describe();
  return ['PosternTold', 'PosternDelivered', 'PosternFailed'].map((name) => searchAttributes[name]?.[0]);
};

async function found(query: string, id: string): Promise<boolean> {
  for await (const { workflowId } of engine.client.workflow.list({ query })) if (workflowId === continuityEventWorkflowId(id)) return true;
  return false;
}

/** Waits until an event's search attributes say so: the page may be a moment ahead of them. */
const hasNumbers = (id: string, wanted: readonly number[]): Promise<true> =>
  waitFor(async () => isDeepStrictEqual(await numbers(id), wanted) || undefined, { what: `the search attributes ${wanted.join(', ')}` });

const isFound = (query: string, id: string): Promise<true> => waitFor(async () => (await found(query, id)) || undefined, { what: query });

/** Has the provider report on a notice of the start that it took, the first or a later one. */
async function reported(id: string, to: 'delivered' | 'undelivered', nth: number): Promise<void> {
  const taken = await live.db('continuity_deliveries').where({ event_id: id, phase: 'start', state: 'accepted' }).orderBy('id').select<{ id: string; provider_id: string }[]>('id', 'provider_id');
  await takeReport(live.world.deps, taken[nth]!.id, { to, providerId: taken[nth]!.provider_id, ...(to === 'undelivered' ? { code: '30003' } : {}) });
}

test('an event says how many were told, reached and missed while its broadcast is under way, when it has closed, and in the end', async () => {
  await live.db('sms_senders').insert({ sender: live.world.sms.from, rate_per_s: PER_SECOND, free_at: 0 });
  live.world.sms.faults.push('refuse');
  const release = holdUpAfter(3);
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned' });
    await live.reads(id, '**start:** sending: for 9: told 2, delivered 0, failed 1 (provider 21211: 1), suppressed 0, left 6', LOOK_MS);
    await hasNumbers(id, [2, 0, 1]);
    await isFound('PosternFailed > 0 AND ExecutionStatus = "Running"', id);

    await reported(id, 'delivered', 0);
    release();
    await live.reads(id, '**start:** done: for 9: told 8, delivered 1, failed 1 (provider 21211: 1), suppressed 0, left 0', LOOK_MS);
    await hasNumbers(id, [8, 1, 1]);
    await live.broadcast(id, 'start').result();
    expect((await live.broadcast(id, 'start').describe()).searchAttributes).toMatchObject({ PosternTold: [8], PosternDelivered: [1], PosternFailed: [1] });

    await reported(id, 'undelivered', 0);
    await reported(id, 'undelivered', 1);
    await live.step(id, { action: 'end' });
    await live.handle(id).result();
    const { currentDetails } = await live.metadata(id);
    for (const line of ['**start:** done: for 9: told 6, delivered 1, failed 3 (provider 30003: 2, provider 21211: 1)', '**end:** done: for 6: told 6']) expect(currentDetails).toContain(line);
    await hasNumbers(id, [12, 1, 3]);
    await isFound('PosternTold = 12 AND PosternFailed >= 3', id);
    expect(await found('PosternFailed > 3', id)).toBe(false);
  });
});

test('numbers are set where they changed only, and cost no workflow task of their own', async () => {
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned' });
    await live.told(id, 'start');
    await live.step(id, { action: 'end', text: null });
    await live.handle(id).result();
    const { events } = await live.handle(id).fetchHistory();
    const told = events!.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.PosternTold);
    // Counted when the start had closed and when the event was over.
    expect(told).toHaveLength(1);
  });
});

test('check 67: what an event counts and what is done to it at the same time is done in turn, and replays', async () => {
  const activities = createContinuityEventActivities(live.world.deps);
  let [running, most] = [0, 0];
  const watched = <P extends unknown[], R>(activity: (...args: P) => Promise<R>) => async (...args: P): Promise<R> => {
    running += 1;
    most = Math.max(most, running);
    return activity(...args).finally(() => (running -= 1));
  };
  const [changeEvent, countNotices] = [watched(activities.changeEvent), watched(activities.countNotices)];
  await engine.serving({ ...activities, ...live.world.activities, changeEvent, countNotices }, async () => {
    const { id } = await live.create({ kind: 'unplanned' });
    await live.told(id, 'start');
    await Promise.all(Array.from({ length: 8 }, (_, number) => live.step(id, { action: 'update', text: `News ${number}.` })));
    await live.step(id, { action: 'end' });
    await live.handle(id).result();
    expect(most).toBe(1);
    // Of one that is over the page is made by replaying it.
    expect((await live.metadata(id)).currentDetails).toContain('**end:** done: for 9: told 9');
  });
});

test('an event goes on and ends where nothing can be counted', async () => {
  const countNotices = (): Promise<never> => Promise.reject(new Error('The database is away.'));
  await engine.serving({ ...createContinuityEventActivities(live.world.deps), ...live.world.activities, countNotices }, async () => {
    const { id } = await live.create({ kind: 'unplanned' });
    await live.told(id, 'start');
    await live.step(id, { action: 'end' });
    expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
    // As the broadcasts said.
    expect((await live.metadata(id)).currentDetails).toContain('**end:** done: accepted 9');
    expect(await numbers(id)).toEqual([undefined, undefined, undefined]);
  });
});
