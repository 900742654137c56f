import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/** A wait on purpose: the engine makes the next attempt when it is over. It is no failure to be logged or counted. */
export function comeBack(why: string, type: string, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({ message: why, type, nonRetryable: false, nextRetryDelay: Math.max(Math.round(delayMs), 1), category: ApplicationFailureCategory.BENIGN });
}
