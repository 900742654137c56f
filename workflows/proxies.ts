import { ActivityFailure, isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { CODES_QUEUE } from '../temporal.config';

/** Rows of our own database: milliseconds when it is well, so retried soon and until it is back. */
export const rows = <Activities>(summary: string) => proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 s',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '10 s' },
  summary,
});

/** Codes, whose people wait for them, have a queue of their own. What is sent is worth sending until it expires: backoff up to a minute, an attempt at most 30 s, a dead worker seen after 8 s. */
export const sending = <Activities>(summary: string, ttlMs: number) => proxyActivities<Activities>({
  taskQueue: CODES_QUEUE,
  startToCloseTimeout: '30 s',
  heartbeatTimeout: '8 s',
  scheduleToCloseTimeout: ttlMs,
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '60 s' },
  summary,
});

/** A notice is worth reading for a day; nobody waits for it. */
export const notifying = <Activities>(summary: string) => proxyActivities<Activities>({
  startToCloseTimeout: '60 s',
  heartbeatTimeout: '8 s',
  scheduleToCloseTimeout: '24 h',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '5 m' },
  summary,
});

/** What could not be delivered in time stands in the message's row; it does not undo a journey. */
export function ignoreUndelivered(error: unknown): void {
  if (!(error instanceof ActivityFailure) && !isCancellation(error)) throw error;
}
