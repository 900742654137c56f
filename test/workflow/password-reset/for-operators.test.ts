import { defaultPayloadConverter } from '@temporalio/common';
import { EncryptionCodec } from '../../../security/codec';
import { searchAttributes } from '../../../temporal.config';
import { cancelUpdate, proveUpdate, setPasswordUpdate } from '../../../workflows/password-reset/messages';
import { beginReset, fakeActivities, someProof } from '../../support/fake-activities';
import { readable } from '../../support/histories';
import { testKeys } from '../../support/keys';
import { ResetEngine } from '../../support/reset-engine';
import { waitFor } from '../../support/wait';

const keys = testKeys('test');
let engine: ResetEngine;
beforeAll(async () => {
  engine = await ResetEngine.local(keys);
});
afterAll(() => engine.stop());

const prove = (flowId: string) => engine.handle(flowId).executeUpdate(proveUpdate, { args: [someProof()] });
const setPassword = (flowId: string) => engine.handle(flowId).executeUpdate(setPasswordUpdate, { args: [{ stageId: 'a-stage' }] });

type Searched = 'account' | 'application' | 'step' | 'outcome';

async function attributesOf(flowId: string): Promise<Record<Searched, string | undefined>> {
  const { typedSearchAttributes } = await engine.handle(flowId).describe();
  const read = (name: Searched): string | undefined => typedSearchAttributes.get(searchAttributes[name]);
  return { account: read('account'), application: read('application'), step: read('step'), outcome: read('outcome') };
}

/** The summaries of a flow's events, by what they stand on; null where one is missing. */
async function summaries(flowId: string): Promise<(string | null)[]> {
  const codec = new EncryptionCodec(keys);
  const { events } = await engine.handle(flowId).fetchHistory();
  const named = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes ?? event.timerStartedEventAttributes ?? event.markerRecordedEventAttributes);
  return Promise.all(named.map(async ({ userMetadata }) => {
    if (!userMetadata?.summary) return null;
    const [payload] = await codec.decode([userMetadata.summary]);
    return defaultPayloadConverter.fromPayload<string>(payload!);
  }));
}

test('a reset is found by account, application, step and outcome', async () => {
  await engine.serving(fakeActivities(), async () => {
    const flowId = await beginReset(engine, 'temporary-password');
    const start = { account: 'CEU11A1', application: 'secure-messaging', step: 'enter-temporary-password', outcome: undefined };
    expect(await attributesOf(flowId)).toEqual(start);
    await prove(flowId);
    expect(await attributesOf(flowId)).toEqual({ ...start, step: 'new-password' });
    await setPassword(flowId);
    await engine.handle(flowId).result();
    expect(await attributesOf(flowId)).toEqual({ ...start, step: 'done', outcome: 'done' });
    const query = 'PosternAccount = "CEU11A1" AND PosternApplication = "secure-messaging" AND PosternOutcome = "done"';
    // Visibility follows the history after a moment.
    await waitFor(async () => (await engine.client.workflow.count(query)).count === 1 || undefined, { what: `one reset where ${query}` });
  });
});

test.each([
  ['code', 'Password reset by SMS code, Personal Portal, account CEU11A1', 'by the person'],
  ['link', 'Password reset by one-time link, Personal Portal, account CEU11A1', 'by the person'],
  ['temporary-password', 'Password reset by temporary password, Secure Messaging Portal, account CEU11A1', 'by the person'],
  ['invitation', 'Password reset by administrator\'s invitation, Personal Portal, account CEU11A1', 'by an administrator'],
] as const)('the page of a reset by %s says what it is', async (variant, summary, who) => {
  await engine.serving(fakeActivities(), async () => {
    const description = await engine.handle(await beginReset(engine, variant)).describe();
    expect(await description.staticSummary()).toBe(summary);
    expect(await description.staticDetails()).toContain(who);
  });
});

test('the page says at every step what the reset waits for, since when and until when', async () => {
  const activities = fakeActivities();
  let hand = (): void => {};
  activities.issueSecret.mockImplementation(() => new Promise((resolve) => (hand = () => resolve({ delivery: 'sent', superseded: [], ended: null }))));
  const moment = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/.source;
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    expect(await engine.details(flowId)).toMatch(new RegExp(`enter-code, since ${moment}[^]*the person to use a code by SMS, until ${moment}[^]*number 1 is being sent`));
    await waitFor(() => activities.issueSecret.mock.calls.length === 1 || undefined, { what: 'the sending' });
    hand();
    await engine.reads(flowId, 'number 1 was handed to the carrier');
    await prove(flowId);
    expect(await engine.details(flowId)).toMatch(new RegExp(`new-password, since ${moment}[^]*the person to choose a new password, until ${moment}`));
    await setPassword(flowId);
    expect(await engine.details(flowId)).toMatch(new RegExp(`ended:\\W+done, ${moment}`, 'i'));
  });
});

test.each([
  ['silent', 'was not sent, on purpose'],
  ['undeliverable', 'could not be delivered'],
] as const)('the page says that a message is %s', async (delivery, words) => {
  const activities = fakeActivities();
  activities.issueSecret.mockResolvedValue({ delivery, superseded: [], ended: null });
  await engine.serving(activities, async () => {
    await engine.reads(await beginReset(engine, 'code'), words);
  });
});

test('every activity and timer says what it is for, and nothing of it is readable without the key', async () => {
  await engine.serving(fakeActivities(), async () => {
    const done = await beginReset(engine, 'code');
    await prove(done);
    await setPassword(done);
    await engine.handle(done).result();
    expect(await summaries(done)).toEqual([
      'Send a code by SMS, number 1', expect.stringMatching(/^enter-code: until /), 'Compare what was entered', 'Save the new password', 'Tell every verified address',
    ]);
    const cancelled = await beginReset(engine, 'link');
    await engine.reads(cancelled, 'was handed to the carrier');
    await engine.handle(cancelled).executeUpdate(cancelUpdate);
    await engine.handle(cancelled).result();
    expect(await summaries(cancelled)).toEqual(['Send a one-time link by e-mail, number 1', expect.stringMatching(/^follow-link: until /), 'End the reset: cancelled']);

    const history = await engine.handle(done).fetchHistory();
    const [withKey, without] = await Promise.all([readable(history, new EncryptionCodec(keys)), readable(history)]);
    for (const words of ['Send a code', 'Compare what', 'Password reset by', 'by the person', 'ttlMs', 'proofHandle', 'saved']) {
      expect(withKey.join('\n')).toContain(words);
      expect(without.join('\n')).not.toContain(words);
    }
  });
});
