import { testKeys } from '../../support/keys';
import { LiveOptIns } from '../../support/live-opt-ins';
import { ResetEngine } from '../../support/reset-engine';
import { wrongFor } from '../../support/sign-in-world';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
let live: LiveOptIns;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'), 'sms-subscription');
  live = await LiveOptIns.open(engine);
});
afterAll(async () => {
  await live?.close();
  await engine?.stop();
});

test('the number gets one confirmation text; its code on the page subscribes', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.ask(person);
    const code = await live.code(person);
    await live.ask(person);
    await live.enter(person, code);
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'active' });
    expect(live.confirmations(person)).toHaveLength(1);
    expect(live.confirmations(person)[0]).toMatch(/Continuity Notices.*start and end of e-mail outages.*Msg & data rates may apply.*HELP.*STOP/);
    expect(await live.row(person)).toMatchObject({ state: 'active', ended_why: null });
    expect(await live.evidence(person)).toEqual(['asked', 'confirmation-sent', 'confirmed']);
  });
});

test('a reply of YES subscribes, and is answered; the code is then of no use', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.ask(person);
    const code = await live.code(person);
    await live.text(person, 'Yes!');
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'active' });
    await waitFor(() => live.world.sms.to(person.mobile).some(({ body }) => body.includes('you are subscribed')) || undefined, { what: 'the answer to YES' });
    await expect(live.enter(person, code)).rejects.toMatchObject({ slug: 'flow-done' });
    expect(await live.evidence(person)).toEqual(['asked', 'confirmation-sent', 'confirmed']);
  });
});

test('STOP before the confirmation ends it; what was sent confirms nothing any more', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.ask(person);
    const code = await live.code(person);
    await live.text(person, 'stop');
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'ended' });
    await expect(live.enter(person, code)).rejects.toMatchObject({ slug: 'flow-cancelled' });
    expect(await live.row(person)).toMatchObject({ state: 'ended', ended_why: 'stopped' });
  });
});

test('check 5: of 16 parallel entries of the code one is right, and one consent is written', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.ask(person);
    const code = await live.code(person);
    const entries = await Promise.allSettled(Array.from({ length: 16 }, () => live.enter(person, code)));
    expect(entries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await live.evidence(person)).filter((action) => action === 'confirmed')).toHaveLength(1);
  });
});

test('check 12: five wrong codes close it, the right one too; YES by text is still taken', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.ask(person);
    const code = await live.code(person);
    for (let entry = 1; entry <= 4; entry += 1) await expect(live.enter(person, wrongFor(code))).rejects.toMatchObject({ slug: 'secret-wrong', extra: { attemptsLeft: 5 - entry } });
    await expect(live.enter(person, wrongFor(code))).rejects.toMatchObject({ slug: 'flow-locked' });
    await expect(live.enter(person, code)).rejects.toMatchObject({ slug: 'flow-locked' });
    await live.text(person, 'YES');
    expect(await live.row(person)).toMatchObject({ state: 'active' });
  });
});

test('an invitation goes by e-mail; the number gets nothing until its person accepts', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.invite(person);
    await waitFor(() => live.world.email.to(person.email)[0], { what: 'the invitation' });
    expect(live.world.sms.to(person.mobile)).toEqual([]);
    await live.accept(person);
    await live.enter(person, await live.code(person));
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'active' });
    expect(await live.evidence(person)).toEqual(['invited', 'asked', 'confirmation-sent', 'confirmed']);
  });
});

test('an opt-out at the provider, and a number that does not exist, end the opt-in', async () => {
  await live.serving(async () => {
    const [opted, missing] = [await live.person(), await live.person()];
    live.world.sms.refusals.set(opted.mobile!, 'provider 21610').set(missing.mobile!, 'provider 21211');
    for (const person of [opted, missing]) expect(await engine.handle((await live.ask(person)).flowId).result()).toEqual({ outcome: 'ended' });
    expect(await live.row(opted)).toMatchObject({ state: 'ended', ended_why: 'provider-opt-out' });
    expect(await live.evidence(opted)).toEqual(['asked', 'confirmation-sent', 'provider-opt-out']);
    expect(await live.row(missing)).toMatchObject({ state: 'ended', ended_why: 'number-refused' });
    await expect(live.ask(missing)).rejects.toMatchObject({ slug: 'number-invalid' });
  });
});

test("an operator's Cancel ends it", async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.ask(person);
    await live.code(person);
    await engine.handle(flowId).cancel();
    await expect(engine.handle(flowId).result()).rejects.toThrow();
    expect(await live.row(person)).toMatchObject({ state: 'ended', ended_why: 'cancelled' });
  });
});
