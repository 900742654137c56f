import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { discontinuationOf, lockOnboarding, setApplicationLastDay, unheard, updateOnboarding } from '../../db/onboardings';
import type { CalendarDate } from '../../domain/onboarding/calendar';
import { endOf } from '../../domain/onboarding/reminders';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { Actor } from '../../workflows/connect-onboarding/messages';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';
import { wakeUp } from './engine';
import { findOr404, overProblem } from './find';

const BATCH = 200;
const AT_ONCE = 20;

/** Begins a further run of an onboarding that was discontinued or stopped, where the last day lies ahead. Returns whether it did. */
async function reopenRow(deps: OnboardingServiceDependencies, accountCode: string, actor: Actor): Promise<boolean> {
  return inTransaction(deps.db, async (tx) => {
    const { row } = (await lockOnboarding(tx, accountCode))!;
    const end = endOf(await discontinuationOf(tx, row));
    if (row.outcome === null || row.outcome === 'completed' || (end !== null && end <= deps.clock())) return false;
    // The clock of what stalls begins anew, and the workflow has to be started.
    await updateOnboarding(tx, accountCode, { outcome: null, ended_at: null, told_last_day: null, work_count: row.work_count + 1, last_work_at: deps.clock() });
    await appendAudit(tx, { at: deps.clock(), action: 'onboarding.reopened', accountCode, flowId: connectOnboardingWorkflowId(accountCode), details: { by: actor.id } });
    return true;
  });
}

/** Reopens an onboarding that has ended, as it was. @throws Problem `flow-done`, or `flow-discontinued` where its last day is over */
export async function reopenOnboarding(deps: OnboardingServiceDependencies, accountCode: string, actor: Actor): Promise<void> {
  await findOr404(deps, accountCode);
  const reopened = await reopenRow(deps, accountCode, actor);
  const { row } = await findOr404(deps, accountCode);
  if (!reopened && row.outcome !== null) {
    throw row.outcome === 'completed' ? overProblem('completed') : new Problem('flow-discontinued', { detail: 'The last day of this account is over: set a later one.' });
  }
  await wakeUp(deps, accountCode);
}

/** Gives an account a last day of its own, or with null that of the application. Where it lies ahead, what was discontinued is reopened. */
export async function setAccountLastDay(deps: OnboardingServiceDependencies, accountCode: string, date: CalendarDate | null, actor: Actor): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const onboarding = await lockOnboarding(tx, accountCode);
    if (!onboarding) throw new Problem('not-found', { detail: 'There is no onboarding of an account with this code.' });
    if (onboarding.row.outcome === 'completed') throw overProblem('completed');
    await updateOnboarding(tx, accountCode, { last_day: date });
    await appendAudit(tx, { at: deps.clock(), action: 'onboarding.last-day', accountCode, flowId: connectOnboardingWorkflowId(accountCode), details: { by: actor.id, date } });
  });
  const { row } = await findOr404(deps, accountCode);
  if (row.outcome === 'discontinued') await reopenRow(deps, accountCode, actor);
  await wakeUp(deps, accountCode);
}

/** Sets the last day of the application, for every account without one of its own. Those that are under way are told at once; see {@link tellWorkflows}. */
export async function setConnectLastDay(deps: OnboardingServiceDependencies, date: CalendarDate | null, actor: Actor): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    await setApplicationLastDay(tx, 'connect', date, deps.clock());
    await appendAudit(tx, { at: deps.clock(), action: 'application.last-day', details: { application: 'connect', by: actor.id, date } });
  });
}

/**
 * Tells every workflow that does not know of something yet, and starts those that are missing. What cannot be told now,
 * since the engine is away or this process ends, is told by the next call: a row says what its workflow knows.
 * @returns how many were told
 */
export async function tellWorkflows(deps: OnboardingServiceDependencies): Promise<number> {
  let told = 0;
  for (let accounts = await unheard(deps.db, '', BATCH); accounts.length > 0; accounts = await unheard(deps.db, accounts.at(-1)!, BATCH)) {
    for (let first = 0; first < accounts.length; first += AT_ONCE) await Promise.all(accounts.slice(first, first + AT_ONCE).map((account) => wakeUp(deps, account)));
    told += accounts.length;
  }
  return told;
}
