import { findAccount, subscriptionsOf } from '../../db/accounts';
import { openSecrets } from '../../db/onboarding-secrets';
import { discontinuationOf, draftOf, progressOf, statesOf, type Onboarding, type TaskRow } from '../../db/onboardings';
import type { FlowAction, FlowEnvelope } from '../../domain/flow';
import { lastCompleted, pageToShow, type OnboardingStep } from '../../domain/onboarding/page';
import { daysLeft, endOf } from '../../domain/onboarding/reminders';
import { missingFor, nextTask, offeredActions, unfinished, type TaskName, type TaskStates } from '../../domain/onboarding/tasks';
import { taskTexts, welcome } from '../../domain/onboarding/texts';
import type { KeyRing } from '../../security/keys';
import { iso } from '../iso';
import type { OnboardingServiceDependencies } from './dependencies';
import { recordsFor } from './records';

/** One task as pages show it. Of what is secret only the names are told. */
function taskView(keys: KeyRing, row: TaskRow, states: TaskStates) {
  return {
    name: row.task, ...taskTexts[row.task], state: row.state, version: row.version, draft: draftOf(row), secretsGiven: Object.keys(openSecrets(keys, row)),
    reason: row.reason, whatToDo: row.what_to_do, checkedAt: iso(row.checked_at), nextCheckAt: iso(row.next_check_at),
    facts: row.facts === null ? null : (JSON.parse(row.facts) as Record<string, unknown>), needs: missingFor(row.task, states),
    completedAt: iso(row.completed_at), updatedBy: row.updated_by, updatedAt: iso(row.updated_at)!,
  };
}

function actionsOf(accountCode: string, task: TaskName, states: TaskStates): FlowAction[] {
  return offeredActions(task, states).map((name) => ({ name, task, method: name === 'draft' ? 'PUT' : 'POST', href: `/api/onboardings/${accountCode}/tasks/${task}/${name}` }));
}

/** The envelope of an onboarding: the page to show, every task, and what can be done now. */
export async function onboardingEnvelope(deps: OnboardingServiceDependencies, onboarding: Onboarding, now: number): Promise<FlowEnvelope<OnboardingStep>> {
  const { db, keys } = deps;
  const { row, tasks } = onboarding;
  const states = statesOf(tasks);
  const account = (await findAccount(db, row.account_code))!;
  const discontinuation = await discontinuationOf(db, row);
  const records = await recordsFor(deps, row.account_code);
  const progress = progressOf(onboarding);
  const step = pageToShow(progress);
  const isOpen = row.outcome === null;
  return {
    id: row.account_code,
    kind: 'connect-onboarding',
    step,
    expiresAt: isOpen ? iso(endOf(discontinuation)) : null,
    actions: isOpen ? tasks.flatMap(({ task }) => actionsOf(row.account_code, task, states)) : [],
    details: {
      account: { code: account.code, name: account.name, region: account.region, subscriptions: subscriptionsOf(account), timeZone: row.time_zone },
      ...(step === 'welcome' ? { welcome } : {}),
      tasks: tasks.map((task) => ({ ...taskView(keys, task, states), records: records(task) })),
      lastCompleted: lastCompleted(progress),
      inProgress: unfinished(states),
      next: nextTask(states),
      waitsFor: isOpen ? row.blocked_by : null,
      discontinuation: discontinuation.lastDay === null ? null : { date: discontinuation.lastDay, daysLeft: Math.max(daysLeft(discontinuation, now) ?? 0, 0), extended: row.last_day !== null },
      endedAt: iso(row.ended_at),
    },
  };
}
