import { inTransaction } from '../../db/connection';
import { findEvent, type ContinuityEvent } from '../../db/continuity-events';
import { takeTransition, type Transition } from '../../db/continuity-transitions';
import type { EventState } from '../../workflows/continuity-event/messages';
import type { ActivityDependencies } from '../dependencies';

function stateOf({ row, phases }: ContinuityEvent): EventState {
  return { step: row.state, startsAt: row.starts_at, endsAt: row.ends_at, phases: phases.map(({ phase, state, round }) => ({ phase, state, round })) };
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
  };
}

export type ContinuityEventActivities = ReturnType<typeof createContinuityEventActivities>;
