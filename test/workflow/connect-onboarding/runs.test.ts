import { reopenOnboarding, setAccountLastDay } from '../../../api/connect-onboarding/dates';
import { addDays, dateAt } from '../../../domain/onboarding/calendar';
import { connectOnboardingWorkflowId, searchAttributes } from '../../../temporal.config';
import { startTaskUpdate } from '../../../workflows/connect-onboarding/messages';
import { testKeys } from '../../support/keys';
import { ada, LiveOnboardings, notices, operator } from '../../support/live-onboardings';
import { ResetEngine } from '../../support/reset-engine';
import { found } from '../../support/scripted-checkers';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
let live: LiveOnboardings;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
  live = await LiveOnboardings.open(engine);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});

/** The runs of an account's onboarding, as the engine lists them. */
async function runs(code: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { runId } of engine.client.workflow.list({ query: `WorkflowId = "${connectOnboardingWorkflowId(code)}"` })) ids.push(runId);
  return ids;
}

/** Today, as the account reads it, and the day so many days later. */
const day = (days: number): string => addDays(dateAt(Date.now(), 'Europe/Berlin'), days);

test('check 67: a run that gets long goes on as a new one in the middle of a validation, and loses no submission', async () => {
  await live.serving(async () => {
    const code = await live.startShort(40);
    await live.complete(code, 'details');
    const held: (() => void)[] = [];
    const slow = async () => {
      await new Promise<void>((resolve) => held.push(resolve));
      return found({ hosts: 1 });
    };
    await live.complete(code, 'domains');
    live.world.scripted['inbound-mail'].always(slow);
    await live.handIn(code, 'inbound-mail');
    await waitFor(() => held[0], { what: 'the look' });
    const first = (await live.handle(code).describe()).runId;
    await live.complete(code, 'users', 'authentication', 'outbound-mail');
    expect((await live.handle(code).describe()).runId).not.toBe(first);
    expect((await live.world.task(code, 'inbound-mail')).state).toBe('validating');
    // The look of the run before answers as well, to nobody.
    live.world.scripted['inbound-mail'].always(found({ hosts: 1 }));
    held.forEach((release) => release());
    await live.reaches(code, 'inbound-mail', 'completed');
    await live.world.addUser(code);
    await live.complete(code, 'sms', 'review');
    expect(await live.handle(code).result()).toEqual({ outcome: 'completed' });
    await waitFor(async () => (await runs(code)).length > 2 || undefined, { what: 'several runs' });
    for (const runId of await runs(code)) expect((await live.eventTypes(code, runId)).length).toBeLessThan(70);
    expect(live.world.subjects(notices(code)).filter((subject) => subject === 'Delivering Inbound Mail is completed')).toHaveLength(1);
  });
});

test('a repeat of a request gets the first answer from the next run too', async () => {
  await live.serving(async () => {
    const code = await live.startShort(20);
    const start = () => live.handle(code).executeUpdate(startTaskUpdate, { updateId: 'the-same', args: [{ task: 'details', by: ada }] });
    expect(await start()).toEqual({ state: 'in-progress' });
    await live.draft(code, 'details');
    await live.step(code, 'details', 'submit');
    await live.complete(code, 'domains');
    await waitFor(async () => (await runs(code)).length > 1 || undefined, { what: 'a second run' });
    expect(await start()).toEqual({ state: 'in-progress' });
    expect((await live.world.task(code, 'details')).state).toBe('completed');
  });
});

test('an operator\'s Cancel ends it as cancelled; reopened, a further run goes on where it was', async () => {
  await live.serving(async () => {
    const code = await live.create();
    await live.complete(code, 'details');
    await live.handle(code).cancel();
    await expect(live.handle(code).result()).rejects.toThrow(/cancel/i);
    expect((await live.world.onboarding(code)).row.outcome).toBe('cancelled');
    await reopenOnboarding(live.world.api, code, operator);
    await live.complete(code, 'domains');
    expect((await live.world.onboarding(code)).row).toMatchObject({ outcome: null, completed_tasks: 2 });
    expect((await live.handle(code).describe()).typedSearchAttributes.get(searchAttributes.outcome)).toBeUndefined();
  });
});

test('one that is complete is not reopened', async () => {
  await live.serving(async () => {
    const code = await live.create({ subscriptions: [] });
    await live.complete(code, 'details', 'domains', 'users', 'authentication', 'outbound-mail', 'inbound-mail', 'review');
    await live.handle(code).result();
    await expect(reopenOnboarding(live.world.api, code, operator)).rejects.toMatchObject({ slug: 'flow-done' });
    await expect(setAccountLastDay(live.world.api, code, day(9), operator)).rejects.toMatchObject({ slug: 'flow-done' });
  });
});

test('one whose day is over is not reopened before it has a later one', async () => {
  await live.serving(async () => {
    const code = await live.create();
    await setAccountLastDay(live.world.api, code, day(-3), operator);
    expect(await live.handle(code).result()).toEqual({ outcome: 'discontinued' });
    await expect(reopenOnboarding(live.world.api, code, operator)).rejects.toMatchObject({ slug: 'flow-discontinued' });
  });
});

test('a last mail that no carrier takes holds up no extension: the run that ends goes on as the one that was asked for', async () => {
  await live.serving(async () => {
    const code = await live.create();
    await live.complete(code, 'details');
    live.world.email.faults.push(...Array<'later'>(50).fill('later'));
    await setAccountLastDay(live.world.api, code, day(-2), operator);
    await waitFor(async () => (await live.world.onboarding(code)).row.outcome ?? undefined, { what: 'the end' });
    await setAccountLastDay(live.world.api, code, day(20), operator);
    await live.step(code, 'domains', 'start');
    live.world.email.faults.length = 0;
    await live.draft(code, 'domains');
    await live.step(code, 'domains', 'submit');
    await live.reaches(code, 'domains', 'completed');
    expect((await live.handle(code).describe()).typedSearchAttributes.get(searchAttributes.outcome)).toBeUndefined();
    await waitFor(() => live.world.subjects(notices(code)).includes('the Connect Application has ended') || undefined, { what: 'the mail that was late' });
  });
});
