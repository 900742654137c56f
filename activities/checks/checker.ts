import type { Knex } from 'knex';
import type { AccountRow } from '../../db/accounts';
import type { CheckOutcome } from '../../domain/checks';
import type { TaskForm } from '../../domain/onboarding/forms';
import type { TaskName, TaskStates } from '../../domain/onboarding/tasks';
import type { Advice } from '../../domain/onboarding/texts';

/** What was found, as pages show it: counts, names, what a host answered. Never a secret. */
export type Facts = Readonly<Record<string, unknown>>;

/** What is checked, and for whom. */
export interface CheckInput<Name extends TaskName = TaskName> {
  readonly account: AccountRow;
  readonly states: TaskStates;
  readonly content: TaskForm<Name>;
  /** What was entered beside the form, opened. Kept out of facts, reasons and logs. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The submission's own: the same for every look at it, and another one for the next submission. At most 64 characters. */
  readonly submission: string;
  /** The transaction of the submission for a checker that answers at once; else the database. */
  readonly db: Knex;
  /** The check was cancelled, or its worker is about to stop. */
  readonly signal: AbortSignal;
}

/** `not-yet` is looked for again, with growing pauses, for 72 hours; `wrong` is for an administrator to mend. */
export type CheckResult =
  | { readonly result: 'ok'; readonly facts: Facts }
  | ({ readonly result: 'not-yet' | 'wrong'; /** What was found all the same. */ readonly facts?: Facts } & Advice);

/** Validates what was entered for one task. Called again after a crash or a pause: it changes nothing, or the same thing again. */
export interface TaskChecker<Name extends TaskName = TaskName> {
  /** It asks nobody but the database: the submission is answered with its verdict. */
  readonly atOnce?: boolean | ((content: TaskForm<Name>) => boolean);
  check(input: CheckInput<Name>): Promise<CheckResult>;
  /** Puts what was validated to use, in the transaction that completes the task. @returns the facts to show from then on, where they are others */
  complete?(tx: Knex.Transaction, input: Omit<CheckInput<Name>, 'db' | 'signal'>, facts: Facts): Promise<Facts | void>;
}

export type TaskCheckers = { readonly [Name in TaskName]: TaskChecker<Name> };

/** What an outside check found, as a task keeps it. */
export function asResult(outcome: CheckOutcome<object>): CheckResult {
  if (outcome.result === 'ok') return { result: 'ok', facts: { ...outcome.facts } };
  const { result, reason, whatToDo, facts } = outcome;
  return { result, reason, whatToDo, ...(facts ? { facts: { ...facts } } : {}) };
}

/** Whether the submission of this content is answered with its verdict. */
export function isAtOnce({ atOnce = false }: TaskChecker, content: TaskForm): boolean {
  return typeof atOnce === 'function' ? atOnce(content) : atOnce;
}
