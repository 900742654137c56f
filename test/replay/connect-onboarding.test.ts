import { temporal } from '@temporalio/proto';
import { onboardingEndings, type OnboardingEnding } from '../../domain/onboarding/page';
import { readable } from '../support/histories';
import { recordedHistories, type RecordedHistory } from '../support/recorded-histories';
import { countOf, endingOf, expectChangeCaught, expectReplays, recordingCodec } from '../support/replaying';

const MIB = 1024 * 1024;
/** An onboarding with detours: refused, looked at again, stopped, reopened. */
const MOST_EVENTS_OF_ONE = 200;

const histories = recordedHistories('connect-onboarding');

const { EventType } = temporal.api.enums.v1;
const called = (name: string): RecordedHistory => histories.find((history) => history.name === name)!;

/** How a run ended: as its search attribute tells, or as a new run. */
function howItEnded(recorded: RecordedHistory): string | undefined {
  const continued = recorded.history.events?.at(-1)?.eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW;
  return continued ? 'continued' : endingOf<OnboardingEnding>(recorded);
}

test('check 67: every recorded history replays against the workflow as it is now', () => expectReplays(histories));

test('check 67: a change that onboardings in progress do not survive is caught, in every history', () => expectChangeCaught(histories));

test('check 67: an onboarding is recorded with every ending it can have and with runs that go on, and a name says how it ended', () => {
  expect([...new Set(histories.map(howItEnded))].sort()).toEqual([...onboardingEndings, 'continued'].sort());
  for (const recorded of histories) expect(recorded.name).toMatch(new RegExp(`^${howItEnded(recorded)}(-|$)`));
});

test('check 67: what is special is recorded as well: a moved day, a stopped look, a second look, an operator\'s Cancel, a last mail', () => {
  expect(countOf(called('discontinued-after-the-day-moved'), 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED')).toBe(3);
  expect(countOf(called('completed-after-detours'), 'EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED')).toBeGreaterThanOrEqual(2);
  expect(countOf(called('cancelled-by-operator'), 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED')).toBe(1);
  expect(countOf(called('discontinued-after-reminders'), 'EVENT_TYPE_TIMER_FIRED')).toBe(1);
  // Weeks of reminders and days of looking leave nothing behind.
  expect(called('discontinued-after-reminders').history.events!.length).toBeLessThan(40);
  expect(countOf(called('completed-after-polling'), 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toBeLessThan(10);
});

test('check 67: histories stay far below what the engine takes', () => {
  for (const { name, history, bytes } of histories) {
    expect([name, history.events!.length <= MOST_EVENTS_OF_ONE]).toEqual([name, true]);
    expect(bytes).toBeLessThan(MIB);
  }
});

test('check 8: what is stored is encrypted, and decoded holds nothing that was entered, and names no machine', async () => {
  for (const { name, history } of histories) {
    const stored = (await readable(history)).join('\n');
    expect([name, /accountCode|Onboarding of account|not-started/.test(stored)]).toEqual([name, false]);
    const decoded = (await readable(history, recordingCodec)).join('\n');
    expect(decoded).toContain('accountCode');
    for (const trace of [process.cwd(), '.example', 'Beacon', '    at ']) expect([name, trace, decoded.includes(trace)]).toEqual([name, trace, false]);
  }
});
