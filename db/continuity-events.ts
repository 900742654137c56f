import type { Knex } from 'knex';
import type { AlertFacts } from '../domain/continuity/alerts';
import { emailPhase, isPhaseOpen, type Channel, type EventKind, type EventStep, type PhaseState } from '../domain/continuity/events';
import { locking } from './dialect';

export interface EventRow {
  id: string;
  account_code: string;
  kind: EventKind;
  name: string | null;
  state: EventStep;
  starts_at: number;
  ends_at: number | null;
  time_zone: string;
  alert_start: string;
  alert_end: string | null;
  /** Whether the alerts go to second addresses as well. 0 or 1 on SQLite. */
  by_email: boolean | number;
  /** JSON. */
  groups: string;
  created_by: string;
  created_by_name: string;
  approved_by: string | null;
  approved_at: number | null;
  started_at: number | null;
  ended_at: number | null;
  version: number;
  told_at: number | null;
  created_at: number;
}

export interface PhaseRow {
  event_id: string;
  phase: string;
  number: number;
  text: string;
  /** JSON. */
  facts: string;
  state: PhaseState;
  why: string | null;
  request_id: string;
  round: number;
  segments: number;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
}

/** An event with its phases, in the order they began. */
export interface ContinuityEvent {
  readonly row: EventRow;
  readonly phases: readonly PhaseRow[];
}

export interface ChosenGroup {
  readonly id: string;
  readonly name: string;
}

export function groupsOf(row: Pick<EventRow, 'groups'>): ChosenGroup[] {
  return JSON.parse(row.groups) as ChosenGroup[];
}

export function factsOf(phase: Pick<PhaseRow, 'facts'>): AlertFacts {
  return JSON.parse(phase.facts) as AlertFacts;
}

async function withPhases(db: Knex, row: EventRow | undefined): Promise<ContinuityEvent | undefined> {
  return row && { row, phases: await db<PhaseRow>('continuity_phases').where({ event_id: row.id }).orderBy('number') };
}

export async function findEvent(db: Knex, id: string): Promise<ContinuityEvent | undefined> {
  return withPhases(db, await db<EventRow>('continuity_events').where({ id }).first());
}

/** An event that no other transaction changes until this one ends: whoever changes it or its phases takes this lock first. */
export async function lockEvent(tx: Knex.Transaction, id: string): Promise<ContinuityEvent | undefined> {
  return withPhases(tx, await locking(tx, tx<EventRow>('continuity_events').where({ id })).first());
}

/** Adds an event, once with its id. Returns whether it was added now. */
export async function insertEvent(tx: Knex, row: EventRow): Promise<boolean> {
  return (await tx('continuity_events').insert(row).onConflict('id').ignore().returning('id')).length === 1;
}

export async function updateEvent(tx: Knex, id: string, change: Partial<EventRow>): Promise<void> {
  await tx('continuity_events').where({ id }).update(change);
}

/** Begins a phase of a locked event, and the one by e-mail where it has those: whom it is for is fixed when it is their turn. */
export async function insertPhase(tx: Knex, { row, phases }: ContinuityEvent, phase: { name: string; text: string; requestId: string; now: number }): Promise<void> {
  const facts: AlertFacts = { eventName: row.name, startsAt: row.starts_at, endsAt: row.ends_at, timeZone: row.time_zone };
  const named = [[phase.name, phase.requestId], ...(row.by_email ? [[emailPhase(phase.name), emailPhase(phase.requestId)]] : [])];
  await tx('continuity_phases').insert(named.map(([name, requestId], index) => ({
    event_id: row.id, phase: name, number: phases.length + 1 + index, text: phase.text, facts: JSON.stringify(facts), state: 'waiting', request_id: requestId, created_at: phase.now,
  })));
}

export async function findPhase(db: Knex, eventId: string, phase: string): Promise<PhaseRow | undefined> {
  return db<PhaseRow>('continuity_phases').where({ event_id: eventId, phase }).first();
}

export async function updatePhaseRow(tx: Knex, eventId: string, phase: string, change: Partial<PhaseRow>): Promise<void> {
  await tx('continuity_phases').where({ event_id: eventId, phase }).update(change);
}

/** Moves a phase on from one of the given states. Returns whether it did. */
export async function movePhase(tx: Knex, eventId: string, phase: string, from: readonly PhaseState[], change: Partial<PhaseRow>): Promise<boolean> {
  return (await tx('continuity_phases').where({ event_id: eventId, phase }).whereIn('state', [...from]).update(change)) === 1;
}

/** Ends every phase of an event that is still being told, or waits. From this statement on nobody is claimed any more. */
export async function endOpenPhases(tx: Knex, { row, phases }: ContinuityEvent, to: { state: 'superseded' | 'stopped'; why: string }, now: number): Promise<string[]> {
  const open = phases.filter(({ state }) => isPhaseOpen(state)).map(({ phase }) => phase);
  await tx('continuity_phases').where({ event_id: row.id }).whereIn('phase', open).update({ ...to, ended_at: now });
  return open;
}

/** How many phases an account is telling right now by a channel: its share of a sender is spread over them. */
export async function countSending(db: Knex, accountCode: string, channel: Channel): Promise<number> {
  const [row] = await db('continuity_phases').join('continuity_events', 'continuity_events.id', 'continuity_phases.event_id')
    .where({ 'continuity_phases.state': 'sending', 'continuity_events.account_code': accountCode })
    .where('continuity_phases.phase', channel === 'email' ? 'like' : 'not like', emailPhase('%')).count<{ n: number | string }[]>({ n: '*' });
  return Number(row!.n);
}

/** Adds what was sent to a phase's segments. */
export async function countSegments(db: Knex, eventId: string, phase: string, segments: number): Promise<void> {
  await db('continuity_phases').where({ event_id: eventId, phase }).increment('segments', segments);
}

/** Counts a phase's segments anew: batches that were killed had not told theirs. */
export async function sumSegments(tx: Knex, eventId: string, phase: string): Promise<void> {
  const sent = tx('continuity_deliveries').where({ event_id: eventId, phase }).whereNotNull('provider_id').whereNull('address').select(tx.raw('COALESCE(SUM(segments), 0)'));
  await tx('continuity_phases').where({ event_id: eventId, phase }).update({ segments: sent });
}

/** Events under way whose workflow is not known to run. */
export async function untoldEvents(db: Knex, createdBefore: number, most: number): Promise<string[]> {
  return db('continuity_events').whereNull('told_at').whereIn('state', ['awaiting-approval', 'planned', 'active']).where('created_at', '<=', createdBefore).orderBy('created_at').limit(most).pluck('id');
}

/** A page of events, the newest first. */
export async function listEvents(db: Knex, filter: { account?: string | undefined; state?: EventStep | undefined }, after: { createdAt: number; id: string } | undefined, most: number): Promise<EventRow[]> {
  const query = db<EventRow>('continuity_events').orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id', order: 'desc' }]).limit(most);
  if (filter.account) query.where({ account_code: filter.account });
  if (filter.state) query.where({ state: filter.state });
  if (after) query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  return query;
}
