import { addCrowd, addEvent } from '../../support/crowd';
import { testKeys } from '../../support/keys';
import { LiveEvents } from '../../support/live-events';
import { ResetEngine } from '../../support/reset-engine';
import { broadcastWorkflowId, TASK_QUEUE } from '../../../temporal.config';
import { BROADCAST, type BroadcastInput } from '../../../workflows/broadcast/messages';
import { waitFor } from '../../support/wait';
import { countDeliveries } from '../../../db/continuity-deliveries';

const MANY = 1_500;
const FEW = 60;
const PER_SECOND = 150;

let engine: ResetEngine;
let live: LiveEvents;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
  live = await LiveEvents.open(engine);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});

async function crowd(code: string, people: number): Promise<() => Promise<string>> {
  const { groupId } = await addCrowd(live.db, code, people);
  return async () => {
    const eventId = await addEvent(live.db, code, groupId, `Down for ${code}.`, engine.clock());
    const input: BroadcastInput = { eventId, accountCode: code, phase: 'start', round: 0 };
    await engine.client.workflow.start(BROADCAST, { workflowId: broadcastWorkflowId(eventId, 'start', 0), taskQueue: TASK_QUEUE, args: [input] });
    return eventId;
  };
}

const accepted = async (eventId: string): Promise<number> => (await countDeliveries(live.db, eventId)).start?.accepted ?? 0;

test('a broadcast to many does not hold up another account: both take turns at their sender', async () => {
  await live.db('sms_senders').insert({ sender: live.world.sms.from, rate_per_s: PER_SECOND, free_at: 0 }).onConflict('sender').merge();
  const [tellMany, tellFew] = [await crowd('MANY1A1', MANY), await crowd('FEW1A1', FEW)];
  await live.serving(async () => {
    const many = await tellMany();
    await waitFor(async () => (await accepted(many)) > 0 || undefined, { what: 'the first of many' });
    const before = await accepted(many);
    const few = await tellFew();
    await waitFor(async () => (await accepted(few)) === FEW || undefined, { what: 'the few' });
    const meanwhile = (await accepted(many)) - before;
    // Turn for turn, with those that were taken before the few came; far from all of the many.
    expect(meanwhile).toBeLessThan(MANY / 2);
    await live.service.stop(many, undefined, { id: 'ada', name: 'Ada' });
    await live.broadcast(many, 'start').result();
  });
});
