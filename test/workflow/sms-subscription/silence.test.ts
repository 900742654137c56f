import { testKeys } from '../../support/keys';
import { LiveOptIns } from '../../support/live-opt-ins';
import { ResetEngine } from '../../support/reset-engine';
import { HOUR_MS } from '../../support/reset-world';

let engine: ResetEngine;
let live: LiveOptIns;
beforeAll(async () => {
  engine = await ResetEngine.timeSkipping(testKeys('test'), 'sms-subscription');
  live = await LiveOptIns.open(engine);
});
afterAll(async () => {
  await live?.close();
  await engine?.stop();
});

/** Skips to the workflow's end. Returns how long it ran, in whole hours of the engine's time. */
async function hoursUntilLapsed(flowId: string): Promise<number> {
  expect(await engine.handle(flowId).result()).toEqual({ outcome: 'lapsed' });
  const { startTime, closeTime } = await engine.handle(flowId).describe();
  return Math.floor((closeTime!.getTime() - startTime.getTime()) / HOUR_MS);
}

test('silence lapses after 24 hours, with one reminder', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.ask(person);
    expect(await hoursUntilLapsed(flowId)).toBe(24);
    expect(live.confirmations(person)).toHaveLength(2);
    expect(await live.row(person)).toMatchObject({ state: 'lapsed', reminders: 1 });
    expect(await live.evidence(person)).toEqual(['asked', 'confirmation-sent', 'reminded', 'lapsed']);
  });
});

test('check 6: the code of the reminder is the valid one, and one reminder is all that is sent', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.ask(person);
    const first = await live.code(person);
    await expect(live.service.remind(await live.row(person))).rejects.toMatchObject({ slug: 'resend-too-soon' });
    await engine.sleep(HOUR_MS);
    await live.service.remind(await live.row(person));
    const second = await live.code(person, 2);
    if (first !== second) await expect(live.enter(person, first)).rejects.toMatchObject({ slug: 'secret-wrong' });
    await engine.sleep(HOUR_MS);
    await expect(live.service.remind(await live.row(person))).rejects.toMatchObject({ slug: 'no-resend-left' });
    await live.enter(person, second);
    expect(await live.row(person)).toMatchObject({ state: 'active' });
  });
});

test('an invitation is reminded of once, after three days, and lapses after 14; no text is sent', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.invite(person);
    expect(await hoursUntilLapsed(flowId)).toBe(14 * 24);
    expect(live.world.email.to(person.email)).toHaveLength(2);
    expect(live.world.sms.to(person.mobile)).toEqual([]);
  });
});

test('an answer that the engine is never told of still ends it', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.ask(person);
    await live.code(person);
    await live.db('sms_subscriptions').where({ user_id: person.id }).update({ state: 'active' });
    await live.db('flows').where({ id: flowId }).update({ step: 'active', outcome: 'active' });
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'active' });
    expect(live.confirmations(person)).toHaveLength(1);
  });
});
