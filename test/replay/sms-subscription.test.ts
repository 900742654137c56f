import { optInEndings, type OptInEnding } from '../../domain/sms-subscription';
import type { SmsSubscriptionInput } from '../../workflows/sms-subscription/messages';
import { readable } from '../support/histories';
import { recordedHistories } from '../support/recorded-histories';
import { countOf, endingOf, expectChangeCaught, expectReplays, identitiesIn, inputOf, recordingCodec } from '../support/replaying';

/** What an opt-in may come to with everything that its limits allow; far from where the engine stops. */
const MOST_EVENTS_OF_ONE = 60;

const histories = recordedHistories('sms-subscription');

test('check 67: every recorded history replays against the workflow as it is now', () => expectReplays(histories));

test('check 67: a change that flows in progress do not survive is caught, in every history', () => expectChangeCaught(histories));

test.each([['asked', false], ['invited', true]] as const)('check 67: an opt-in that was %s is recorded with every ending it can have', async (_how, invited) => {
  const own = [];
  for (const recorded of histories) if ((await inputOf<SmsSubscriptionInput>(recorded)).invited === invited) own.push(endingOf<OptInEnding>(recorded));
  expect([...new Set(own)].sort()).toEqual([...optInEndings].sort());
});

test('check 67: a name says what is recorded under it, and what is special is recorded as well', async () => {
  for (const recorded of histories) expect(recorded.name).toMatch(new RegExp(`^${(await inputOf<SmsSubscriptionInput>(recorded)).invited ? 'invited' : 'asked'}-${endingOf(recorded)}(-|$)`));
  const called = (name: string) => histories.find((history) => history.name === name)!;
  expect(countOf(called('asked-lapsed-after-reminder'), 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toBe(2);
  expect(countOf(called('asked-ended-by-operator'), 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED')).toBe(1);
});

test('check 67: histories stay far below what the engine takes', () => {
  for (const { name, history } of histories) expect([name, history.events!.length <= MOST_EVENTS_OF_ONE]).toEqual([name, true]);
});

test('check 8: what is stored is encrypted, and decoded names no machine and no code', async () => {
  for (const recorded of histories) {
    const { name, history } = recorded;
    expect([name, ...identitiesIn(recorded)].filter((identity) => identity !== 'history-service')).toEqual([name, 'postern-test']);
    expect([name, /Opting in|enter-code: until/.test((await readable(history)).join('\n'))]).toEqual([name, false]);
    const decoded = (await readable(history, recordingCodec)).join('\n');
    for (const trace of [process.cwd(), '.example', '    at ']) expect([name, trace, decoded.includes(trace)]).toEqual([name, trace, false]);
  }
});
