import { setAccountLastDay, setConnectLastDay, tellWorkflows } from '../../../api/connect-onboarding/dates';
import { addDays, dateAt, dayNumber, instantOf } from '../../../domain/onboarding/calendar';
import { testKeys } from '../../support/keys';
import { administrator, LiveOnboardings, notices, operator } from '../../support/live-onboardings';
import { ResetEngine } from '../../support/reset-engine';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/reset-world';
import { found, notYet } from '../../support/scripted-checkers';

const ZONE = 'Europe/Berlin';

let engine: ResetEngine;
let live: LiveOnboardings;
beforeAll(async () => {
  engine = await ResetEngine.timeSkipping(testKeys('test'));
  live = await LiveOnboardings.open(engine);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});
beforeEach(() => engine.sleep(1));

const api = () => live.world.api;
/** The day so many days from now, by the account's clock. */
const day = (days: number): string => addDays(dateAt(engine.clock(), ZONE), days);
/** Lets time pass until an hour of a day of the account's. */
const until = (date: string, hour: number): Promise<void> => engine.sleep(Math.max(instantOf(date, hour, ZONE) - engine.clock(), 1));
const outcome = async (code: string): Promise<string | null> => (await live.world.onboarding(code)).row.outcome;
/**
 * Ends an onboarding as an operator does. Terminated, it could leave an activity running: as long as one runs, this server
 * skips no time for anybody.
 */
async function finish(code: string): Promise<void> {
  await live.handle(code).cancel();
  await live.handle(code).result().catch(() => undefined);
}

describe('check 66: the last day', () => {
  test('of the application ends what is not complete, after its reminders, each in the morning of its day', async () => {
    await live.serving(async () => {
      const lastDay = day(40);
      await setConnectLastDay(api(), lastDay, operator);
      const code = await live.create();
      expect(await live.handle(code).result()).toEqual({ outcome: 'discontinued' });
      await setConnectLastDay(api(), null, operator);
      const sent = await live.db('messages').where({ account_code: code }).orderBy('created_at').select<{ purpose: string; round: number; created_at: number }[]>('purpose', 'round', 'created_at');
      const mornings = sent.filter(({ purpose }) => purpose === 'connect-reminder').map(({ created_at: at, round }) => [dayNumber(lastDay) - round, dateAt(at, ZONE), at - instantOf(dateAt(at, ZONE), 9, ZONE) < HOUR_MS]);
      expect(mornings).toEqual([30, 14, 7, 1].map((days) => [days, addDays(lastDay, -days), true]));
      const end = sent.find(({ purpose }) => purpose === 'connect-discontinued')!;
      expect(dateAt(end.created_at, ZONE)).toBe(addDays(lastDay, 1));
      expect(live.world.subjects(administrator(code)).at(-1)).toBe('the Connect Application has ended');
    });
  });

  test('once over loses nothing of what was entered: given more time, the account goes on where it was', async () => {
    await live.serving(async () => {
      const code = await live.create();
      await live.complete(code, 'details');
      live.world.scripted.domains.always(notYet);
      await live.handIn(code, 'domains');
      await live.step(code, 'domains', 'cancel');
      await live.step(code, 'domains', 'submit');
      await setAccountLastDay(api(), code, day(1), operator);
      expect(await live.handle(code).result()).toEqual({ outcome: 'discontinued' });
      const before = await live.world.onboarding(code);
      await engine.sleep(20 * DAY_MS);
      await expect(live.step(code, 'domains', 'cancel')).rejects.toMatchObject({ slug: 'flow-discontinued' });
      live.world.scripted.domains.always(found());
      await setAccountLastDay(api(), code, day(30), operator);
      // What was being validated is looked at again.
      const after = await live.reaches(code, 'domains', 'completed');
      expect(after.tasks.map(({ draft, version }) => [draft, version])).toEqual(before.tasks.map(({ draft, version }) => [draft, version]));
      expect(await outcome(code)).toBeNull();
      await finish(code);
    });
  });

  test('that moves reschedules what waits already, earlier and later', async () => {
    await live.serving(async () => {
      const [first, second] = [await live.create(), await live.create()];
      await setConnectLastDay(api(), day(60), operator);
      expect(await tellWorkflows(api())).toBeGreaterThanOrEqual(2);
      await setAccountLastDay(api(), second, day(90), operator);
      const soon = day(9);
      await setConnectLastDay(api(), soon, operator);
      await tellWorkflows(api());
      expect(await tellWorkflows(api())).toBe(0);
      await until(addDays(soon, -7), 10);
      expect(live.world.subjects(administrator(first))).toContain('the Connect Application ends in 7 days');
      await setConnectLastDay(api(), addDays(soon, 10), operator);
      await tellWorkflows(api());
      await until(addDays(soon, 1), 12);
      expect([await outcome(first), await outcome(second)]).toEqual([null, null]);
      await until(addDays(soon, 11), 12);
      expect([await outcome(first), await outcome(second)]).toEqual(['discontinued', null]);
      await setConnectLastDay(api(), null, operator);
      expect(live.world.subjects(administrator(first)).filter((subject) => /ends in 7 days/.test(subject))).toHaveLength(2);
      await finish(second);
    });
  });

  test('goes by the clock that the account says is its own', async () => {
    await live.serving(async () => {
      const code = await live.create();
      const lastDay = day(5);
      await setAccountLastDay(api(), code, lastDay, operator);
      await live.step(code, 'details', 'start');
      await live.draft(code, 'details', { company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }], timeZone: 'Pacific/Honolulu', notices: [notices(code)] });
      await live.step(code, 'details', 'submit');
      await until(addDays(lastDay, 1), 10);
      expect(await outcome(code)).toBeNull();
      expect(await live.handle(code).result()).toEqual({ outcome: 'discontinued' });
      expect((await live.world.onboarding(code)).row.ended_at).toBeGreaterThanOrEqual(instantOf(addDays(lastDay, 1), 0, 'Pacific/Honolulu'));
    });
  });

  test('is heard of by a workflow that nobody told, before it ends anything', async () => {
    await live.serving(async () => {
      const code = await live.create();
      const lastDay = day(3);
      await setAccountLastDay(api(), code, lastDay, operator);
      await live.db('onboardings').where({ account_code: code }).update({ last_day: addDays(lastDay, 10) });
      await until(addDays(lastDay, 2), 12);
      expect(await outcome(code)).toBeNull();
      expect(await live.handle(code).result()).toEqual({ outcome: 'discontinued' });
      expect(dateAt((await live.world.onboarding(code)).row.ended_at!, ZONE)).toBe(addDays(lastDay, 11));
    });
  });
});

