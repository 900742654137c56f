import { findEvent, untoldEvents, updateEvent, type ContinuityEvent } from '../../db/continuity-events';
import type { Retried } from '../../db/continuity-transitions';
import { broadcastWorkflowId, continuityEventWorkflowId, searchAttributes } from '../../temporal.config';
import { BROADCAST, type BroadcastInput } from '../../workflows/broadcast/messages';
import { CONTINUITY_EVENT, wakeSignal, type EventInput } from '../../workflows/continuity-event/messages';
import { startOnce, tell, WORKFLOW_TASK_TIMEOUT } from '../engine';
import type { ContinuityDependencies } from './dependencies';

const attributes = (accountCode: string, step: string) => [
  { key: searchAttributes.account, value: accountCode }, { key: searchAttributes.application, value: 'continuity' }, { key: searchAttributes.step, value: step },
];

/** Starts the workflow of an event from its rows, or leaves it as it runs. @throws Problem `engine-unavailable` */
export async function ensureRunning({ db, temporal, clock }: ContinuityDependencies, { row, phases }: ContinuityEvent): Promise<void> {
  const input: EventInput = {
    eventId: row.id, accountCode: row.account_code,
    state: { step: row.state, startsAt: row.starts_at, endsAt: row.ends_at, phases: phases.map(({ phase, state, round }) => ({ phase, state, round })) },
  };
  await startOnce(temporal, CONTINUITY_EVENT, {
    workflowId: continuityEventWorkflowId(row.id), workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT, args: [input], workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: attributes(row.account_code, row.state),
    staticSummary: `Continuity event of account ${row.account_code}, ${row.kind}`,
    staticDetails: [
      'What it says lies in `continuity_events` and `continuity_phases`, who got it in `continuity_deliveries`; its story in `audit`, under the id of the event.',
      '*Request Cancellation* cancels it, also an active one, and stops its broadcasts. To end it and tell people so, use `POST /api/continuity-events/{id}/end`.',
    ].join('  \n'),
  });
  await updateEvent(db, row.id, { told_at: clock() });
}

/** Sends a phase once more, beside the event's workflow, which may be over. @throws Problem `engine-unavailable` */
export async function startRound({ temporal }: ContinuityDependencies, { row }: ContinuityEvent, { phase, round }: Retried): Promise<void> {
  const input: BroadcastInput = { eventId: row.id, accountCode: row.account_code, phase, round };
  await startOnce(temporal, BROADCAST, {
    workflowId: broadcastWorkflowId(row.id, phase, round), args: [input], workflowIdReusePolicy: 'REJECT_DUPLICATE',
    staticSummary: `Continuity event of account ${row.account_code}: tell "${phase}", round ${round}`, typedSearchAttributes: attributes(row.account_code, 'sending'),
  });
}

/** Tells an event's workflow that the database has news. One that is over needs to know no more. */
export function wakeUp({ temporal }: ContinuityDependencies, eventId: string): Promise<void> {
  return tell(temporal, continuityEventWorkflowId(eventId), wakeSignal);
}

const WAITED_MS = 5_000;
const MOST_AT_ONCE = 100;

/** Starts the workflows of events that an engine that was away has not. Returns how many. */
export async function startUntold(deps: ContinuityDependencies): Promise<number> {
  const untold = await untoldEvents(deps.db, deps.clock() - WAITED_MS, MOST_AT_ONCE);
  for (const id of untold) await ensureRunning(deps, (await findEvent(deps.db, id))!);
  return untold.length;
}
