import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, noopMetricMeter } from '@temporalio/common';

/** An activity that ends by one of these is called again once something is due, or found. */
const COME_BACK = ['NotDue', 'NotYet'];

/** What an activity comes to. One that is to be called again later comes to that. */
export async function orLater(work: () => Promise<unknown>): Promise<unknown> {
  return work().catch((error: unknown) => {
    if (error instanceof ApplicationFailure && COME_BACK.includes(error.type ?? '')) return 'later';
    throw error;
  });
}

const nothing = (): void => {};
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const info: Info = {
  taskToken: new Uint8Array(), base64TaskToken: '', activityId: 'test', activityType: 'test', activityNamespace: 'test', namespace: 'test', taskQueue: 'test', attempt: 1, isLocal: false, inWorkflow: true,
  scheduledTimestampMs: 0, scheduleToCloseTimeoutMs: 0, startToCloseTimeoutMs: 0, currentAttemptScheduledTimestampMs: 0, heartbeatDetails: undefined,
};

/** Runs an activity where it can report that it is alive. A whole worker, as the SDK's own environment loads it, would take several times as long to start. */
export function inActivity<T>(work: () => Promise<T>): Promise<T> {
  const context = new Context(info, new Promise<never>(nothing), new AbortController().signal, nothing, undefined, silent, noopMetricMeter, {});
  return asyncLocalStorage.run(context, work);
}
