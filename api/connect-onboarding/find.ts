import { findOnboarding, statesOf, type Onboarding, type OnboardingRow, type TaskRow } from '../../db/onboardings';
import { isTaskName, notOffered, type TaskAction, type TaskName } from '../../domain/onboarding/tasks';
import { whyNotOffered } from '../../domain/onboarding/texts';
import { iso } from '../iso';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';

/** @throws Problem `not-found` */
export async function findOr404({ db }: Pick<OnboardingServiceDependencies, 'db'>, accountCode: string): Promise<Onboarding> {
  const onboarding = await findOnboarding(db, accountCode);
  if (!onboarding) throw new Problem('not-found', { detail: 'There is no onboarding of an account with this code.' });
  return onboarding;
}

/** The problem that says how an onboarding ended. */
export function overProblem(outcome: NonNullable<OnboardingRow['outcome']>): Problem {
  if (outcome === 'discontinued') return new Problem('flow-discontinued');
  if (outcome === 'cancelled') return new Problem('flow-cancelled', { detail: 'The support desk has stopped this onboarding. Nothing you entered is lost: ask there to reopen it.' });
  return new Problem('flow-done', { detail: 'This onboarding is complete. Manage the account in the Administration Console.' });
}

/**
 * Judges an action on a task by the rows, as the workflow would.
 * @throws Problem `not-found`, `flow-done`, `flow-discontinued`, `flow-cancelled` or `wrong-step`
 */
export function expectOffered(onboarding: Onboarding, action: TaskAction, task: string): asserts task is TaskName {
  if (onboarding.row.outcome !== null) throw overProblem(onboarding.row.outcome);
  if (!isTaskName(task)) throw new Problem('not-found', { detail: 'There is no task of this name.' });
  const why = notOffered(action, task, statesOf(onboarding.tasks));
  if (why?.why === 'no-such-task') throw new Problem('not-found', { detail: whyNotOffered(why) });
  if (why !== null) throw new Problem('wrong-step', { detail: whyNotOffered(why) });
}

/** @throws Problem `changed-meanwhile`, with who and when, where what was seen is not what is there */
export function expectVersion(row: TaskRow, version: number): void {
  if (row.version === version) return;
  const [by, at] = [row.updated_by ?? 'somebody', iso(row.updated_at)];
  throw new Problem('changed-meanwhile', { detail: `${by} changed this at ${at}. Look at it, then decide what stays.`, extra: { changedBy: by, changedAt: at, version: row.version } });
}

