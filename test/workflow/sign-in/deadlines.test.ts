import { testKeys } from '../../support/keys';
import { LiveSignIns } from '../../support/live-sign-ins';
import { ResetEngine } from '../../support/reset-engine';
import { MINUTE_MS } from '../../support/reset-world';

let engine: ResetEngine;
let live: LiveSignIns;
beforeAll(async () => {
  engine = await ResetEngine.timeSkipping(testKeys('test'), 'sign-in');
  live = await LiveSignIns.open(engine);
});
afterAll(async () => {
  await live?.close();
  await engine?.stop();
});

/** Skips to the workflow's end. Returns how long it ran, in whole minutes of the engine's time. */
async function minutesUntilExpired(flowId: string): Promise<number> {
  expect(await engine.handle(flowId).result()).toEqual({ outcome: 'expired' });
  const { startTime, closeTime } = await engine.handle(flowId).describe();
  return Math.floor((closeTime!.getTime() - startTime.getTime()) / MINUTE_MS);
}

test('a number is awaited for half an hour', async () => {
  await live.serving(async () => {
    const { flowId, handle } = await live.begin(await live.person());
    expect(await minutesUntilExpired(flowId)).toBe(30);
    await engine.followTime();
    expect((await live.service.view(handle)).step).toBe('expired');
    await expect(live.service.phone(handle, '+12125550142')).rejects.toMatchObject({ slug: 'flow-expired' });
  });
});

test('check 3: a passcode is awaited for ten minutes, then the sign-in is over', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const { flowId } = await live.begin(person);
    expect(await minutesUntilExpired(flowId)).toBe(10);
  });
});

test('another passcode has ten minutes of its own; three are sent beside the first', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    for (let resend = 1; resend <= 3; resend += 1) {
      await live.passcode(person.mobile, 1 + resend);
      await engine.sleep(2 * MINUTE_MS);
      const { details } = await live.service.resend(begun.handle);
      expect(details.resend).toMatchObject({ left: 3 - resend });
    }
    const code = await live.passcode(person.mobile, 5);
    await engine.sleep(2 * MINUTE_MS);
    await expect(live.service.resend(begun.handle)).rejects.toMatchObject({ slug: 'no-resend-left' });
    await engine.sleep(7 * MINUTE_MS);
    expect(await live.enter(begun, 'passcode', code)).toEqual(expect.any(String));
  });
});

test('an authenticator\'s code is awaited for ten minutes, another password for thirty', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.world.enrolledTotp(person);
    expect(await minutesUntilExpired((await live.begin(person)).flowId)).toBe(10);
    const given = await live.person({ profile: { two_step: 'off' }, user: { password_temporary: true } });
    expect(await minutesUntilExpired((await live.begin(given)).flowId)).toBe(30);
  });
});

test('check 63: a passcode is never sent stale: while the provider is down it is tried until it expires, then given up', async () => {
  await live.serving(async () => {
    const person = await live.person();
    live.world.sms.faults.push(...Array<'later'>(100).fill('later'));
    const begun = await live.begin(person);
    await live.service.phone(begun.handle, person.mobile!);
    expect(await minutesUntilExpired(begun.flowId)).toBeLessThanOrEqual(11);
    live.world.sms.faults.length = 0;
    expect(live.world.sms.to(person.mobile)).toEqual([]);
    expect(await live.db('messages').where({ flow_id: begun.flowId }).pluck('state')).toEqual(['expired']);
  });
});
