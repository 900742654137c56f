import type { UpdateDefinition } from '@temporalio/client';
import { inTransaction } from '../../db/connection';
import { countDeliveries } from '../../db/continuity-deliveries';
import { findEvent, type ContinuityEvent } from '../../db/continuity-events';
import { retryFailed, stopBroadcasts, type By } from '../../db/continuity-transitions';
import { instantOfEventTime } from '../../domain/continuity/times';
import { isEventOver, offeredEventActions, type EventAction } from '../../domain/continuity/events';
import { continuityEventWorkflowId } from '../../temporal.config';
import {
  approveUpdate, cancelUpdate, changeUpdate, endUpdate, startUpdate, updateUpdate, type Asked, type ChangeAsked, type EndAsked, type EventState, type UpdateAsked,
} from '../../workflows/continuity-event/messages';
import type { EventChangeBody } from '../contract/continuity';
import { answerTo, EngineRefusal, sendStep, updateIdFor } from '../engine';
import { Problem } from '../problems';
import { expectTimes } from './create';
import type { ContinuityDependencies } from './dependencies';
import { ensureRunning, startRound, wakeUp } from './engine';
import { expectEmailAttribute, groupsNamed, notOffered } from './find';

/** One step of an event, as it was asked for. */
export type EventStepRequest =
  | { readonly action: 'approve' | 'start' | 'cancel' }
  | { readonly action: 'end'; readonly text?: string | null }
  | { readonly action: 'update'; readonly text: string }
  | { readonly action: 'change'; readonly change: ChangeAsked['change'] };

const situation = ({ row, phases }: ContinuityEvent) => ({ step: row.state, phases });

function expectOffered(event: ContinuityEvent, action: EventAction, by: By): void {
  if (!offeredEventActions(situation(event)).includes(action)) throw notOffered(event.row);
  if (action === 'approve' && by.id === event.row.created_by) throw new Problem('second-person-needed');
}

function send(deps: ContinuityDependencies, eventId: string, request: EventStepRequest, by: By, updateId: string): Promise<EventState> {
  const step = <T extends Asked>(update: UpdateDefinition<EventState, [T]>, asked: T) => sendStep(deps.temporal, continuityEventWorkflowId(eventId), update, updateId, asked);
  switch (request.action) {
    case 'approve': return step<Asked>(approveUpdate, { by });
    case 'start': return step<Asked>(startUpdate, { by });
    case 'cancel': return step<Asked>(cancelUpdate, { by });
    case 'end': return step<EndAsked>(endUpdate, { by, ...(request.text === undefined ? {} : { text: request.text }) });
    case 'update': return step<UpdateAsked>(updateUpdate, { by, text: request.text });
    case 'change': return step<ChangeAsked>(changeUpdate, { by, change: request.change });
  }
}

/**
 * Takes a step of an event: judged by the rows, then by the workflow, which owns them.
 * @throws Problem why it is not taken; `engine-unavailable` where the same request is worth another try
 */
export async function takeStep(deps: ContinuityDependencies, event: ContinuityEvent, request: EventStepRequest, by: By, idempotencyKey: string | undefined): Promise<void> {
  const { id } = event.row;
  const updateId = updateIdFor(deps.keys, id, request.action, idempotencyKey);
  try {
    expectOffered(event, request.action, by);
  } catch (refused) {
    // This very step was carried out after its request had been refused for now.
    if (idempotencyKey !== undefined && (await answerTo<EventState>(deps.temporal, continuityEventWorkflowId(id), updateId)) !== null) return;
    throw refused;
  }
  try {
    await send(deps, id, request, by, updateId).catch(async (error: unknown) => {
      // The rows say that it is under way, so the workflow was never started or was terminated: it goes on from them.
      if (!(error instanceof EngineRefusal) || error.type !== 'ended') throw error;
      const now = (await findEvent(deps.db, id))!;
      if (isEventOver(now.row.state)) throw error;
      await ensureRunning(deps, now);
      return send(deps, id, request, by, updateId);
    });
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    expectOffered((await findEvent(deps.db, id))!, request.action, by);
    throw new Problem('request-in-progress');
  }
}

/** What is to be different, as the workflow is told. @throws Problem `changed-meanwhile`, `invalid-request` */
export async function changeOf(deps: ContinuityDependencies, { row }: ContinuityEvent, body: EventChangeBody): Promise<ChangeAsked['change']> {
  if (body.version !== row.version) throw new Problem('changed-meanwhile', { extra: { version: row.version } });
  const timeZone = body.timeZone ?? row.time_zone;
  const startsAt = body.startsAt === undefined ? row.starts_at : instantOfEventTime(body.startsAt, timeZone);
  const endsAt = body.endsAt === undefined ? row.ends_at : body.endsAt === null ? null : instantOfEventTime(body.endsAt, timeZone);
  if (row.kind === 'planned' && endsAt === null) throw new Problem('invalid-request', { extra: { errors: [{ path: 'endsAt', message: 'must be there: a planned event has an end' }] } });
  if (body.byEmail) await expectEmailAttribute(deps.db, row.account_code);
  expectTimes({ startsAt, endsAt }, body.startsAt === undefined ? 'now' : 'ahead', deps.clock());
  return {
    version: body.version, startsAt, endsAt, timeZone, ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.groups === undefined ? {} : { groups: await groupsNamed(deps.db, row.account_code, body.groups) }),
    ...(body.byEmail === undefined ? {} : { byEmail: body.byEmail }),
    ...(body.alerts === undefined ? {} : { alerts: { start: body.alerts.start, end: body.alerts.end ?? null } }),
  };
}

/** Stops what is being sent, by the rows: no claim succeeds any more, also while engine or workers are away. @throws Problem `wrong-step` */
export async function stop(deps: ContinuityDependencies, { row }: ContinuityEvent, by: By): Promise<void> {
  const stopped = await inTransaction(deps.db, (tx) => stopBroadcasts(tx, row.id, by, deps.clock()));
  if (stopped.length === 0) throw new Problem('wrong-step', { detail: 'Nothing of this event is being sent.' });
  await wakeUp(deps, row.id).catch(() => undefined);
}

/** Sends once more what failed, and what was stopped or halted. @throws Problem `wrong-step`, `engine-unavailable` */
export async function retry(deps: ContinuityDependencies, event: ContinuityEvent, by: By): Promise<void> {
  const counts = await countDeliveries(deps.db, event.row.id);
  const retried = await inTransaction(deps.db, (tx) => retryFailed(tx, event.row.id, (phase) => (counts[phase]?.failed ?? 0) + (counts[phase]?.superseded ?? 0), by, deps.clock()));
  if (retried.length === 0) throw new Problem('wrong-step', { detail: 'Nothing of this event has failed or was stopped, or it is still being sent.' });
  for (const one of retried) await startRound(deps, event, one);
}
