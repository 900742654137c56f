import { addDays, dateAt, instantOfWallClock } from '../../../domain/onboarding/calendar';
import { testKeys } from '../../support/keys';
import { ada, bob, LiveEvents } from '../../support/live-events';
import { ResetEngine } from '../../support/reset-engine';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/reset-world';

const ZONE = 'Europe/Berlin';

let engine: ResetEngine;
let live: LiveEvents;
beforeAll(async () => {
  engine = await ResetEngine.timeSkipping(testKeys('test'));
});
beforeEach(async () => {
  await engine.sleep(1);
  live = await LiveEvents.open(engine);
});
afterEach(() => live.close());
afterAll(() => engine.stop());

const iso = (at: number): string => new Date(at).toISOString();
const inHours = (hours: number): string => iso(engine.clock() + hours * HOUR_MS);
const planned = (startsAt: string, endsAt: string, timeZone = ZONE) => live.create({ kind: 'planned', startsAt, endsAt, timeZone });
const began = async (id: string): Promise<number> => Date.parse((await live.read(id)).details.startedAt as string);

/** The next night in which clocks of Central Europe are changed: the last Sunday of a month. */
function nextChange(month: '03' | '10'): string {
  const year = Number(dateAt(engine.clock(), ZONE).slice(0, 4));
  const [day] = [year, year + 1].map((one) => {
    const last = `${one}-${month}-31`;
    return addDays(last, -new Date(`${last}T00:00:00Z`).getUTCDay());
  }).filter((date) => Date.parse(`${date}T00:00:00Z`) > engine.clock() + 7 * DAY_MS);
  return day!;
}

describe('a planned event', () => {
  test.each([
    ['forward, in the morning after', '03', '08:00', '10:00', 'T06:00:00.000Z'],
    ['forward, at a time that the clock skips', '03', '02:30', '04:00', 'T01:30:00.000Z'],
    ['back, in the morning after', '10', '08:00', '10:00', 'T07:00:00.000Z'],
    ['back, at a time that the clock shows twice', '10', '02:30', '04:00', 'T00:30:00.000Z'],
  ] as const)('starts and ends by the wall clock on the day that clocks go %s', async (_what, month, from, to, instant) => {
    await live.serving(async () => {
      const day = nextChange(month);
      const { id, details } = await planned(`${day}T${from}`, `${day}T${to}`);
      expect(details.startsAt).toBe(`${day}${instant}`);
      expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
      const late = (await began(id)) - Date.parse(`${day}${instant}`);
      expect([late >= 0, late < MINUTE_MS]).toEqual([true, true]);
      const endsAt = instantOfWallClock(Date.parse(`${day}T${to}Z`), ZONE);
      expect(Date.parse((await live.read(id)).details.endedAt as string) - endsAt).toBeLessThan(MINUTE_MS);
      expect(live.texts()).toEqual([...Array<string>(3).fill('Mail is down.'), ...Array<string>(3).fill('Mail is back.')]);
    });
  });

  test('lasts an hour less where clocks go forward meanwhile, by instants that were given', async () => {
    await live.serving(async () => {
      const day = nextChange('03');
      const { id, details } = await planned(`${day}T01:00:00+01:00`, `${day}T04:00:00+02:00`);
      expect(details.wallClock).toEqual({ startsAt: `${day}T01:00`, endsAt: `${day}T04:00` });
      expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
      const { startedAt, endedAt } = (await live.read(id)).details as unknown as { startedAt: string; endedAt: string };
      expect(Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / HOUR_MS)).toBe(2);
    });
  });

  test.each([['earlier', 2], ['later', 30]])('that is moved starts %s', async (_what, hours) => {
    await live.serving(async () => {
      const { id } = await planned(inHours(10), inHours(40));
      await engine.sleep(HOUR_MS);
      const startsAt = engine.clock() + hours * HOUR_MS;
      await live.service.change(id, undefined, { version: 1, startsAt: iso(startsAt) }, ada);
      expect(live.texts()).toEqual([]);
      await live.handle(id).result();
      expect(Math.abs((await began(id)) - startsAt)).toBeLessThan(MINUTE_MS);
    });
  });

  test('whose end moves while it is active ends then', async () => {
    await live.serving(async () => {
      const { id } = await planned(inHours(1), inHours(3));
      await engine.sleep(2 * HOUR_MS);
      await live.reaches(id, 'active');
      const endsAt = engine.clock() + 20 * HOUR_MS;
      await live.service.change(id, undefined, { version: 1, endsAt: iso(endsAt) }, ada);
      await live.handle(id).result();
      expect(Math.abs(Date.parse((await live.read(id)).details.endedAt as string) - endsAt)).toBeLessThan(MINUTE_MS);
    });
  });

  test('waits for a second administrator, and starts at its time', async () => {
    await live.requireApproval(true);
    await live.serving(async () => {
      const { id, step, actions } = await planned(inHours(5), inHours(9));
      expect([step, actions.map(({ name }) => name)]).toEqual(['awaiting-approval', ['approve', 'change', 'cancel']]);
      await expect(live.step(id, { action: 'approve' }, ada)).rejects.toMatchObject({ slug: 'second-person-needed' });
      expect(await live.step(id, { action: 'approve' }, bob)).toMatchObject({ step: 'planned' });
      // What was approved is what was seen.
      expect(await live.service.change(id, undefined, { version: 1, alerts: { start: 'Another text.' } }, ada)).toMatchObject({ step: 'awaiting-approval' });
      await live.step(id, { action: 'approve' }, bob);
      await live.handle(id).result();
      expect(live.texts()).toEqual(Array<string>(3).fill('Another text.'));
    });
  });

  test('that is approved late starts then; one that nobody approves before its end is cancelled', async () => {
    await live.requireApproval(true);
    await live.serving(async () => {
      const [late, never] = [await planned(inHours(5), inHours(9)), await planned(inHours(5), inHours(6))];
      await engine.sleep(7 * HOUR_MS);
      await live.reaches(never.id, 'cancelled');
      const approvedAt = engine.clock();
      await live.step(late.id, { action: 'approve' }, bob);
      // Awaiting a result lets time pass.
      await live.handle(late.id).result();
      expect(await live.handle(never.id).result()).toEqual({ outcome: 'cancelled' });
      expect((await began(late.id)) - approvedAt).toBeLessThan(MINUTE_MS);
      expect(live.texts()).toHaveLength(6);
    });
  });
});

