import type { Knex } from 'knex';
import { findAccount, type AccountRow } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { changeTask, discontinuationOf, draftOf, endOnboardingRow, findOnboarding, statesOf, taskOf, type Onboarding } from '../../db/onboardings';
import { openSecrets } from '../../db/onboarding-secrets';
import { forms } from '../../domain/onboarding/forms';
import { endOf } from '../../domain/onboarding/reminders';
import type { OnboardingEnding } from '../../domain/onboarding/page';
import { isComplete, type TaskName, type TaskState } from '../../domain/onboarding/tasks';
import { advice } from '../../domain/onboarding/texts';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { Ends } from '../../workflows/connect-onboarding/messages';
import type { CheckInput, CheckResult, Facts, TaskChecker } from '../checks/checker';
import type { OnboardingDependencies } from './dependencies';
import { hasMail, queueNotice } from './mail';

/** Where a change leaves a task, and what else it changed. */
export interface TaskResult {
  readonly state: TaskState;
  readonly outcome: OnboardingEnding | null;
  /** With an outcome: whether something is still to be sent. */
  readonly mail: boolean;
  /** The end of the application, where this moved it. */
  readonly ends: Ends | null;
}

/** What may be entered anew after a wrong one; a password that is tried out once is not kept for another try. */
const KEEPS_SECRETS: readonly TaskName[] = ['users'];

export async function endsOf(db: Knex, { row }: Onboarding): Promise<Ends> {
  const discontinuation = await discontinuationOf(db, row);
  return { lastDay: discontinuation.lastDay, at: endOf(discontinuation) };
}

/** Where a task stands already: the answer to what was done before, or came too late. */
export async function standing(db: Knex, onboarding: Onboarding, task: TaskName): Promise<TaskResult> {
  const { outcome, account_code: accountCode } = onboarding.row;
  return { state: taskOf(onboarding, task).state, outcome, mail: outcome !== null && (await hasMail(db, accountCode)), ends: await endsOf(db, onboarding) };
}

/** What a checker is asked with. Null where the form has changed since it was submitted. */
export async function checkInput(deps: OnboardingDependencies, db: Knex, onboarding: Onboarding, task: TaskName): Promise<Omit<CheckInput, 'signal'> | null> {
  const row = taskOf(onboarding, task);
  const content = forms[task].safeParse(draftOf(row));
  if (!content.success) return null;
  const account = (await findAccount(db, row.account_code)) as AccountRow;
  const submission = `${row.account_code}/${task}/${row.validating_since ?? 0}`;
  return { account, states: statesOf(onboarding.tasks), content: content.data, secrets: openSecrets(deps.keys, row), submission, db };
}

/** What was found of something that is not right, or not yet, for its column. */
export function factsColumn({ facts }: { readonly facts?: Facts }): string | null {
  return facts ? JSON.stringify(facts) : null;
}

export const incomplete: CheckResult = { result: 'wrong', ...advice.formIncomplete };

/** Completes a task and puts to use what was validated. The last one completes the onboarding. */
async function complete(deps: OnboardingDependencies, tx: Knex.Transaction, onboarding: Onboarding, task: TaskName, input: Omit<CheckInput, 'signal'>, facts: Facts): Promise<OnboardingEnding | null> {
  const { account_code: accountCode } = onboarding.row;
  const now = deps.clock();
  const checker: TaskChecker = deps.checkers[task];
  const kept = (await checker.complete?.(tx, input, facts)) ?? facts;
  await changeTask(tx, onboarding, task, {
    state: 'completed', completed_at: now, facts: JSON.stringify(kept), secrets: null, reason: null, what_to_do: null, validating_since: null, checked_at: now, next_check_at: null, updated_at: now,
  }, now);
  const outcome = isComplete({ ...statesOf(onboarding.tasks), [task]: 'completed' }) ? ('completed' as const) : null;
  if (outcome) await endOnboardingRow(tx, accountCode, outcome, now);
  return outcome;
}

/**
 * Writes a verdict down, in a transaction that holds the onboarding: the task, what it changes elsewhere, the mail in the
 * queue and the audit record stand or fall together. `tell`: somebody waits for it elsewhere than at the page.
 */
export async function recordVerdict(
  deps: OnboardingDependencies, tx: Knex.Transaction, onboarding: Onboarding, task: TaskName, given: { verdict: CheckResult; input: Omit<CheckInput, 'signal'> | null; tell: boolean },
): Promise<TaskResult> {
  const { account_code: accountCode, time_zone: zoneBefore, work_count: count } = onboarding.row;
  const { verdict, input, tell } = given;
  const now = deps.clock();
  let outcome: OnboardingEnding | null = null;
  if (verdict.result === 'ok' && input) outcome = await complete(deps, tx, onboarding, task, input, verdict.facts);
  else if (verdict.result !== 'ok') {
    const secrets = KEEPS_SECRETS.includes(task) ? {} : { secrets: null };
    await changeTask(tx, onboarding, task, {
      state: 'needs-attention', reason: verdict.reason, what_to_do: verdict.whatToDo, facts: factsColumn(verdict), validating_since: null, checked_at: now, next_check_at: null, updated_at: now, ...secrets,
    }, now);
  }
  const after = (await findOnboarding(tx, accountCode))!;
  // A number of its own: every verdict counts as work.
  if (tell && verdict.result === 'ok') await queueNotice(deps, tx, accountCode, { purpose: 'connect-task-completed', task }, count + 1);
  else if (tell && verdict.result !== 'ok') await queueNotice(deps, tx, accountCode, { purpose: 'connect-task-attention', task, reason: verdict.reason, whatToDo: verdict.whatToDo }, count + 1);
  const { state } = taskOf(after, task);
  const audit = { at: now, accountCode, flowId: connectOnboardingWorkflowId(accountCode) };
  await appendAudit(tx, { ...audit, action: `onboarding.task-${state}`, details: { task } }, ...(outcome ? [{ ...audit, action: `onboarding.${outcome}` }] : []));
  return { state, outcome, mail: outcome !== null && (await hasMail(tx, accountCode)), ends: after.row.time_zone === zoneBefore ? null : await endsOf(tx, after) };
}
