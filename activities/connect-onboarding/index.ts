import { Context } from '@temporalio/activity';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endOnboardingRow, findOnboarding, lockOnboarding, statesOf } from '../../db/onboardings';
import { dayNumber } from '../../domain/onboarding/calendar';
import type { OnboardingEnding } from '../../domain/onboarding/page';
import type { TaskName } from '../../domain/onboarding/tasks';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { Ends, OnboardingState, Submission, TaskRequest } from '../../workflows/connect-onboarding/messages';
import { beating } from '../beating';
import { correspond } from './correspond';
import type { OnboardingDependencies } from './dependencies';
import { deliverMail, hasMail, queueNotice } from './mail';
import { cancelTask, reopenTask, startTask, submitTask, type ForAccount } from './tasks';
import { validateTask } from './validate';
import { endsOf, type TaskResult } from './verdict';

/** How an end came out: with which outcome, or not at all, since the last day has moved. */
type Ended = { readonly outcome: OnboardingEnding; readonly mail: boolean } | { readonly outcome: null; readonly ends: Ends };

/** The side effects of an onboarding. Each is idempotent: called twice, it does once what it promises. */
export function createConnectOnboardingActivities(deps: OnboardingDependencies) {
  const { db, clock } = deps;
  return {
    startTask: (request: ForAccount<TaskRequest>): Promise<TaskResult> => startTask(deps, request),
    submitTask: (request: ForAccount<Submission>): Promise<TaskResult & { changedMeanwhile?: true }> => submitTask(deps, request),
    cancelTask: (request: ForAccount<TaskRequest>): Promise<TaskResult> => cancelTask(deps, request),
    reopenTask: (request: ForAccount<TaskRequest>): Promise<TaskResult> => reopenTask(deps, request),

    /** Looks at a submission until it is judged. `undelivered`: the mail about it still has to go out. */
    validateTask: (request: { accountCode: string; task: TaskName }): Promise<TaskResult & { undelivered: boolean }> => beating(() => validateTask(deps, request, Context.current().cancellationSignal)),

    /** Sends what is due, whenever something is. */
    correspond: (request: { accountCode: string }): Promise<void> => beating(() => correspond(deps, request)),

    /** The onboarding as the rows say it now. */
    async readOnboarding({ accountCode }: { accountCode: string }): Promise<OnboardingState> {
      const onboarding = await findOnboarding(db, accountCode);
      if (!onboarding) throw new Error('The account has no onboarding.');
      return { tasks: statesOf(onboarding.tasks), ends: await endsOf(db, onboarding), outcome: onboarding.row.outcome };
    },

    /** Ends the onboarding's row. What ended it earlier stays its outcome; a last day that has moved is no end. */
    async endOnboarding({ accountCode, outcome }: { accountCode: string; outcome: 'discontinued' | 'cancelled' }): Promise<Ended> {
      return inTransaction(db, async (tx) => {
        const onboarding = await lockOnboarding(tx, accountCode);
        if (!onboarding) throw new Error('The account has no onboarding.');
        if (onboarding.row.outcome !== null) return { outcome: onboarding.row.outcome, mail: await hasMail(tx, accountCode) };
        const ends = await endsOf(tx, onboarding);
        if (outcome === 'discontinued' && (ends.at === null || ends.at > clock())) return { outcome: null, ends };
        await endOnboardingRow(tx, accountCode, outcome, clock());
        if (outcome === 'discontinued') await queueNotice(deps, tx, accountCode, { purpose: 'connect-discontinued', lastDay: ends.lastDay! }, dayNumber(ends.lastDay!));
        await appendAudit(tx, { at: clock(), action: `onboarding.${outcome}`, accountCode, flowId: connectOnboardingWorkflowId(accountCode) });
        return { outcome, mail: await hasMail(tx, accountCode) };
      });
    },

    /** Sends what is still in the queue when the onboarding is over. */
    async sendLast({ accountCode }: { accountCode: string }): Promise<void> {
      const postponed = await beating(() => deliverMail(deps, accountCode));
      if (postponed) throw postponed;
    },
  };
}

export type ConnectOnboardingActivities = ReturnType<typeof createConnectOnboardingActivities>;
