import type { Knex } from 'knex';
import { countDeliveries, reasonsOf, type ListedDelivery } from '../../db/continuity-deliveries';
import { groupsOf, type ContinuityEvent, type EventRow, type PhaseRow } from '../../db/continuity-events';
import { channelOf, deliveryStates, isEventOver, isEventSettled, offeredEventActions, type DeliveryState, type EventStep } from '../../domain/continuity/events';
import { wallClockAt } from '../../domain/continuity/times';
import type { FlowEnvelope } from '../../domain/flow';
import { iso } from '../iso';

const NEEDS_EVENT_ITSELF = 'change';

export type PhaseCounts = Readonly<Record<DeliveryState, number>>;

function countsOf(counted: Partial<Record<DeliveryState, number>> | undefined): PhaseCounts {
  return Object.fromEntries(deliveryStates.map((state) => [state, counted?.[state] ?? 0])) as PhaseCounts;
}

function phaseView(phase: PhaseRow, counts: PhaseCounts, reasons: readonly { state: DeliveryState; why: string | null; count: number }[]) {
  return {
    channel: channelOf(phase.phase), state: phase.state, why: phase.why, text: phase.text, audience: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts, reasons, segments: phase.segments,
    createdAt: iso(phase.created_at)!, startedAt: iso(phase.started_at), endedAt: iso(phase.ended_at),
  };
}

export type EventEnvelope = FlowEnvelope<EventStep> & { readonly details: { readonly phases: Readonly<Record<string, ReturnType<typeof phaseView>>> } };

/** The envelope of an event: where it stands, what can be done, and the counts of each phase. */
export async function eventEnvelope(db: Knex, { row, phases }: ContinuityEvent): Promise<EventEnvelope> {
  const [counted, reasons] = phases.length === 0 ? [{}, []] : await Promise.all([countDeliveries(db, row.id), reasonsOf(db, row.id)]);
  const views = phases.map((phase) => [phase.phase, phaseView(phase, countsOf((counted as Awaited<ReturnType<typeof countDeliveries>>)[phase.phase]), reasons.filter((one) => one.phase === phase.phase).map(({ state, why, count }) => ({ state, why, count })))] as const);
  const actions = offeredEventActions({ step: row.state, phases: views.map(([, { state, failed, superseded }]) => ({ state, failed, superseded })) });
  const href = `/api/continuity-events/${row.id}`;
  return {
    id: row.id,
    kind: 'continuity-event',
    step: row.state,
    expiresAt: isEventOver(row.state) ? null : iso(row.ends_at),
    actions: actions.map((name) => (name === NEEDS_EVENT_ITSELF ? { name, method: 'PUT', href } : { name, method: 'POST', href: `${href}/${name}` })),
    details: {
      account: row.account_code, kind: row.kind, name: row.name, startsAt: iso(row.starts_at)!, endsAt: iso(row.ends_at), timeZone: row.time_zone,
      wallClock: { startsAt: wallClockAt(row.starts_at, row.time_zone), endsAt: row.ends_at === null ? null : wallClockAt(row.ends_at, row.time_zone) },
      groups: groupsOf(row).map(({ name }) => name), alerts: { start: row.alert_start, end: row.alert_end }, byEmail: Boolean(row.by_email), version: row.version,
      createdBy: row.created_by_name, createdAt: iso(row.created_at)!, approvedAt: iso(row.approved_at), startedAt: iso(row.started_at), endedAt: iso(row.ended_at),
      phases: Object.fromEntries(views),
    },
  };
}

/** Whether nothing of an event changes any more by itself. */
export function isSettled({ step, details }: EventEnvelope): boolean {
  return isEventSettled(step, Object.values(details.phases));
}

/** An event as lists show it. `told`: how many people have a notice of it, or most likely will. */
export function listedEvent(row: EventRow, told: number) {
  return {
    id: row.id, account: row.account_code, kind: row.kind, name: row.name, step: row.state, startsAt: iso(row.starts_at)!, endsAt: iso(row.ends_at), timeZone: row.time_zone,
    groups: groupsOf(row).map(({ name }) => name), told, createdAt: iso(row.created_at)!,
  };
}

export function listedDelivery(row: ListedDelivery) {
  return {
    id: row.id, phase: row.phase, user: { id: row.user_id, name: row.name, email: row.email }, number: row.e164, address: row.address, state: row.state, why: row.why, attempts: row.attempts,
    attemptedAt: iso(row.attempted_at), segments: row.segments,
  };
}
