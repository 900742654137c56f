import type { CalendarDate } from '../../domain/onboarding/calendar';
import type { TaskName } from '../../domain/onboarding/tasks';
import { client, taken } from './client';
import type { components, paths } from './schema';

type List = components['schemas']['OnboardingList'];
export type ListedOnboarding = List['items'][number];
export type OnboardingCounts = List['counts'];
type Query = NonNullable<paths['/api/onboardings']['get']['parameters']['query']>;

/** What of the list is shown. Nothing said: all that are open. */
export interface OnboardingFilter {
  readonly status?: NonNullable<Query['status']>;
  readonly next?: TaskName;
  readonly waitsFor?: NonNullable<Query['waitsFor']>;
  readonly stalled?: 'true';
  readonly endsBy?: CalendarDate;
  readonly account?: string;
}

/** A page of onboardings, those that have stood still for the longest first, and the counts of all. */
export function getOnboardings(filter: OnboardingFilter, after: string | undefined): Promise<List> {
  return taken(client.GET('/api/onboardings', { params: { query: { ...filter, ...(after === undefined ? {} : { after }) } } }));
}

/** Gives an account a last day of its own; null: that of the application. What was discontinued goes on where it lies ahead. */
export function setLastDay(account: string, date: CalendarDate | null) {
  return taken(client.PUT('/api/onboardings/{account}/discontinuation', { params: { path: { account } }, body: { date } }));
}

/** Reopens an onboarding that was discontinued or cancelled. */
export function reopenOnboarding(account: string) {
  return taken(client.POST('/api/onboardings/{account}/reopen', { params: { path: { account } } }));
}

/** The last day of the Connect Application, for every account without one of its own. */
export async function getApplicationLastDay(): Promise<CalendarDate | null> {
  return (await taken(client.GET('/api/applications/connect/discontinuation'))).date;
}

export async function setApplicationLastDay(date: CalendarDate | null): Promise<CalendarDate | null> {
  return (await taken(client.PUT('/api/applications/connect/discontinuation', { body: { date } }))).date;
}