test('an unplanned event that waits for approval starts with it', async () => {
  await live.requireApproval(true);
  await live.serving(async () => {
    const { id, step } = await live.create({ kind: 'unplanned' });
    expect(step).toBe('awaiting-approval');
    await live.step(id, { action: 'approve' }, bob);
    await live.told(id, 'start');
    await live.step(id, { action: 'end' });
    expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
  });
});

test('an unplanned event ends by itself at the time it was given', async () => {
  await live.serving(async () => {
    const { id } = await live.create({ kind: 'unplanned', endsAt: inHours(4) });
    expect(await live.handle(id).result()).toEqual({ outcome: 'ended' });
    expect(live.texts()).toEqual([...Array<string>(3).fill('Mail is down.'), ...Array<string>(3).fill('Mail is back.')]);
  });
});

describe('while notices wait and reports come in', () => {
  const counted = async (id: string): Promise<number> => (await live.eventTypes(live.handle(id))).filter((type) => type === 'TIMER_FIRED').length;

  test('check 67: notices are counted now and then only, however long their sending takes', async () => {
    await live.keepQuiet(0, 20);
    await live.serving(async () => {
      const { id } = await planned(inHours(1), inHours(22));
      await live.handle(id).result();
      expect(live.texts()).toHaveLength(6);
      const events = (await live.eventTypes(live.handle(id))).length;
      // Every 15 seconds would be 4,560 times.
      expect([await counted(id) > 50, await counted(id) < 160]).toEqual([true, true]);
      expect(events).toBeLessThan(1_500);
      expect((await live.metadata(id)).currentDetails).toContain('**end:** done: for 3: told 3');
    });
  });

  test('reports that come after the last notice are counted for ten minutes, then no more until the event ends', async () => {
    await live.serving(async () => {
      const { id } = await live.create({ kind: 'unplanned', endsAt: inHours(30) });
      await live.told(id, 'start');
      await live.broadcast(id, 'start').result();
      await live.db('continuity_deliveries').where({ event_id: id }).update({ state: 'delivered' });
      await engine.sleep(MINUTE_MS);
      await live.reads(id, '**start:** done: for 3: told 3, delivered 3');
      await engine.sleep(20 * HOUR_MS);
      // Five where the server lets none of them go by.
      expect([await counted(id) > 0, await counted(id) <= 5]).toEqual([true, true]);
      await live.db('continuity_deliveries').where({ event_id: id }).update({ state: 'failed', why: 'provider 30003' });
      await live.handle(id).result();
      expect((await live.metadata(id)).currentDetails).toContain('**start:** done: for 3: told 0, delivered 0, failed 3 (provider 30003: 3)');
    });
  });
});

describe('cancelled', () => {
  test.each(['awaiting-approval', 'planned'] as const)('while it is %s, an event tells nobody', async (state) => {
    await live.requireApproval(state === 'awaiting-approval');
    await live.serving(async () => {
      const { id, step } = await planned(inHours(5), inHours(9));
      expect(step).toBe(state);
      expect(await live.step(id, { action: 'cancel' })).toMatchObject({ step: 'cancelled', actions: [] });
      expect(await live.handle(id).result()).toEqual({ outcome: 'cancelled' });
      await engine.sleep(10 * HOUR_MS);
      expect(live.texts()).toEqual([]);
      await expect(live.step(id, { action: 'start' })).rejects.toMatchObject({ slug: 'flow-cancelled' });
    });
  });

  test('an active event is not, but ended; an operator may cancel it in the Temporal Web UI', async () => {
    await live.serving(async () => {
      const { id } = await live.create({ kind: 'unplanned' });
      await live.told(id, 'start');
      await expect(live.step(id, { action: 'cancel' })).rejects.toMatchObject({ slug: 'wrong-step' });
      await live.handle(id).cancel();
      await expect(live.handle(id).result()).rejects.toThrow();
      expect(await live.read(id)).toMatchObject({ step: 'cancelled' });
      expect(live.texts()).toEqual(Array<string>(3).fill('Mail is down.'));
    });
  });

  test('an event that has ended stays ended', async () => {
    await live.serving(async () => {
      const { id } = await live.create({ kind: 'unplanned', endsAt: inHours(1) });
      await live.handle(id).result();
      await expect(live.step(id, { action: 'cancel' })).rejects.toMatchObject({ slug: 'flow-done' });
      expect(await live.read(id)).toMatchObject({ step: 'ended' });
    });
  });
});
