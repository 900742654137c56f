import { WorkflowFailedError } from '@temporalio/client';
import { reopenOnboarding, setAccountLastDay } from '../../api/connect-onboarding/dates';
import { addDays, dateAt } from '../../domain/onboarding/calendar';
import { tasksFor } from '../../domain/onboarding/tasks';
import { EncryptionCodec } from '../../security/codec';
import { readable } from './histories';
import { administrator, LiveOnboardings, operator } from './live-onboardings';
import { clearRecordedHistories, recordingKeys, storeHistory } from './recorded-histories';
import { recordOn } from './recording';
import { ResetEngine } from './reset-engine';
import { DAY_MS, HOUR_MS } from './reset-world';
import { found, notYet, wrong } from './scripted-checkers';
import { waitFor } from './wait';

/** Runs one onboarding to an end of a run, and says which run is meant where it is not the last. */
type Scenario = (live: LiveOnboardings) => Promise<{ readonly code: string; readonly runId?: string }>;
type Scenarios = Readonly<Record<string, Scenario>>;

const day = (live: LiveOnboardings, days: number): string => addDays(dateAt(live.engine.clock(), 'Europe/Berlin'), days);
const runOf = async (live: LiveOnboardings, code: string): Promise<string> => (await live.handle(code).describe()).runId;
const all = tasksFor(['sms-services']);

/** The welcome has gone out: what comes next finds nothing half-done. */
async function welcomed(live: LiveOnboardings, more: Parameters<LiveOnboardings['create']>[0] = {}): Promise<string> {
  const code = await live.create(more);
  await waitFor(() => live.world.subjects(administrator(code))[0], { what: 'the welcome' });
  return code;
}

/** Onboardings that wait for nothing: on the real development server. */
const immediate: Scenarios = {
  completed: async (live) => {
    const code = await welcomed(live);
    await live.world.addUser(code);
    await live.complete(code, ...all);
    return { code };
  },
  'completed-without-sms': async (live) => {
    const code = await welcomed(live, { subscriptions: [] });
    await live.complete(code, ...tasksFor([]));
    return { code };
  },
  'completed-after-detours': async (live) => {
    const code = await welcomed(live, { subscriptions: [] });
    await live.complete(code, 'details');
    live.world.scripted.domains.next(wrong, notYet, notYet);
    await live.handIn(code, 'domains');
    await live.reaches(code, 'domains', 'needs-attention');
    await live.step(code, 'domains', 'submit');
    await waitFor(async () => (await live.world.task(code, 'domains')).reason ?? undefined, { what: 'what the look found' });
    await live.step(code, 'domains', 'check-now');
    await live.step(code, 'domains', 'cancel');
    await live.step(code, 'details', 'reopen');
    await live.step(code, 'details', 'submit');
    await live.step(code, 'domains', 'submit');
    await live.reaches(code, 'domains', 'completed');
    await live.complete(code, ...tasksFor([]).slice(2));
    return { code };
  },
  'continued-in-the-middle-of-a-validation': async (live) => {
    const code = await live.startShort(30);
    const runId = await runOf(live, code);
    await live.complete(code, 'details', 'domains');
    live.world.scripted['inbound-mail'].next(notYet);
    await live.handIn(code, 'inbound-mail');
    await waitFor(async () => ((await runOf(live, code)) === runId ? undefined : true), { what: 'the next run' });
    await live.handle(code).terminate();
    return { code, runId };
  },
  'completed-by-a-later-run': async (live) => {
    const code = await live.startShort(60, { subscriptions: [] });
    await live.complete(code, ...tasksFor([]));
    return { code };
  },
  'cancelled-by-operator': async (live) => {
    const code = await welcomed(live);
    await live.complete(code, 'details');
    await live.handle(code).cancel();
    return { code };
  },
  'completed-after-reopening': async (live) => {
    const code = await welcomed(live, { subscriptions: [] });
    await live.complete(code, 'details', 'domains');
    await live.handle(code).cancel();
    await live.handle(code).result().catch(() => undefined);
    await reopenOnboarding(live.world.api, code, operator);
    await live.complete(code, ...tasksFor([]).slice(2));
    return { code };
  },
  'continued-where-it-was-extended-while-it-ended': async (live) => {
    const code = await welcomed(live);
    const runId = await runOf(live, code);
    await live.complete(code, 'details');
    live.world.email.faults.push(...Array<'later'>(50).fill('later'));
    await setAccountLastDay(live.world.api, code, day(live, -2), operator);
    await waitFor(async () => (await live.world.onboarding(code)).row.outcome ?? undefined, { what: 'the end' });
    await setAccountLastDay(live.world.api, code, day(live, 20), operator);
    await waitFor(async () => ((await runOf(live, code)) === runId ? undefined : true), { what: 'the next run' });
    await live.handle(code).terminate();
    return { code, runId };
  },
};

