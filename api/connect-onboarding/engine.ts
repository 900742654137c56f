import { findAccount } from '../../db/accounts';
import { discontinuationOf, findOnboarding, noteTold, statesOf, type Onboarding } from '../../db/onboardings';
import { endOf } from '../../domain/onboarding/reminders';
import { connectOnboardingWorkflowId, searchAttributes, TASK_QUEUE } from '../../temporal.config';
import { CONNECT_ONBOARDING, wakeSignal, type OnboardingInput } from '../../workflows/connect-onboarding/messages';
import { startOnce, withDeadline, WORKFLOW_TASK_TIMEOUT } from '../engine';
import type { OnboardingServiceDependencies } from './dependencies';

async function startOptions({ db }: OnboardingServiceDependencies, { row, tasks }: Onboarding) {
  const discontinuation = await discontinuationOf(db, row);
  const input: OnboardingInput = { accountCode: row.account_code, tasks: statesOf(tasks), ends: { lastDay: discontinuation.lastDay, at: endOf(discontinuation) } };
  const region = (await findAccount(db, row.account_code))?.region ?? '';
  return {
    workflowId: connectOnboardingWorkflowId(row.account_code),
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    args: [input] as [OnboardingInput],
    // One run at a time; a further one where the account was reopened.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    staticSummary: `Onboarding of account ${row.account_code}, region ${region}`,
    staticDetails: [
      'What the account enters, and where each task stands, is in the tables `onboardings` and `onboarding_tasks`; its story in `audit` and `messages`, under the id of this workflow.',
      '*Request Cancellation* ends it; nothing entered is lost, and `POST /api/onboardings/{account}/reopen` begins a further run.',
    ].join('  \n'),
    typedSearchAttributes: [
      { key: searchAttributes.account, value: row.account_code },
      { key: searchAttributes.application, value: 'connect' },
      { key: searchAttributes.step, value: row.next_task ?? 'completed' },
      { key: searchAttributes.blockedBy, value: row.blocked_by ?? 'nothing' },
      { key: searchAttributes.lastDay, value: discontinuation.lastDay ?? 'none' },
    ],
  };
}

type Workflow = (input: OnboardingInput) => Promise<unknown>;

/** Starts the workflow of an onboarding that is under way, or leaves it as it runs. @throws Problem `engine-unavailable` */
export async function ensureRunning(deps: OnboardingServiceDependencies, onboarding: Onboarding): Promise<void> {
  const options = await startOptions(deps, onboarding);
  if (await startOnce(deps.temporal, CONNECT_ONBOARDING, options)) await noteTold(deps.db, onboarding.row, options.args[0].ends.lastDay);
}

/** Tells the workflow that the database has news; starts it where it is missing, and has one that is about to close go on where it was reopened. @throws Problem `engine-unavailable` */
export async function wakeUp(deps: OnboardingServiceDependencies, accountCode: string): Promise<void> {
  const onboarding = await findOnboarding(deps.db, accountCode);
  if (!onboarding || onboarding.row.outcome !== null) return;
  const options = await startOptions(deps, onboarding);
  await withDeadline<unknown>(deps.temporal, () => deps.temporal.workflow.signalWithStart<Workflow, []>(CONNECT_ONBOARDING, { ...options, taskQueue: TASK_QUEUE, workflowIdConflictPolicy: 'USE_EXISTING', signal: wakeSignal }));
  await noteTold(deps.db, onboarding.row, options.args[0].ends.lastDay);
}

