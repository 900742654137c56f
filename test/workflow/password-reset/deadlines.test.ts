import { randomUUID } from 'node:crypto';
import { sendBareStep, sendStep } from '../../../api/password-reset/engine';
import { proveUpdate, resendUpdate } from '../../../workflows/password-reset/messages';
import { beginReset, fakeActivities, someProof } from '../../support/fake-activities';
import { testKeys } from '../../support/keys';
import { ResetEngine } from '../../support/reset-engine';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/reset-world';

let engine: ResetEngine;
beforeAll(async () => {
  engine = await ResetEngine.timeSkipping(testKeys('test'));
});
afterAll(() => engine.stop());

const prove = (flowId: string) => sendStep(engine.client, flowId, proveUpdate, randomUUID(), someProof());
const resend = (flowId: string) => sendBareStep(engine.client, flowId, resendUpdate, randomUUID());

/** Skips to the workflow's end. Returns how long it ran, in whole minutes of the engine's time. */
async function minutesUntil(flowId: string, outcome: string): Promise<number> {
  expect(await engine.handle(flowId).result()).toEqual({ outcome });
  const { startTime, closeTime } = await engine.handle(flowId).describe();
  return Math.floor((closeTime!.getTime() - startTime.getTime()) / MINUTE_MS);
}

/** Records at which hour of a flow something is called. */
function atHours(fake: jest.Mock): number[] {
  const began = engine.clock();
  const hours: number[] = [];
  fake.mockImplementation(async () => void hours.push(Math.round((engine.clock() - began) / HOUR_MS)));
  return hours;
}

const variants = [
  { variant: 'code', ttlMs: 10 * MINUTE_MS },
  { variant: 'link', ttlMs: HOUR_MS },
  { variant: 'temporary-password', ttlMs: 3 * DAY_MS },
  { variant: 'invitation', ttlMs: DAY_MS },
] as const;

test.each(variants)('check 3: what nobody uses expires on time: $variant', async ({ variant, ttlMs }) => {
  const activities = fakeActivities();
  await engine.serving(activities, async () => {
    expect(await minutesUntil(await beginReset(engine, variant, ttlMs), 'expired')).toBe(ttlMs / MINUTE_MS);
  });
  expect(activities.endFlow.mock.calls).toEqual([[{ flowId: expect.any(String), outcome: 'expired' }]]);
});

test.each(variants.slice(0, 3))('a new password is awaited for half an hour, however long what proved it was valid: $variant', async ({ variant, ttlMs }) => {
  await engine.serving(fakeActivities(), async () => {
    const flowId = await beginReset(engine, variant, ttlMs);
    await engine.sleep(5 * MINUTE_MS);
    expect(await prove(flowId)).toEqual({ result: 'right' });
    expect(await minutesUntil(flowId, 'expired')).toBe(35);
  });
});

test('asking again moves the deadline on', async () => {
  const activities = fakeActivities();
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code', 10 * MINUTE_MS);
    await engine.sleep(4 * MINUTE_MS);
    expect(await resend(flowId)).toMatchObject({ step: 'enter-code', round: 2, resendsLeft: 2 });
    expect(await minutesUntil(flowId, 'expired')).toBe(14);
  });
  expect(activities.issueSecret.mock.calls.map(([{ round }]) => round)).toEqual([1, 2]);
});

test('three more are sent, a minute apart; a fourth is refused', async () => {
  const activities = fakeActivities();
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'link', HOUR_MS);
    for (let left = 2; left >= 0; left -= 1) {
      await engine.sleep(MINUTE_MS + 1_000);
      expect(await resend(flowId)).toMatchObject({ resendsLeft: left });
      await expect(resend(flowId)).rejects.toMatchObject({ type: left > 0 ? 'resend-too-soon' : 'no-resend-left' });
    }
    await engine.sleep(MINUTE_MS + 1_000);
    await expect(resend(flowId)).rejects.toMatchObject({ type: 'no-resend-left' });
    // Four minutes have passed, and a second each; the last one is valid for an hour. Left open, it would hold the clock of the next test.
    expect(await minutesUntil(flowId, 'expired')).toBe(63);
  });
  expect(activities.beginRound.mock.calls.map(([{ round }]) => round)).toEqual([2, 3, 4]);
});

