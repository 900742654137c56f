import { endings, type ResetEnding } from '../../domain/password-reset';
import type { PasswordResetInput } from '../../workflows/password-reset/messages';
import { readable } from '../support/histories';
import { recordedHistories, type RecordedHistory } from '../support/recorded-histories';
import { countOf, endingOf, expectChangeCaught, expectReplays, identitiesIn, inputOf, recordingCodec } from '../support/replaying';

const MIB = 1024 * 1024;
const MOST_EVENTS_EVER = 51_200;
const MOST_BYTES_EVER = 50 * MIB;
/** What a reset may come to with everything that its limits allow; far from where the engine stops. */
const MOST_EVENTS_OF_ONE = 60;

const histories = recordedHistories('password-reset');
type Variant = PasswordResetInput['variant'];

/** Endings that a variant cannot have: a link's token is not guessed, and an invitation carries nothing that could be entered. */
const impossible: Readonly<Record<Variant, readonly ResetEnding[]>> = { code: [], link: ['locked'], 'temporary-password': [], invitation: ['done', 'locked'] };

const variantOf = async (recorded: RecordedHistory): Promise<Variant> => (await inputOf<PasswordResetInput>(recorded)).variant;
const called = (name: string): RecordedHistory => histories.find((history) => history.name === name)!;

test('check 67: every recorded history replays against the workflow as it is now', () => expectReplays(histories));

test('check 67: a change that flows in progress do not survive is caught, in every history', () => expectChangeCaught(histories));

test.each(Object.keys(impossible) as Variant[])('check 67: a reset by %s is recorded with every ending it can have', async (variant) => {
  const own = [];
  for (const recorded of histories) if ((await variantOf(recorded)) === variant) own.push(endingOf<ResetEnding>(recorded));
  expect([...new Set(own)].sort()).toEqual(endings.filter((ending) => !impossible[variant].includes(ending)).sort());
});

test('check 67: a name says what is recorded under it', async () => {
  for (const recorded of histories) expect(recorded.name).toMatch(new RegExp(`^${await variantOf(recorded)}-${endingOf<ResetEnding>(recorded)}(-|$)`));
});

test('check 67: what is special is recorded as well: a resend, a race, a reminder, a signal to another flow, an operator\'s Cancel, a carrier\'s report, and an e-mail that explains', () => {
  for (const variant of ['code', 'link', 'temporary-password']) expect(countOf(called(`${variant}-done-after-resend`), 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toBe(3);
  expect(countOf(called('code-done-after-race-of-16'), 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED')).toBeGreaterThanOrEqual(3);
  expect(countOf(called('temporary-password-expired'), 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toBe(2);
  expect(countOf(called('code-done-after-superseding'), 'EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED')).toBe(1);
  expect(countOf(called('code-superseded'), 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED')).toBe(1);
  expect(countOf(called('code-cancelled-by-operator'), 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED')).toBe(1);
  expect(countOf(called('code-undeliverable-by-report'), 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED')).toBe(1);
  expect(countOf(called('code-undeliverable-while-provider-is-down'), 'EVENT_TYPE_ACTIVITY_TASK_FAILED')).toBe(1);
});

test('check 67: histories stay far below what the engine takes', () => {
  for (const { name, history, bytes } of histories) {
    expect([name, history.events!.length <= MOST_EVENTS_OF_ONE]).toEqual([name, true]);
    expect(bytes).toBeLessThan(MIB);
  }
  expect(MOST_EVENTS_OF_ONE).toBeLessThan(MOST_EVENTS_EVER / 100);
  expect(MIB).toBeLessThan(MOST_BYTES_EVER / 10);
});

test('check 8: what is stored is encrypted, and decoded names no person and no machine', async () => {
  for (const recorded of histories) {
    const { name, history } = recorded;
    expect([name, ...identitiesIn(recorded)].filter((identity) => identity !== 'history-service')).toEqual([name, 'postern-test']);
    const stored = (await readable(history)).join('\n');
    expect([name, /ttlMs|Password reset by|enter-code: until/.test(stored)]).toEqual([name, false]);
    const decoded = (await readable(history, recordingCodec)).join('\n');
    expect(decoded).toContain('ttlMs');
    for (const trace of [process.cwd(), '.example', '+1202', '    at ']) expect([name, trace, decoded.includes(trace)]).toEqual([name, trace, false]);
  }
});