/** Onboardings that wait for days: on the server that skips time, one after the other. */
const patient: Scenarios = {
  'discontinued-after-reminders': async (live) => {
    const code = await welcomed(live);
    await setAccountLastDay(live.world.api, code, day(live, 40), operator);
    return { code };
  },
  'discontinued-after-the-day-moved': async (live) => {
    const code = await welcomed(live);
    await setAccountLastDay(live.world.api, code, day(live, 40), operator);
    await live.engine.sleep(2 * DAY_MS);
    await setAccountLastDay(live.world.api, code, day(live, 10), operator);
    await live.engine.sleep(2 * DAY_MS);
    await setAccountLastDay(live.world.api, code, day(live, 20), operator);
    return { code };
  },
  'discontinued-in-the-middle-of-a-validation': async (live) => {
    const code = await welcomed(live);
    await live.complete(code, 'details');
    live.world.scripted.domains.always(notYet);
    await live.handIn(code, 'domains');
    await setAccountLastDay(live.world.api, code, day(live, 1), operator);
    await live.handle(code).result();
    live.world.scripted.domains.always(found());
    return { code };
  },
  'completed-after-polling': async (live) => {
    const code = await welcomed(live, { subscriptions: [] });
    await live.complete(code, 'details');
    live.world.scripted.domains.always(notYet);
    await live.handIn(code, 'domains');
    await live.engine.sleep(80 * HOUR_MS);
    await live.reaches(code, 'domains', 'needs-attention');
    live.world.scripted.domains.always(found());
    await live.step(code, 'domains', 'submit');
    await live.reaches(code, 'domains', 'completed');
    await live.complete(code, ...tasksFor([]).slice(2));
    return { code };
  },
};

/** What a history must not hold: the supplied passwords and what was entered. */
async function refuseEntries(live: LiveOnboardings, name: string, history: unknown): Promise<void> {
  const text = (await readable(history, new EncryptionCodec(live.engine.keys))).join('\n');
  const passwords = live.world.email.taken.flatMap(({ text: mail }) => /^Password: (\S+)$/m.exec(mail)?.[1] ?? []);
  if ([...passwords, 'Beacon', '.example'].some((entry) => text.includes(entry))) throw new Error(`The history "${name}" holds what was entered or supplied: it is not stored.`);
}

async function record(live: LiveOnboardings, name: string, scenario: Scenario): Promise<void> {
  const { code, runId } = await scenario(live);
  // An operator's Cancel makes it fail as cancelled; of an earlier run the result is that of the last.
  if (runId === undefined) {
    await live.handle(code).result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
  }
  live.world.email.faults.length = 0;
  const history = await live.handle(code, runId).fetchHistory();
  await refuseEntries(live, name, history);
  await storeHistory('connect-onboarding', name, history);
  console.log(`${name}: ${history.events?.length ?? 0} events`);
}

function recordAll(engine: ResetEngine, scenarios: Scenarios): Promise<void> {
  return recordOn(engine, LiveOnboardings.open, async (live) => {
    for (const [name, scenario] of Object.entries(scenarios)) await record(live, name, scenario);
  });
}

/** An onboarding with every ending it can have, and runs that go on as new ones. */
export async function recordOnboardings(): Promise<void> {
  await clearRecordedHistories('connect-onboarding');
  await recordAll(await ResetEngine.local(recordingKeys()), immediate);
  await recordAll(await ResetEngine.timeSkipping(recordingKeys()), patient);
}