describe('what an older round comes to says nothing of the newer one', () => {
  /** Asks again while the first round is still being tried, and reads that the second one is out. */
  async function askAgain(): Promise<string> {
    const flowId = await beginReset(engine, 'code', 10 * MINUTE_MS);
    await engine.sleep(5 * MINUTE_MS);
    await resend(flowId);
    await engine.reads(flowId, 'number 2 was handed to the carrier');
    return flowId;
  }

  test('where its time for sending is over first', async () => {
    const activities = fakeActivities();
    activities.issueSecret.mockImplementation(async ({ round }) => {
      if (round === 1) throw new Error('later');
      return { delivery: 'sent', superseded: [], ended: null };
    });
    await engine.serving(activities, async () => {
      const flowId = await askAgain();
      await engine.sleep(7 * MINUTE_MS);
      expect(await engine.details(flowId)).toContain('number 2 was handed to the carrier');
      expect(await minutesUntil(flowId, 'expired')).toBe(15);
    });
    expect(activities.giveUp).not.toHaveBeenCalled();
  });

  test('where it turns out to be undeliverable later', async () => {
    const activities = fakeActivities();
    let known = false;
    activities.issueSecret.mockImplementation(async ({ round }) => {
      if (round === 2) return { delivery: 'sent', superseded: [], ended: null };
      if (!known) throw new Error('later');
      return { delivery: 'undeliverable', superseded: [], ended: null };
    });
    await engine.serving(activities, async () => {
      const flowId = await askAgain();
      known = true;
      await engine.sleep(2 * MINUTE_MS);
      expect(await activities.issueSecret.mock.results.at(-1)!.value).toMatchObject({ delivery: 'undeliverable' });
      expect(await engine.details(flowId)).toContain('number 2 was handed to the carrier');
      expect(await minutesUntil(flowId, 'expired')).toBe(15);
    });
  });
});

describe('check 66: the reminder of a temporary password', () => {
  test('goes a day before its end', async () => {
    const activities = fakeActivities();
    await engine.serving(activities, async () => {
      const hours = atHours(activities.remind);
      expect(await minutesUntil(await beginReset(engine, 'temporary-password', 3 * DAY_MS), 'expired')).toBe(72 * 60);
      expect(hours).toEqual([48]);
    });
  });

  test('goes for the last one that was sent', async () => {
    const activities = fakeActivities();
    await engine.serving(activities, async () => {
      const hours = atHours(activities.remind);
      const flowId = await beginReset(engine, 'temporary-password', 3 * DAY_MS);
      await engine.sleep(DAY_MS);
      await resend(flowId);
      await engine.sleep(2.5 * DAY_MS);
      await resend(flowId);
      expect(await minutesUntil(flowId, 'expired')).toBe(6.5 * 24 * 60);
      expect(hours).toEqual([72, 84 + 48]);
      expect(activities.remind.mock.calls.map(([{ round }]) => round)).toEqual([2, 3]);
    });
  });

  test('does not hold up the end', async () => {
    const activities = fakeActivities();
    activities.remind.mockRejectedValue(new Error('later'));
    await engine.serving(activities, async () => {
      expect(await minutesUntil(await beginReset(engine, 'temporary-password', 3 * DAY_MS), 'expired')).toBe(72 * 60);
    });
  });

  test('does not go once it is used, nor where it is valid for a day or less', async () => {
    const activities = fakeActivities();
    await engine.serving(activities, async () => {
      const used = await beginReset(engine, 'temporary-password', 1.01 * DAY_MS);
      await prove(used);
      await minutesUntil(used, 'expired');
      await minutesUntil(await beginReset(engine, 'temporary-password', DAY_MS), 'expired');
    });
    expect(activities.remind).not.toHaveBeenCalled();
  });
});
