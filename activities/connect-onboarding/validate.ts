import { inTransaction } from '../../db/connection';
import { changeTask, findOnboarding, lockOnboarding, taskOf, type Onboarding } from '../../db/onboardings';
import type { TaskName } from '../../domain/onboarding/tasks';
import { advice } from '../../domain/onboarding/texts';
import { pauseMs, VALIDATION_MS } from '../../domain/onboarding/validation';
import type { CheckResult, TaskChecker } from '../checks/checker';
import { comeBack } from '../come-back';
import type { OnboardingDependencies } from './dependencies';
import { deliverMail } from './mail';
import { checkInput, factsColumn, incomplete, recordVerdict, standing, type TaskResult } from './verdict';

/** Whether this is still the submission that was looked at. */
function isSame(now: Onboarding | undefined, looked: Onboarding, task: TaskName): now is Onboarding {
  return now?.row.outcome === null && taskOf(now, task).state === 'validating' && taskOf(now, task).validating_since === taskOf(looked, task).validating_since;
}

async function look(deps: OnboardingDependencies, onboarding: Onboarding, task: TaskName, signal: AbortSignal): Promise<{ verdict: CheckResult; input: Awaited<ReturnType<typeof checkInput>> }> {
  const input = await checkInput(deps, deps.db, onboarding, task);
  if (input === null) return { verdict: incomplete, input };
  const checker: TaskChecker = deps.checkers[task];
  const verdict = await checker.check({ ...input, signal }).catch((error: unknown): CheckResult => {
    if (signal.aborted) throw error;
    deps.logger.error({ err: error, task }, 'a check failed');
    return { result: 'not-yet', ...advice.checkFailed };
  });
  return { verdict, input };
}

/**
 * Looks once at what was submitted, and writes down what is found. What is not there yet is looked for again by the
 * engine's next attempt, after a growing pause: nothing is added to a history for it.
 * @throws ApplicationFailure `NotYet` where the same call is to be made again after a while
 */
export async function validateTask(deps: OnboardingDependencies, { accountCode, task }: { accountCode: string; task: TaskName }, signal: AbortSignal): Promise<TaskResult & { undelivered: boolean }> {
  const looked = await findOnboarding(deps.db, accountCode);
  if (!looked) throw new Error('The account has no onboarding.');
  const result = isSame(looked, looked, task) ? await judge(deps, looked, task, await look(deps, looked, task, signal)) : await standing(deps.db, looked, task);
  return { ...result, undelivered: (await deliverMail(deps, accountCode)) !== null };
}

async function judge(deps: OnboardingDependencies, looked: Onboarding, task: TaskName, { verdict, input }: Awaited<ReturnType<typeof look>>): Promise<TaskResult> {
  const accountCode = looked.row.account_code;
  const elapsed = deps.clock() - (taskOf(looked, task).validating_since ?? 0);
  const final: CheckResult = verdict.result === 'not-yet' && elapsed >= VALIDATION_MS ? { ...verdict, result: 'wrong', ...advice.givenUp(verdict) } : verdict;
  const pause = final.result === 'not-yet' ? pauseMs(elapsed) : null;
  const result = await inTransaction(deps.db, async (tx) => {
    const locked = await lockOnboarding(tx, accountCode);
    if (!isSame(locked, looked, task)) return standing(tx, locked ?? looked, task);
    if (final.result !== 'not-yet') return recordVerdict(deps, tx, locked, task, { verdict: final, input, tell: true });
    const now = deps.clock();
    await changeTask(tx, locked, task, { reason: final.reason, what_to_do: final.whatToDo, facts: factsColumn(final), checked_at: now, next_check_at: now + (pause ?? 0) }, null);
    return null;
  });
  if (result !== null) return result;
  throw comeBack(`"${task}" is not validated yet`, 'NotYet', pause ?? 0);
}
