import { proxyLocalActivities } from '@temporalio/workflow';
import type { ContinuityEventActivities } from '../../activities/continuity-event';
import { rows as rowsOf } from '../proxies';

export const rows = (summary: string) => rowsOf<ContinuityEventActivities>(summary);

/** Nobody waits for counts, and others are made soon: given up where the database is away, so that no task is kept open for them. */
export const counting = (summary: string) => proxyLocalActivities<ContinuityEventActivities>({
  startToCloseTimeout: '5 s',
  retry: { initialInterval: '200 ms', maximumAttempts: 2 },
  summary,
});
