import { countOpen, countOutcomes, listOnboardings, type ListedOnboarding, type ListFilter, type ListPosition } from '../../db/onboarding-lists';
import { applicationLastDay } from '../../db/onboardings';
import { daysLeft, isStalled, STALLED_AFTER_DAYS } from '../../domain/onboarding/reminders';
import { DAY_MS, type CalendarDate } from '../../domain/onboarding/calendar';
import { taskNames } from '../../domain/onboarding/tasks';
import { iso } from '../iso';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';

/** What a list is asked for. */
export interface ListRequest extends Omit<ListFilter, 'stillSince' | 'endsBy'> {
  readonly stalled?: boolean | undefined;
  readonly endsBy?: CalendarDate | undefined;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** @throws Problem `invalid-request` for a position that no list answered */
function positionOf(after: string): ListPosition {
  const [lastWorkAt, account] = Buffer.from(after, 'base64url').toString().split('/');
  if (!/^\d{1,16}$/.test(lastWorkAt ?? '') || !/^[A-Z0-9]{4,12}$/.test(account ?? '')) throw new Problem('invalid-request', { extra: { errors: [{ path: 'after', message: 'This is no position in the list.' }] } });
  return { lastWorkAt: Number(lastWorkAt), account: account! };
}

const positionAfter = (row: ListedOnboarding): string => Buffer.from(`${row.last_work_at}/${row.account_code}`).toString('base64url');

function item(row: ListedOnboarding, applicationDay: CalendarDate | null, now: number) {
  const lastDay = row.last_day ?? applicationDay;
  return {
    account: row.account_code, name: row.name, region: row.region, next: row.next_task, waitsFor: row.blocked_by, completed: row.completed_tasks, outcome: row.outcome,
    lastWorkAt: iso(row.last_work_at), createdAt: iso(row.created_at), stalled: row.outcome === null && isStalled(row.last_work_at, now),
    discontinuation: lastDay === null ? null : { date: lastDay, daysLeft: Math.max(daysLeft({ lastDay, timeZone: row.time_zone }, now) ?? 0, 0), extended: row.last_day !== null },
  };
}

/** How many onboardings there are, and how many of the open ones wait at each task for what. */
async function counts({ db, clock }: OnboardingServiceDependencies) {
  const [{ outcomes, stalled }, open] = await Promise.all([countOutcomes(db, clock() - STALLED_AFTER_DAYS * DAY_MS), countOpen(db)]);
  const waiting = (task: string, what: string): number => open.find((row) => row.next_task === task && row.blocked_by === what)?.n ?? 0;
  return {
    open: outcomes.open ?? 0, completed: outcomes.completed ?? 0, discontinued: outcomes.discontinued ?? 0, cancelled: outcomes.cancelled ?? 0, stalled,
    tasks: taskNames.map((task) => ({ task, administrator: waiting(task, 'administrator'), validation: waiting(task, 'validation'), attention: waiting(task, 'attention') })),
  };
}

/** A page of the onboardings of every account, those that have stood still for the longest first, and the counts of all. */
export async function listView(deps: OnboardingServiceDependencies, { stalled, endsBy, after, limit, ...filter }: ListRequest) {
  const now = deps.clock();
  const applicationDay = await applicationLastDay(deps.db, 'connect');
  const only = { ...filter, ...(stalled ? { stillSince: now - STALLED_AFTER_DAYS * DAY_MS } : {}), ...(endsBy === undefined ? {} : { endsBy: { date: endsBy, applicationDay } }) };
  const rows = await listOnboardings(deps.db, only, after === undefined ? undefined : positionOf(after), limit + 1);
  const page = rows.slice(0, limit);
  return { items: page.map((row) => item(row, applicationDay, now)), next: rows.length > limit ? positionAfter(page.at(-1)!) : null, counts: await counts(deps) };
}
