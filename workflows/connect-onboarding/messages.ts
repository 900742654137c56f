import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CalendarDate } from '../../domain/onboarding/calendar';
import type { OnboardingEnding } from '../../domain/onboarding/page';
import type { TaskName, TaskState, TaskStates } from '../../domain/onboarding/tasks';

/** The workflow's name, so that the API starts it without importing its code. */
export const CONNECT_ONBOARDING = 'connectOnboarding';

/** Until when an account can go on. */
export interface Ends {
  readonly lastDay: CalendarDate | null;
  /** The end of that day by the account's clock, in milliseconds since the epoch. */
  readonly at: number | null;
}

/** What the rows say when a run begins: a new account, one that was reopened, or a run that goes on after a long one. */
export interface OnboardingInput {
  readonly accountCode: string;
  readonly tasks: TaskStates;
  readonly ends: Ends;
  /** What the run before this one answered last: a repeat of these requests gets the same. */
  readonly answered?: readonly (readonly [updateId: string, answer: TaskAnswer])[];
  /** A run goes on as a new one after so many events; without it when the engine suggests it. */
  readonly continueAfterEvents?: number;
}

/** Who asks: as the audit names them, and as others read it beside what was changed. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

/** What was asked of a task, and by whom. What was entered lies in the database and is never sent. */
export interface TaskRequest {
  readonly task: TaskName;
  readonly by: Actor;
}

export interface Submission extends TaskRequest {
  /** Of what was saved, as whoever submits it has seen it. */
  readonly version: number;
}

export interface TaskAnswer {
  readonly state: TaskState;
  /** Somebody saved something else meanwhile: nothing was submitted. */
  readonly changedMeanwhile?: true;
}

export interface OnboardingState {
  readonly tasks: TaskStates;
  readonly ends: Ends;
  readonly outcome: OnboardingEnding | null;
}

export const startTaskUpdate = defineUpdate<TaskAnswer, [TaskRequest]>('startTask');
/** Hands in what was saved. The answer says the verdict where no more than the database has to be asked; else the task is being validated. */
export const submitTaskUpdate = defineUpdate<TaskAnswer, [Submission]>('submitTask');
/** Looks again at once, instead of at the end of the pause. */
export const checkNowUpdate = defineUpdate<TaskAnswer, [TaskRequest]>('checkNow');
/** Stops a validation; what was entered is kept. */
export const cancelTaskUpdate = defineUpdate<TaskAnswer, [TaskRequest]>('cancelTask');
export const reopenTaskUpdate = defineUpdate<TaskAnswer, [TaskRequest]>('reopenTask');
/** Nobody waits for it: the database has news, such as another last day or a password to send. */
export const wakeSignal = defineSignal('wake');
export const stateQuery = defineQuery<OnboardingState>('state');

/** Types of the failures with which an Update is refused; what they mean over HTTP is the API's affair. */
export type Refusal = 'wrong-step' | 'request-in-progress' | 'ended';
