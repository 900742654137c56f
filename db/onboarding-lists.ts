import type { Knex } from 'knex';
import type { CalendarDate } from '../domain/onboarding/calendar';
import type { BlockedBy, TaskName } from '../domain/onboarding/tasks';
import type { Region } from '../domain/accounts';
import type { OnboardingRow } from './onboardings';

/** Where a page of the list ends: the next one begins behind it. */
export interface ListPosition {
  readonly lastWorkAt: number;
  readonly account: string;
}

export interface ListFilter {
  readonly status: 'open' | NonNullable<OnboardingRow['outcome']>;
  readonly next?: TaskName | undefined;
  readonly blockedBy?: BlockedBy | undefined;
  readonly region?: Region | undefined;
  /** Only those that have stood still since. */
  readonly stillSince?: number | undefined;
  /** Only those whose last day is this one or earlier: their own, or that of the application. */
  readonly endsBy?: { readonly date: CalendarDate; readonly applicationDay: CalendarDate | null } | undefined;
  /** The beginning of the account's code. */
  readonly account?: string | undefined;
}

export interface ListedOnboarding extends Pick<OnboardingRow, 'account_code' | 'next_task' | 'blocked_by' | 'completed_tasks' | 'last_work_at' | 'last_day' | 'time_zone' | 'outcome' | 'created_at'> {
  readonly name: string;
  readonly region: Region;
}

/** Behind every code that begins with a prefix. */
const BEHIND = 'Z'.repeat(12);

/** Where the application ends no earlier, only those count that have an earlier day of their own. */
function endingBy({ date, applicationDay }: NonNullable<ListFilter['endsBy']>): (query: Knex.QueryBuilder) => void {
  return (query) => {
    query.where('onboardings.last_day', '<=', date);
    if (applicationDay !== null && applicationDay <= date) query.orWhereNull('onboardings.last_day');
  };
}

/** A page of onboardings, those that have stood still for the longest first. It goes by an index: the thousandth page costs what the first one does. */
export async function listOnboardings(db: Knex, filter: ListFilter, after: ListPosition | undefined, most: number): Promise<ListedOnboarding[]> {
  const query = db('onboardings').join('accounts', 'accounts.code', 'onboardings.account_code')
    .where(filter.status === 'open' ? { 'onboardings.outcome': null } : { 'onboardings.outcome': filter.status })
    .orderBy([{ column: 'onboardings.last_work_at' }, { column: 'onboardings.account_code' }]).limit(most)
    .select<ListedOnboarding[]>('onboardings.account_code', 'next_task', 'blocked_by', 'completed_tasks', 'last_work_at', 'last_day', 'time_zone', 'outcome', 'created_at', 'accounts.name', 'accounts.region');
  if (filter.next) query.where({ next_task: filter.next });
  if (filter.blockedBy) query.where({ blocked_by: filter.blockedBy });
  if (filter.region) query.where({ 'accounts.region': filter.region });
  if (filter.stillSince !== undefined) query.where('last_work_at', '<=', filter.stillSince);
  if (filter.endsBy) query.where(endingBy(filter.endsBy));
  if (filter.account) query.whereBetween('onboardings.account_code', [filter.account, `${filter.account}${BEHIND}`]);
  if (after) query.whereRaw('(onboardings.last_work_at, onboardings.account_code) > (?, ?)', [after.lastWorkAt, after.account]);
  return query;
}

export interface OnboardingCount {
  readonly next_task: TaskName | null;
  readonly blocked_by: BlockedBy | null;
  readonly n: number;
}

/** How many open onboardings wait at each task, and for what. */
export async function countOpen(db: Knex): Promise<OnboardingCount[]> {
  const rows = await db('onboardings').whereNull('outcome').groupBy('next_task', 'blocked_by').select('next_task', 'blocked_by').count<(Omit<OnboardingCount, 'n'> & { n: number | string })[]>({ n: '*' });
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** How many onboardings there are, by outcome; and of the open ones, how many have stood still since. */
export async function countOutcomes(db: Knex, stillSince: number): Promise<{ outcomes: Readonly<Record<string, number>>; stalled: number }> {
  const rows = await db('onboardings').groupBy('outcome').select('outcome').count<{ outcome: string | null; n: number | string }[]>({ n: '*' });
  const still = await db('onboardings').whereNull('outcome').where('last_work_at', '<=', stillSince).count<{ n: number | string }[]>({ n: '*' });
  return { outcomes: Object.fromEntries(rows.map(({ outcome, n }) => [outcome ?? 'open', Number(n)])), stalled: Number(still[0]?.n ?? 0) };
}
