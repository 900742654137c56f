import { randomUUID } from 'node:crypto';
import { sendBareStep, sendStep } from '../../../api/password-reset/engine';
import { cancelUpdate, proveUpdate, resendUpdate, setPasswordUpdate } from '../../../workflows/password-reset/messages';
import { beginReset, fakeActivities, someProof } from '../../support/fake-activities';
import { testKeys } from '../../support/keys';
import { ResetEngine } from '../../support/reset-engine';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
});
afterAll(() => engine.stop());

const steps = {
  prove: (flowId: string, updateId: string = randomUUID()) => sendStep(engine.client, flowId, proveUpdate, updateId, someProof()),
  resend: (flowId: string, updateId: string = randomUUID()) => sendBareStep(engine.client, flowId, resendUpdate, updateId),
  setPassword: (flowId: string, updateId: string = randomUUID()) => sendStep(engine.client, flowId, setPasswordUpdate, updateId, { stageId: 'a-stage' }),
  cancel: (flowId: string, updateId: string = randomUUID()) => sendBareStep(engine.client, flowId, cancelUpdate, updateId),
};
type Step = keyof typeof steps;

/** Takes steps that must be refused, and checks that the history does not know of them. */
async function expectRefused(flowId: string, refused: Partial<Record<Step, string>>): Promise<void> {
  const before = await engine.events(flowId);
  for (const [step, type] of Object.entries(refused)) {
    await expect(steps[step as Step](flowId)).rejects.toMatchObject({ name: 'EngineRefusal', type });
  }
  expect(await engine.events(flowId)).toBe(before);
}

test.each(['code', 'link', 'temporary-password'] as const)('check 60: of a reset by %s every step out of order is refused and leaves nothing in the history', async (variant) => {
  const activities = fakeActivities();
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, variant);
    await engine.reads(flowId, 'was handed to the carrier');
    await expectRefused(flowId, { setPassword: 'wrong-step', resend: 'resend-too-soon' });
    expect(await steps.prove(flowId)).toEqual({ result: 'right' });
    await expectRefused(flowId, { prove: 'wrong-step', resend: 'wrong-step' });
  });
  expect(activities.verifySecret).toHaveBeenCalledTimes(1);
  expect(activities.beginRound).not.toHaveBeenCalled();
  expect(activities.commitPassword).not.toHaveBeenCalled();
});

test('check 60: an invitation has nothing to be entered or sent again', async () => {
  await engine.serving(fakeActivities(), async () => {
    const flowId = await beginReset(engine, 'invitation');
    await engine.reads(flowId, 'was handed to the carrier');
    await expectRefused(flowId, { prove: 'wrong-step', resend: 'wrong-step', setPassword: 'wrong-step' });
  });
});

test('check 60: after its ending a reset takes no step any more, also while its notices are being sent', async () => {
  const activities = fakeActivities();
  let deliver = (): void => {};
  activities.sendNotices.mockImplementation(() => new Promise((resolve) => (deliver = resolve)));
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await steps.prove(flowId);
    expect(await steps.setPassword(flowId)).toEqual({ outcome: 'done', saved: true });
    await waitFor(() => activities.sendNotices.mock.calls.length === 1 || undefined, { what: 'the notices' });
    await expectRefused(flowId, { prove: 'ended', resend: 'ended', setPassword: 'ended', cancel: 'ended' });
    deliver();
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'done' });
    await expectRefused(flowId, { prove: 'ended', cancel: 'ended' });
  });
});

test('check 5: of eight proofs at once one is judged, and the others leave nothing in the history', async () => {
  const activities = fakeActivities();
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await engine.reads(flowId, 'was handed to the carrier');
    const before = await engine.events(flowId);
    // Not more than the engine takes at once: beyond ten it may have a workflow task done again.
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => steps.prove(flowId)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) if (answer.status === 'rejected') expect(['request-in-progress', 'wrong-step']).toContain(answer.reason.type);
    // A workflow task, the Update accepted and completed, the comparison, the step's search attribute.
    expect((await engine.events(flowId)) - before).toBe(7);
  });
  expect(activities.verifySecret).toHaveBeenCalledTimes(1);
});

test('check 3: a step that arrives together with the deadline is too late', async () => {
  const activities = fakeActivities();
  const flowId = await engine.serving(activities, () => beginReset(engine, 'code', 3_000));
  // No worker runs while the deadline passes: the next one finds the timer's firing and the proof side by side.
  await waitFor(async () => (await engine.eventTypes(flowId)).includes('TIMER_FIRED') || undefined, { what: 'the timer' });
  // Without the API's deadline: that worker may be longer in coming.
  const proof = engine.handle(flowId).executeUpdate(proveUpdate, { args: [someProof()] }).catch((error: unknown) => error);
  await engine.serving(activities, async () => {
    expect(await proof).toMatchObject({ cause: { type: 'ended' } });
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'expired' });
  });
  expect(activities.verifySecret).not.toHaveBeenCalled();
});

test('a repeat of an Update gets the first answer, and neither asks nor writes again', async () => {
  const activities = fakeActivities();
  activities.verifySecret.mockResolvedValueOnce({ result: 'wrong', attemptsLeft: 4 });
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await engine.reads(flowId, 'was handed to the carrier');
    expect(await steps.prove(flowId, 'the-first')).toEqual({ result: 'wrong', attemptsLeft: 4 });
    const before = await engine.events(flowId);
    expect(await steps.prove(flowId, 'the-first')).toEqual({ result: 'wrong', attemptsLeft: 4 });
    expect(await engine.events(flowId)).toBe(before);
    expect(await steps.prove(flowId, 'the-second')).toEqual({ result: 'right' });
    expect(await steps.prove(flowId, 'the-first')).toEqual({ result: 'wrong', attemptsLeft: 4 });
  });
  expect(activities.verifySecret.mock.calls.map(([{ updateId }]) => updateId)).toEqual(['the-first', 'the-second']);
});
