import { proxyActivities } from '@temporalio/workflow';
import type { ConnectOnboardingActivities } from '../../activities/connect-onboarding';
import { notifying, rows as rowsOf } from '../proxies';

export const rows = (summary: string) => rowsOf<ConnectOnboardingActivities>(summary);

/** What is left to be sent at the end. */
export const parting = (summary: string) => notifying<ConnectOnboardingActivities>(summary);

/**
 * A look at what was submitted: minutes where 50,000 users are read, a dead worker seen after 8 s. What is not there yet
 * asks for its next attempt itself, with growing pauses and to an end: as attempts of one activity, days of looking add
 * nothing to the history. The policy here is for a database that is away.
 */
export const looking = (summary: string) => proxyActivities<ConnectOnboardingActivities>({
  startToCloseTimeout: '30 m',
  heartbeatTimeout: '8 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '60 s' },
  summary,
});

/**
 * Reminders, over weeks and months: like a validation, each attempt says itself when the next is due, so that a reminder
 * costs the history nothing. The policy here is for carriers and databases that are away.
 */
export const corresponding = (summary: string) => proxyActivities<ConnectOnboardingActivities>({
  startToCloseTimeout: '2 m',
  heartbeatTimeout: '8 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '5 m' },
  summary,
});
