import type { Knex } from 'knex';
import { canRetry, channelOf, isEventOver, offeredEventActions, updatePhase } from '../domain/continuity/events';
import { appendAudit } from './audit';
import { dropQueued, requeueFailed } from './continuity-deliveries';
import { endOpenPhases, insertPhase, lockEvent, updateEvent, updatePhaseRow, type ChosenGroup, type ContinuityEvent, type EventRow } from './continuity-events';

/** Who does it, as the audit names them; the clock where a time has come. */
export interface By {
  readonly id: string;
  readonly name: string;
}

/** What of an event may be changed while it lies ahead; of one that is active its end alone. */
export interface EventChange {
  /** Of what was seen. */
  readonly version: number;
  readonly name?: string | null;
  readonly startsAt?: number;
  readonly endsAt?: number | null;
  readonly timeZone?: string;
  readonly groups?: readonly ChosenGroup[];
  readonly alerts?: { readonly start: string; readonly end: string | null };
  readonly byEmail?: boolean;
}

/** One transition of an event, as it is asked for. */
export type Transition =
  | { readonly action: 'start' | 'cancel' | 'approve'; readonly by: By }
  | { readonly action: 'end'; readonly by: By; readonly text?: string | null }
  /** `requestId`: a repeat of the request tells nothing twice. */
  | { readonly action: 'update'; readonly by: By; readonly text: string; readonly requestId: string }
  | { readonly action: 'change'; readonly by: By; readonly change: EventChange };

const situation = ({ row, phases }: ContinuityEvent) => ({ step: row.state, phases });

async function record(tx: Knex.Transaction, row: EventRow, action: string, by: By, now: number, details: Readonly<Record<string, string | number | null>> = {}): Promise<void> {
  await appendAudit(tx, { at: now, action: `continuity.${action}`, accountCode: row.account_code, flowId: row.id, details: { by: by.id, ...details } });
}

/** Begins an event that is locked: from now on everybody of its groups who is subscribed is told. */
export async function startEvent(tx: Knex.Transaction, event: ContinuityEvent, by: By, now: number): Promise<void> {
  const { row } = event;
  await updateEvent(tx, row.id, { state: 'active', started_at: now });
  await insertPhase(tx, event, { name: 'start', text: row.alert_start, requestId: 'start', now });
  await record(tx, row, 'started', by, now);
}

async function endEvent(tx: Knex.Transaction, event: ContinuityEvent, by: By, now: number, text: string | null): Promise<void> {
  const { row } = event;
  await updateEvent(tx, row.id, { state: 'ended', ended_at: now });
  const superseded = await endOpenPhases(tx, event, { state: 'superseded', why: 'stale' }, now);
  if (text !== null) await insertPhase(tx, { row: { ...row, ends_at: now }, phases: event.phases }, { name: 'end', text, requestId: 'end', now });
  await record(tx, row, 'ended', by, now, { superseded: superseded.join(',') });
}

async function cancelEvent(tx: Knex.Transaction, event: ContinuityEvent, by: By, now: number): Promise<void> {
  await updateEvent(tx, event.row.id, { state: 'cancelled', ended_at: now });
  await endOpenPhases(tx, event, { state: 'stopped', why: 'cancelled' }, now);
  await record(tx, event.row, 'cancelled', by, now);
}

/** What was approved is what was seen: a change of it needs approval again. */
async function changeEvent(tx: Knex.Transaction, { row }: ContinuityEvent, change: EventChange, by: By, now: number): Promise<void> {
  const again = row.approved_by === null ? {} : { state: 'awaiting-approval' as const, approved_by: null, approved_at: null };
  const { alerts, groups } = change;
  const lying = row.state === 'active' ? {} : {
    ...again,
    ...(change.name === undefined ? {} : { name: change.name }), ...(change.startsAt === undefined ? {} : { starts_at: change.startsAt }), ...(change.timeZone === undefined ? {} : { time_zone: change.timeZone }),
    ...(groups === undefined ? {} : { groups: JSON.stringify(groups) }), ...(alerts === undefined ? {} : { alert_start: alerts.start }),
    ...(change.byEmail === undefined ? {} : { by_email: change.byEmail }),
  };
  await updateEvent(tx, row.id, {
    ...lying, ...(alerts === undefined ? {} : { alert_end: alerts.end }), ...(change.endsAt === undefined ? {} : { ends_at: change.endsAt }), version: row.version + 1,
  });
  await record(tx, row, 'changed', by, now, { version: row.version + 1 });
}