test('work that stalls for a week is asked about once, and again only after it went on', async () => {
  await live.serving(async () => {
    const code = await live.create();
    const asked = (): number => [administrator(code), notices(code)].flatMap((to) => live.world.subjects(to)).filter((subject) => subject === 'your onboarding waits for you').length;
    await engine.sleep(6 * DAY_MS);
    expect(asked()).toBe(0);
    await engine.sleep(20 * DAY_MS);
    expect(asked()).toBe(1);
    await live.complete(code, 'details');
    await engine.sleep(6 * DAY_MS);
    await live.step(code, 'details', 'reopen');
    await engine.sleep(6 * DAY_MS);
    expect(asked()).toBe(1);
    await engine.sleep(30 * DAY_MS);
    expect(asked()).toBe(2);
    expect((await live.eventTypes(code)).length).toBeLessThan(40);
    await finish(code);
  });
});

describe('a validation', () => {
  const looks = (): number => live.world.scripted.domains.looks.length;

  async function validating(): Promise<string> {
    const code = await live.create();
    await live.complete(code, 'details');
    live.world.scripted.domains.always(notYet);
    await live.handIn(code, 'domains');
    await live.reaches(code, 'domains', 'validating');
    return code;
  }

  test('looks with growing pauses for 72 hours, then says why and what to do, and adds next to nothing to the history', async () => {
    await live.serving(async () => {
      const code = await validating();
      const [before, events] = [looks(), (await live.eventTypes(code)).length];
      await engine.sleep(HOUR_MS);
      const inTheFirstHour = looks() - before;
      await engine.sleep(24 * HOUR_MS);
      const later = looks();
      await engine.sleep(12 * HOUR_MS);
      expect(inTheFirstHour).toBeGreaterThan(10);
      expect([11, 12, 13]).toContain(looks() - later);
      expect(await live.world.task(code, 'domains')).toMatchObject({ state: 'validating', reason: 'Nothing is there yet.', what_to_do: 'Add it.' });
      await engine.sleep(36 * HOUR_MS);
      const task = await live.world.task(code, 'domains');
      expect(task).toMatchObject({ state: 'needs-attention', reason: expect.stringContaining('We looked for three days'), what_to_do: 'Add it. Then submit the task again.' });
      expect(live.world.subjects(notices(code)).at(-1)).toBe('Verifying Your Domains needs your attention');
      const all = looks();
      await engine.sleep(5 * HOUR_MS);
      expect(looks()).toBe(all);
      expect((await live.eventTypes(code)).length - events).toBeLessThanOrEqual(6);
      await finish(code);
    });
  });

  test('that finds it in the end completes the task and tells by e-mail', async () => {
    await live.serving(async () => {
      const code = await validating();
      await engine.sleep(30 * HOUR_MS);
      live.world.scripted.domains.always(found({ found: ['beacon.example'] }));
      await engine.sleep(HOUR_MS + MINUTE_MS);
      expect(await live.world.task(code, 'domains')).toMatchObject({ state: 'completed', facts: '{"found":["beacon.example"]}', reason: null });
      expect(live.world.subjects(notices(code)).at(-1)).toBe('Verifying Your Domains is completed');
      await finish(code);
    });
  });

  test('looks at once when asked to, and its time goes on', async () => {
    await live.serving(async () => {
      const code = await validating();
      await engine.sleep(30 * HOUR_MS);
      const before = looks();
      await live.step(code, 'domains', 'check-now');
      await engine.sleep(MINUTE_MS);
      expect(looks()).toBe(before + 1);
      await engine.sleep(42 * HOUR_MS + MINUTE_MS);
      expect((await live.world.task(code, 'domains')).state).toBe('needs-attention');
      await finish(code);
    });
  });

  test('whose check itself fails goes on, and says so', async () => {
    await live.serving(async () => {
      const code = await validating();
      live.world.scripted.domains.next(new Error('the resolver broke'));
      await engine.sleep(2 * MINUTE_MS);
      live.world.scripted.domains.always(found());
      await engine.sleep(10 * MINUTE_MS);
      expect((await live.world.task(code, 'domains')).state).toBe('completed');
      await finish(code);
    });
  });
});
