import { inTransaction } from '../../db/connection';
import { countDeliveries, reasonsOf } from '../../db/continuity-deliveries';
import { findEvent, type ContinuityEvent } from '../../db/continuity-events';
import { takeTransition, type Transition } from '../../db/continuity-transitions';
import { tallyOf } from '../../domain/continuity/counts';
import type { EventState, PhaseCounts } from '../../workflows/continuity-event/messages';
import type { ActivityDependencies } from '../dependencies';

function stateOf({ row, phases }: ContinuityEvent): EventState {
  return { step: row.state, startsAt: row.starts_at, endsAt: row.ends_at, phases: phases.map(({ phase, state, round }) => ({ phase, state, round })) };
}

/** So many reasons tell an operator what is wrong; the rest stands on the event's page. */
const REASONS_SHOWN = 3;

type Reason = Awaited<ReturnType<typeof reasonsOf>>[number];

function whyFailed(reasons: readonly Reason[], phase: string): PhaseCounts['reasons'] {
  const failed = reasons.filter((one) => one.phase === phase && one.state === 'failed').sort((a, b) => b.count - a.count);
  return failed.slice(0, REASONS_SHOWN).map(({ why, count }) => ({ why: why ?? 'no reason given', count }));
}

/** The rows of a continuity event. Each is idempotent: called twice, it does once what it promises. */
export function createContinuityEventActivities({ db, clock }: Pick<ActivityDependencies, 'db' | 'clock'>) {
  return {
    /** Takes a transition where it is offered, and says where the event stands then. */
    async changeEvent({ eventId, transition }: { eventId: string; transition: Transition }): Promise<EventState> {
      return stateOf(await inTransaction(db, (tx) => takeTransition(tx, eventId, transition, clock())));
    },

    /** The event as the rows say it now. */
    async readEvent({ eventId }: { eventId: string }): Promise<EventState> {
      const event = await findEvent(db, eventId);
      if (!event) throw new Error('There is no such event.');
      return stateOf(event);
    },

    /** What became of the notices of every phase whose audience is fixed. */
    async countNotices({ eventId }: { eventId: string }): Promise<PhaseCounts[]> {
      const [counted, reasons] = await Promise.all([countDeliveries(db, eventId), reasonsOf(db, eventId)]);
      return Object.entries(counted).map(([phase, counts]) => ({ phase, ...tallyOf(counts), reasons: whyFailed(reasons, phase) }));
    },
  };
}

export type ContinuityEventActivities = ReturnType<typeof createContinuityEventActivities>;
