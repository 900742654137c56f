import type { Knex } from 'knex';
import type { CalendarDate } from '../domain/onboarding/calendar';
import type { OnboardingEnding, Progress } from '../domain/onboarding/page';
import type { Discontinuation } from '../domain/onboarding/reminders';
import { blockedBy, newTasks, nextTask, taskNames, type BlockedBy, type TaskName, type TaskState, type TaskStates } from '../domain/onboarding/tasks';
import type { Draft } from '../domain/onboarding/forms';
import { locking } from './dialect';

export interface OnboardingRow {
  account_code: string;
  begun: boolean | number;
  next_task: TaskName | null;
  blocked_by: BlockedBy | null;
  completed_tasks: number;
  last_day: CalendarDate | null;
  time_zone: string;
  told_last_day: CalendarDate | '' | null;
  work_count: number;
  last_work_at: number;
  passwords_asked: number;
  passwords_told: number;
  passwords_made: number;
  outcome: OnboardingEnding | null;
  ended_at: number | null;
  created_at: number;
}

export interface TaskRow {
  account_code: string;
  task: TaskName;
  state: TaskState;
  version: number;
  draft: string;
  secrets: string | null;
  validating_since: number | null;
  checked_at: number | null;
  next_check_at: number | null;
  reason: string | null;
  what_to_do: string | null;
  facts: string | null;
  completed_at: number | null;
  updated_by: string | null;
  updated_at: number;
}

/** An onboarding with all its tasks, in their order. */
export interface Onboarding {
  readonly row: OnboardingRow;
  readonly tasks: readonly TaskRow[];
}

export function draftOf(task: Pick<TaskRow, 'draft'>): Draft {
  return JSON.parse(task.draft) as Draft;
}

export function statesOf(tasks: readonly TaskRow[]): TaskStates {
  return Object.fromEntries(tasks.map(({ task, state }) => [task, state]));
}

/** What decides on the page to show. */
export function progressOf({ row, tasks }: Onboarding): Progress {
  return {
    states: statesOf(tasks), begun: Boolean(row.begun), outcome: row.outcome,
    completedAt: Object.fromEntries(tasks.flatMap(({ task, completed_at }) => (completed_at === null ? [] : [[task, completed_at]]))),
  };
}

/** The row and the task of a name. @throws Error where the account has no such task */
export function taskOf({ tasks }: Onboarding, name: TaskName): TaskRow {
  const task = tasks.find((one) => one.task === name);
  if (!task) throw new Error(`The account has no task "${name}".`);
  return task;
}

async function withTasks(db: Knex, row: OnboardingRow | undefined): Promise<Onboarding | undefined> {
  if (!row) return undefined;
  const tasks = await db<TaskRow>('onboarding_tasks').where({ account_code: row.account_code });
  return { row, tasks: tasks.sort((a, b) => taskNames.indexOf(a.task) - taskNames.indexOf(b.task)) };
}

export async function findOnboarding(db: Knex, accountCode: string): Promise<Onboarding | undefined> {
  return withTasks(db, await db<OnboardingRow>('onboardings').where({ account_code: accountCode }).first());
}

/** An onboarding that no other transaction changes until this one ends: whoever changes any of its tasks takes this lock first. */
export async function lockOnboarding(tx: Knex.Transaction, accountCode: string): Promise<Onboarding | undefined> {
  return withTasks(tx, await locking(tx, tx<OnboardingRow>('onboardings').where({ account_code: accountCode })).first());
}

/** Begins the onboarding of a new account. */
export async function insertOnboarding(tx: Knex, input: { accountCode: string; subscriptions: readonly string[]; timeZone: string; at: number }): Promise<void> {
  const { accountCode, at } = input;
  const states = newTasks(input.subscriptions);
  await tx('onboardings').insert({
    account_code: accountCode, next_task: nextTask(states), blocked_by: blockedBy(states), time_zone: input.timeZone, last_work_at: at, created_at: at,
  });
  await tx('onboarding_tasks').insert(Object.entries(states).map(([task, state]) => ({ account_code: accountCode, task, state, updated_at: at })));
}

export async function updateOnboarding(tx: Knex, accountCode: string, change: Partial<OnboardingRow>): Promise<void> {
  await tx('onboardings').where({ account_code: accountCode }).update(change);
}

/** Changes a locked onboarding's task and what lists show of it. `worked`: somebody went on with it just now. */
export async function changeTask(tx: Knex, { row, tasks }: Onboarding, task: TaskName, change: Partial<TaskRow>, worked: number | null): Promise<TaskStates> {
  const account = { account_code: row.account_code };
  await tx('onboarding_tasks').where({ ...account, task }).update(change);
  const states: TaskStates = { ...statesOf(tasks), ...(change.state ? { [task]: change.state } : {}) };
  await updateOnboarding(tx, row.account_code, {
    next_task: nextTask(states), blocked_by: blockedBy(states), completed_tasks: Object.values(states).filter((state) => state === 'completed').length,
    ...(worked === null ? {} : { begun: true, work_count: row.work_count + 1, last_work_at: worked }),
  });
  return states;
}

/** Ends an onboarding that has not ended. Tasks and drafts stay as they are. */
export async function endOnboardingRow(tx: Knex, accountCode: string, outcome: OnboardingEnding, at: number): Promise<boolean> {
  return (await tx('onboardings').where({ account_code: accountCode }).whereNull('outcome').update({ outcome, ended_at: at })) === 1;
}

/** The last day of an application, for accounts without one of their own. */
export async function applicationLastDay(db: Knex, application: string): Promise<CalendarDate | null> {
  const row = await db('application_dates').where({ application }).first<{ last_day: string } | undefined>('last_day');
  return row?.last_day ?? null;
}

export async function setApplicationLastDay(tx: Knex, application: string, lastDay: CalendarDate | null, at: number): Promise<void> {
  if (lastDay === null) await tx('application_dates').where({ application }).delete();
  else await tx('application_dates').insert({ application, last_day: lastDay, set_at: at }).onConflict('application').merge();
}

/** Until when an account can go on: its own last day, else the application's. */
export async function discontinuationOf(db: Knex, row: Pick<OnboardingRow, 'last_day' | 'time_zone'>): Promise<Discontinuation> {
  return { lastDay: row.last_day ?? (await applicationLastDay(db, 'connect')), timeZone: row.time_zone };
}

/** Notes what a workflow was told of, as it was read before. What changed since then is told again. */
export async function noteTold(db: Knex, row: Pick<OnboardingRow, 'account_code' | 'passwords_asked'>, lastDay: CalendarDate | null): Promise<void> {
  await db('onboardings').where({ account_code: row.account_code }).whereNull('outcome').update({ told_last_day: lastDay ?? '', passwords_told: row.passwords_asked });
}

/**
 * Onboardings whose workflow was not told of something yet: it is to be started, goes by another last day, or has a
 * password to send. By account, those behind `after` first.
 */
export async function unheard(db: Knex, after: string, most: number): Promise<string[]> {
  const connect = db('application_dates').where({ application: 'connect' }).select('last_day');
  return db('onboardings').whereNull('outcome').where('account_code', '>', after)
    .where((query) => {
      query.whereNull('told_last_day').orWhereRaw('passwords_asked > passwords_told').orWhereRaw("told_last_day <> COALESCE(onboardings.last_day, (?), '')", [connect]);
    })
    .orderBy('account_code').limit(most).pluck('account_code');
}
