import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { endSignal, proveUpdate, setPasswordUpdate, undeliveredSignal } from '../../../workflows/password-reset/messages';
import { beginReset, fakeActivities, someProof } from '../../support/fake-activities';
import { testKeys } from '../../support/keys';
import { ResetEngine, type EventType } from '../../support/reset-engine';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
});
afterAll(() => engine.stop());

// With no deadline of the API's: some of these answers are made to wait.
const prove = (flowId: string) => engine.handle(flowId).executeUpdate(proveUpdate, { args: [someProof()] });
const setPassword = (flowId: string) => engine.handle(flowId).executeUpdate(setPasswordUpdate, { args: [{ stageId: 'a-stage' }] });

/** Waits until a workflow task was completed after an event of this type: the workflow knows of it. */
async function knows(flowId: string, type: EventType): Promise<void> {
  await waitFor(async () => {
    const types = await engine.eventTypes(flowId);
    const at = types.indexOf(type);
    return (at >= 0 && types.indexOf('WORKFLOW_TASK_COMPLETED', at) > at) || undefined;
  }, { what: `${type} to be handled` });
}

/** A promise that a test keeps. */
function promised<T>(): { readonly value: Promise<T>; readonly keep: (value: T) => void } {
  let keep: (value: T) => void = () => {};
  return { value: new Promise<T>((resolve) => (keep = resolve)), keep: (value) => keep(value) };
}

describe('while a carrier hangs', () => {
  test('every step is answered, and the reset ends', async () => {
    const activities = fakeActivities();
    activities.issueSecret.mockImplementation(() => Context.current().cancelled);
    await engine.serving(activities, async () => {
      const flowId = await beginReset(engine, 'code');
      await waitFor(() => activities.issueSecret.mock.calls.length === 1 || undefined, { what: 'the first attempt' });
      expect(await engine.details(flowId)).toContain('is being sent');
      expect(await prove(flowId)).toEqual({ result: 'right' });
      expect(await setPassword(flowId)).toEqual({ outcome: 'done', saved: true });
      expect(await engine.handle(flowId).result()).toEqual({ outcome: 'done' });
    });
  });

  test('its message is given up when its time is over, and then the reset ends as undeliverable', async () => {
    const activities = fakeActivities();
    activities.issueSecret.mockImplementation(() => Context.current().cancelled);
    activities.giveUp.mockResolvedValue({ explain: true });
    await engine.serving(activities, async () => {
      expect(await engine.handle(await beginReset(engine, 'code', 3_000)).result()).toEqual({ outcome: 'undeliverable' });
    });
    expect(activities.giveUp).toHaveBeenCalledTimes(1);
    expect(activities.deliverQueued).toHaveBeenCalledTimes(1);
  });

  test('a newer request ends it', async () => {
    const activities = fakeActivities();
    activities.issueSecret.mockImplementation(() => Context.current().cancelled);
    await engine.serving(activities, async () => {
      const flowId = await beginReset(engine, 'code');
      await engine.handle(flowId).signal(endSignal, 'superseded');
      expect(await engine.handle(flowId).result()).toEqual({ outcome: 'superseded' });
    });
  });
});

test('check 29: a notice that the mail server does not take at first is sent again after the reset has ended', async () => {
  const activities = fakeActivities();
  activities.sendNotices.mockRejectedValueOnce(new Error('later'));
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'link');
    await prove(flowId);
    expect(await setPassword(flowId)).toMatchObject({ outcome: 'done' });
    expect(await engine.details(flowId)).toContain('**Ended:** done');
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'done' });
  });
  expect(activities.sendNotices).toHaveBeenCalledTimes(2);
});

test('a signal makes the workflow ask the row, which knows what ended it', async () => {
  const activities = fakeActivities();
  activities.endFlow.mockResolvedValue({ outcome: 'cancelled' });
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await engine.handle(flowId).signal(endSignal, 'superseded');
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'cancelled' });
  });
});

test('an operator\'s Cancel lets the step that is being handled finish: a password that is saved makes the reset done', async () => {
  const commit = promised<{ outcome: 'done'; saved: true }>();
  const activities = fakeActivities();
  activities.commitPassword.mockReturnValue(commit.value);
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await prove(flowId);
    const saved = setPassword(flowId);
    await waitFor(() => activities.commitPassword.mock.calls.length === 1 || undefined, { what: 'the commit' });
    await engine.handle(flowId).cancel();
    await knows(flowId, 'WORKFLOW_EXECUTION_CANCEL_REQUESTED');
    commit.keep({ outcome: 'done', saved: true });
    expect(await saved).toMatchObject({ outcome: 'done' });
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'done' });
  });
  expect(activities.endFlow).not.toHaveBeenCalled();
  expect(activities.sendNotices).toHaveBeenCalledTimes(1);
});

test('an operator\'s Cancel while a report on a message cannot be written ends the row all the same', async () => {
  const activities = fakeActivities();
  let away = true;
  activities.giveUp.mockImplementation(async () => {
    if (away) throw new Error('the database is away');
    return { explain: false };
  });
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await engine.reads(flowId, 'was handed to the carrier');
    await engine.handle(flowId).signal(undeliveredSignal, { round: 1 });
    await waitFor(() => activities.giveUp.mock.calls.length > 0 || undefined, { what: 'the first attempt to write it' });
    await engine.handle(flowId).cancel();
    await knows(flowId, 'WORKFLOW_EXECUTION_CANCEL_REQUESTED');
    away = false;
    await expect(engine.handle(flowId).result()).rejects.toThrow(WorkflowFailedError);
    expect((await engine.handle(flowId).describe()).status.name).toBe('CANCELLED');
  });
  expect(activities.endFlow.mock.calls).toEqual([[{ flowId: expect.any(String), outcome: 'cancelled' }]]);
});

test('a deadline that passes while a step is being handled ends the reset after it, without another timer', async () => {
  const verdict = promised<{ result: 'wrong'; attemptsLeft: number }>();
  const activities = fakeActivities();
  activities.verifySecret.mockReturnValue(verdict.value);
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code', 6_000);
    const proof = prove(flowId);
    await knows(flowId, 'TIMER_FIRED');
    verdict.keep({ result: 'wrong', attemptsLeft: 4 });
    expect(await proof).toEqual({ result: 'wrong', attemptsLeft: 4 });
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'expired' });
    expect((await engine.eventTypes(flowId)).filter((type) => type === 'TIMER_STARTED')).toHaveLength(1);
  });
});
