import { setConnectLastDay } from '../../../api/connect-onboarding/dates';
import { onboardingEnvelope } from '../../../api/connect-onboarding/view';
import { addDays, dateAt } from '../../../domain/onboarding/calendar';
import { taskNames } from '../../../domain/onboarding/tasks';
import { testKeys } from '../../support/keys';
import { administrator, LiveOnboardings, notices, operator } from '../../support/live-onboardings';
import { ResetEngine } from '../../support/reset-engine';
import { DAY_MS } from '../../support/reset-world';

const MOST_EVENTS = 150;

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

afterEach(() => setConnectLastDay(live.world.api, null, operator));

const stepOf = async (code: string): Promise<string> => (await onboardingEnvelope(live.world.api, await live.world.onboarding(code), engine.clock())).step;

test('check 66: a complete onboarding with all its reminders stays short, and nobody is reminded once it is complete', async () => {
  await live.serving(async () => {
    await engine.sleep(1);
    await setConnectLastDay(live.world.api, addDays(dateAt(engine.clock(), 'Europe/Berlin'), 40), operator);
    const code = await live.create();
    await live.world.addUser(code);
    expect(await stepOf(code)).toBe('welcome');
    // The one who is reminded until the account says where notices go.
    await engine.sleep(11 * DAY_MS);
    expect(live.world.subjects(administrator(code))).toEqual(['welcome to the Connect Application', 'your temporary password ends soon', 'your onboarding waits for you', 'the Connect Application ends in 30 days']);
    await live.complete(code, 'details', 'domains', 'users');
    expect(await stepOf(code)).toBe('users');
    await engine.sleep(28.5 * DAY_MS);
    expect(live.world.subjects(notices(code))).toEqual([
      'Verifying Your Domains is completed', 'Synchronising Users is completed', 'your onboarding waits for you',
      'the Connect Application ends in 14 days', 'the Connect Application ends in 7 days', 'the Connect Application ends tomorrow',
    ]);
    await live.complete(code, ...taskNames.filter((task) => !['details', 'domains', 'users'].includes(task)));
    expect(await live.handle(code).result()).toEqual({ outcome: 'completed' });
    const sent = live.world.email.taken.length;
    await engine.sleep(60 * DAY_MS);
    expect(live.world.email.taken).toHaveLength(sent);
    expect(await stepOf(code)).toBe('done');
    expect((await live.world.onboarding(code)).row).toMatchObject({ outcome: 'completed', completed_tasks: 8, next_task: null });
    const events = (await live.eventTypes(code)).length;
    console.log(`A complete onboarding with its reminders has ${events} events (at most ${MOST_EVENTS}).`);
    expect(events).toBeLessThanOrEqual(MOST_EVENTS);
  });
});

test('an account without the SMS Services goes live without that task', async () => {
  await live.serving(async () => {
    await engine.sleep(1);
    const code = await live.create({ subscriptions: ['archive'] });
    await live.complete(code, ...taskNames.filter((task) => task !== 'sms'));
    expect(await live.handle(code).result()).toEqual({ outcome: 'completed' });
    expect((await live.world.onboarding(code)).tasks.map(({ task }) => task)).not.toContain('sms');
  });
});

test('the page shown follows what was done: welcome once, then the next task, then the one completed last', async () => {
  await live.serving(async () => {
    await engine.sleep(1);
    const code = await live.create();
    expect(await stepOf(code)).toBe('welcome');
    await live.step(code, 'details', 'start');
    expect(await stepOf(code)).toBe('details');
    await live.draft(code, 'details');
    await live.step(code, 'details', 'submit');
    expect(await stepOf(code)).toBe('details');
    live.world.scripted.domains.next({ result: 'wrong', reason: 'The TXT record holds something else.', whatToDo: 'Correct it.' });
    await live.handIn(code, 'domains');
    await live.reaches(code, 'domains', 'needs-attention');
    const envelope = await onboardingEnvelope(live.world.api, await live.world.onboarding(code), engine.clock());
    expect(envelope.step).toBe('details');
    expect(envelope.details).toMatchObject({ lastCompleted: 'details', inProgress: ['domains'], next: 'domains', waitsFor: 'attention' });
    await live.step(code, 'domains', 'submit');
    await live.reaches(code, 'domains', 'completed');
    expect(await stepOf(code)).toBe('domains');
    await live.hears(notices(code), 'Verifying Your Domains needs your attention', 'Verifying Your Domains is completed');
    await live.handle(code).terminate();
  });
});
