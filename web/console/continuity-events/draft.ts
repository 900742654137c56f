import { alertProblem } from '../../../domain/continuity/alerts';
import type { ContinuityEvent, EventChange, NewEvent, PreviewAsked, TestAsked } from '../../api/continuity';

/** An event as it is being written. Times are what a wall clock of `timeZone` shows. */
export interface EventDraft {
  readonly kind: NewEvent['kind'];
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly groups: readonly string[];
  readonly start: string;
  readonly end: string;
  /** Whether anybody is told of the end. */
  readonly tellsEnd: boolean;
  /** Whether the alerts go to second addresses as well. */
  readonly byEmail: boolean;
}

export function newDraft(): EventDraft {
  return { kind: 'unplanned', name: '', startsAt: '', endsAt: '', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, groups: [], start: '', end: '', tellsEnd: true, byEmail: false };
}

export function draftOf({ details: { kind, name, wallClock, timeZone, groups, alerts, byEmail } }: ContinuityEvent): EventDraft {
  return { kind, name: name ?? '', startsAt: wallClock.startsAt, endsAt: wallClock.endsAt ?? '', timeZone, groups, start: alerts.start, end: alerts.end ?? '', tellsEnd: alerts.end !== null, byEmail };
}

const alertsOf = ({ start, end, tellsEnd }: EventDraft) => ({ start, end: tellsEnd ? end : null });

const factsOf = ({ kind, name, startsAt, endsAt }: EventDraft) => ({ name: name.trim() === '' ? null : name, startsAt: kind === 'planned' && startsAt !== '' ? startsAt : null, endsAt: endsAt === '' ? null : endsAt });

/** Whether the texts and groups can be looked at. */
export function canPreview({ groups, start, end, tellsEnd }: EventDraft): boolean {
  return groups.length > 0 && alertProblem(start) === null && (!tellsEnd || alertProblem(end) === null);
}

export function previewAsked(account: string, draft: EventDraft): PreviewAsked {
  return { account, ...factsOf(draft), groups: [...draft.groups], alerts: alertsOf(draft), timeZone: draft.timeZone };
}

/** What a person sends to themselves: every alert that the event would tell, in its order. */
export function testsAsked(account: string, draft: EventDraft): TestAsked[] {
  return [draft.start, ...(draft.tellsEnd ? [draft.end] : [])].map((alert) => ({ account, ...factsOf(draft), timeZone: draft.timeZone, alert }));
}

export function newEventOf(account: string, draft: EventDraft): NewEvent {
  const { kind, timeZone, groups, byEmail } = draft;
  return { account, kind, ...factsOf(draft), timeZone, groups: [...groups], alerts: alertsOf(draft), byEmail };
}

/** What of an event, as it was seen at a version, is changed: all of one that lies ahead, of an active one its end. */
export function changeOf(event: ContinuityEvent, version: number, draft: EventDraft): EventChange {
  const { kind } = event.details;
  const { name, startsAt, endsAt, timeZone, groups, byEmail, ...rest } = newEventOf(event.details.account, { ...draft, kind });
  const end = { version, endsAt: endsAt ?? null, alerts: rest.alerts };
  return event.step === 'active' ? end : { ...end, name: name ?? null, ...(startsAt ? { startsAt } : {}), ...(timeZone ? { timeZone } : {}), ...(byEmail === undefined ? {} : { byEmail }), groups };
}
