import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { changeTask, lockOnboarding, statesOf, taskOf, type Onboarding, type TaskRow } from '../../db/onboardings';
import { notOffered, type TaskAction } from '../../domain/onboarding/tasks';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { Submission, TaskRequest } from '../../workflows/connect-onboarding/messages';
import { isAtOnce, type TaskChecker } from '../checks/checker';
import type { OnboardingDependencies } from './dependencies';
import { checkInput, incomplete, recordVerdict, standing, type TaskResult } from './verdict';

export type ForAccount<T> = T & { readonly accountCode: string };

/** An onboarding that is under way, locked; undefined where it is over. @throws Error where the account has none */
async function lockOpen(tx: Knex.Transaction, accountCode: string): Promise<{ onboarding: Onboarding; over: boolean }> {
  const onboarding = await lockOnboarding(tx, accountCode);
  if (!onboarding) throw new Error('The account has no onboarding.');
  return { onboarding, over: onboarding.row.outcome !== null };
}

/**
 * Takes one action on a task, in one transaction: the task's row, its mirror for lists and the audit record. Where the
 * action is not offered any more it was taken already, or something else was first: the answer is where the task stands.
 */
async function act(deps: OnboardingDependencies, action: TaskAction, { accountCode, task, by }: ForAccount<TaskRequest>, change: (now: number) => Partial<TaskRow>): Promise<TaskResult> {
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const { onboarding, over } = await lockOpen(tx, accountCode);
    if (over || notOffered(action, task, statesOf(onboarding.tasks)) !== null) return standing(tx, onboarding, task);
    const changed = change(now);
    await changeTask(tx, onboarding, task, { ...changed, updated_by: by.name, updated_at: now }, now);
    await appendAudit(tx, { at: now, action: `onboarding.task-${action}`, accountCode, flowId: connectOnboardingWorkflowId(accountCode), details: { task, by: by.id } });
    return { state: changed.state ?? taskOf(onboarding, task).state, outcome: null, mail: false, ends: null };
  });
}

export function startTask(deps: OnboardingDependencies, request: ForAccount<TaskRequest>): Promise<TaskResult> {
  return act(deps, 'start', request, () => ({ state: 'in-progress' }));
}

export function cancelTask(deps: OnboardingDependencies, request: ForAccount<TaskRequest>): Promise<TaskResult> {
  return act(deps, 'cancel', request, () => ({ state: 'in-progress', reason: null, what_to_do: null, facts: null, validating_since: null, next_check_at: null }));
}

export function reopenTask(deps: OnboardingDependencies, request: ForAccount<TaskRequest>): Promise<TaskResult> {
  return act(deps, 'reopen', request, () => ({ state: 'in-progress', completed_at: null }));
}

/**
 * Hands in what was saved, in the version that was seen. A checker that asks nobody but the database is asked in the same
 * transaction; else the task is being validated from now on. A repeat gets the first answer.
 */
export async function submitTask(deps: OnboardingDependencies, { accountCode, task, version, by }: ForAccount<Submission>): Promise<TaskResult & { changedMeanwhile?: true }> {
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const { onboarding, over } = await lockOpen(tx, accountCode);
    const row = taskOf(onboarding, task);
    if (!over && row.version !== version) return { ...(await standing(tx, onboarding, task)), changedMeanwhile: true };
    if (over || notOffered('submit', task, statesOf(onboarding.tasks)) !== null) return standing(tx, onboarding, task);
    await changeTask(tx, onboarding, task, { state: 'validating', reason: null, what_to_do: null, facts: null, validating_since: now, checked_at: null, next_check_at: null, updated_by: by.name, updated_at: now }, now);
    const submitted = (await lockOpen(tx, accountCode)).onboarding;
    const checker: TaskChecker = deps.checkers[task];
    const audit = { at: now, action: 'onboarding.task-submit', accountCode, flowId: connectOnboardingWorkflowId(accountCode), details: { task, by: by.id, version } };
    const input = await checkInput(deps, tx, submitted, task);
    if (input !== null && !isAtOnce(checker, input.content)) {
      await appendAudit(tx, audit);
      return { state: 'validating', outcome: null, mail: false, ends: null };
    }
    const verdict = input === null ? incomplete : await checker.check({ ...input, signal: new AbortController().signal });
    await appendAudit(tx, audit);
    return recordVerdict(deps, tx, submitted, task, { verdict, input, tell: false });
  });
}