async function take(tx: Knex.Transaction, event: ContinuityEvent, transition: Transition, now: number): Promise<void> {
  const { row, phases } = event;
  const { by } = transition;
  switch (transition.action) {
    case 'start': return startEvent(tx, event, by, now);
    case 'end': return endEvent(tx, event, by, now, transition.text === undefined ? row.alert_end : transition.text);
    case 'cancel': return cancelEvent(tx, event, by, now);
    case 'change': return transition.change.version === row.version ? changeEvent(tx, event, transition.change, by, now) : undefined;
    case 'approve': {
      if (by.id === row.created_by) return;
      await updateEvent(tx, row.id, { state: 'planned', approved_by: by.id, approved_at: now, ...(row.kind === 'unplanned' ? { starts_at: now } : {}) });
      return record(tx, row, 'approved', by, now);
    }
    case 'update': {
      if (phases.some(({ request_id }) => request_id === transition.requestId)) return;
      const number = phases.filter(({ phase }) => phase.startsWith('update-') && channelOf(phase) === 'sms').length + 1;
      await insertPhase(tx, event, { name: updatePhase(number), text: transition.text, requestId: transition.requestId, now });
      return record(tx, row, 'update-told', by, now, { number });
    }
  }
}

/**
 * Takes a transition of an event, in one transaction: its row, its phases and the audit record. Where it is not offered
 * any more it was taken already, or something else was first: the answer is the event as it stands.
 */
export async function takeTransition(tx: Knex.Transaction, eventId: string, transition: Transition, now: number): Promise<ContinuityEvent> {
  const event = await lockEvent(tx, eventId);
  if (!event) throw new Error('There is no such event.');
  const isOwnCancel = transition.action === 'cancel' && transition.by.id === CLOCK_OR_OPERATOR && !isEventOver(event.row.state);
  if (!isOwnCancel && !offeredEventActions(situation(event)).includes(transition.action)) return event;
  await take(tx, event, transition, now);
  return (await lockEvent(tx, eventId))!;
}

/** Who asks the workflow itself: the clock, or an operator in the Temporal Web UI. It may cancel what is active. */
export const CLOCK_OR_OPERATOR = 'workflow';

/** Stops every broadcast of an event: what is in the queue stays unsent. Returns the phases that were stopped. */
export async function stopBroadcasts(tx: Knex.Transaction, eventId: string, by: By, now: number): Promise<string[]> {
  const event = await lockEvent(tx, eventId);
  if (!event) return [];
  const stopped = await endOpenPhases(tx, event, { state: 'stopped', why: 'stopped by hand' }, now);
  for (const phase of stopped) await dropQueued(tx, { eventId, phase }, { state: 'superseded', why: 'stopped' });
  if (stopped.length > 0) await record(tx, event.row, 'stopped', by, now, { phases: stopped.join(',') });
  return stopped;
}

/** A phase that is sent once more, and in which round. */
export interface Retried {
  readonly phase: string;
  readonly round: number;
}

/** Queues what failed once more; of a phase that was halted or stopped what is left goes on as well. `leftOf`: what {@link canRetry} asks for. */
export async function retryFailed(tx: Knex.Transaction, eventId: string, leftOf: (phase: string) => number, by: By, now: number): Promise<Retried[]> {
  const event = await lockEvent(tx, eventId);
  const retried: Retried[] = [];
  for (const { phase, state, round } of event?.phases ?? []) {
    if (!event || !canRetry(event.row.state, state, leftOf(phase))) continue;
    await requeueFailed(tx, { eventId, phase });
    await updatePhaseRow(tx, eventId, phase, { state: 'sending', why: null, round: round + 1, ended_at: null });
    retried.push({ phase, round: round + 1 });
  }
  if (event && retried.length > 0) await record(tx, event.row, 'retried', by, now, { phases: retried.map(({ phase }) => phase).join(',') });
  return retried;
}
