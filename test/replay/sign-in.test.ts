import { signInEndings, signInPurposes, type SignInEnding, type Stage } from '../../domain/sign-in';
import type { SignInInput } from '../../workflows/sign-in/messages';
import { readable } from '../support/histories';
import { recordedHistories } from '../support/recorded-histories';
import { countOf, endingOf, expectChangeCaught, expectReplays, identitiesIn, inputOf, recordingCodec } from '../support/replaying';

/** What a sign-in may come to with everything that its limits allow; far from where the engine stops. */
const MOST_EVENTS_OF_ONE = 80;
const MIB = 1024 * 1024;

const histories = recordedHistories('sign-in');

/** What is asked for first, and the endings that it can have: only what is guessed locks. */
const first: Readonly<Record<Exclude<Stage, 'confirm-phone'>, readonly SignInEnding[]>> = {
  passcode: signInEndings, totp: signInEndings, 'enrol-phone': signInEndings, 'confirm-totp': signInEndings, 'change-password': signInEndings.filter((ending) => ending !== 'locked'),
};

test('check 67: every recorded history replays against the workflow as it is now', () => expectReplays(histories));

test('check 67: a change that flows in progress do not survive is caught, in every history', () => expectChangeCaught(histories));

test.each(Object.entries(first))('check 67: a sign-in that asks for %s first is recorded with every ending it can have', async (stage, endings) => {
  const own = [];
  for (const recorded of histories) if ((await inputOf<SignInInput>(recorded)).plan[0] === stage) own.push(endingOf<SignInEnding>(recorded));
  expect([...new Set(own)].sort()).toEqual([...endings].sort());
});

test('check 67: a name says what is recorded under it', async () => {
  for (const recorded of histories) expect(recorded.name).toMatch(new RegExp(`^${(await inputOf<SignInInput>(recorded)).plan[0]}-${endingOf(recorded)}(-|$)`));
});

test('check 67: what is special is recorded as well: a change of the second step, a forced one of the password, a reset that is completed, a resend, an operator\'s Cancel', async () => {
  const inputs = await Promise.all(histories.map((recorded) => inputOf<SignInInput>(recorded)));
  const purposes = new Set(inputs.map(({ purpose }) => purpose));
  expect(signInPurposes.filter((purpose) => !purposes.has(purpose))).toEqual([]);
  expect(inputs.some(({ plan }) => plan.includes('confirm-phone') && plan.includes('change-password'))).toBe(true);
  const called = (name: string) => histories.find((history) => history.name === name)!;
  expect(countOf(called('change-password-done-completing-a-reset'), 'EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED')).toBe(1);
  expect(countOf(called('passcode-done-after-resend'), 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toBe(2);
  expect(countOf(called('passcode-cancelled-by-operator'), 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED')).toBe(1);
  expect(countOf(called('passcode-expired-while-provider-is-down'), 'EVENT_TYPE_ACTIVITY_TASK_FAILED')).toBe(1);
});

test('check 67: histories stay far below what the engine takes, and a clean one with passcode has at most 24 events', () => {
  for (const { name, history, bytes } of histories) {
    expect([name, history.events!.length <= MOST_EVENTS_OF_ONE]).toEqual([name, true]);
    expect(bytes).toBeLessThan(MIB);
  }
  expect(histories.find(({ name }) => name === 'passcode-done')!.history.events!.length).toBeLessThanOrEqual(24);
});

test('check 8: what is stored is encrypted, and decoded names no machine, no code and no password', async () => {
  for (const recorded of histories) {
    const { name, history } = recorded;
    expect([name, ...identitiesIn(recorded)].filter((identity) => identity !== 'history-service')).toEqual([name, 'postern-test']);
    const stored = (await readable(history)).join('\n');
    expect([name, /passcodeTtlMs|Signing in|enter-passcode: until/.test(stored)]).toEqual([name, false]);
    const decoded = (await readable(history, recordingCodec)).join('\n');
    expect(decoded).toContain('passcodeTtlMs');
    for (const trace of [process.cwd(), '.example', '    at ']) expect([name, trace, decoded.includes(trace)]).toEqual([name, trace, false]);
  }
});
