import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { Semaphore } from 'async-mutex';
import type { PhaseKey } from '../../db/continuity-deliveries';
import type { Report } from '../../workflows/broadcast/messages';
import { beating } from '../beating';
import type { ActivityDependencies } from '../dependencies';
import { beginPhase, closePhase, type PhaseRequest } from './phase';
import { sendBatch, type BatchRequest, type BatchResult } from './send';
import { settlePhase } from './settle';

/** Requests to the provider at a time, of one worker. */
const REQUESTS_AT_ONCE = 64;

/** The side effects of a broadcast. Each is idempotent: rows say what was done, whichever worker did it. */
export function createBroadcastActivities(deps: ActivityDependencies) {
  /** Whoever waits for a sender's time is told when its worker is to stop: nothing was claimed, another one goes on. */
  const waitUntil = async (at: number): Promise<void> => {
    const left = at - deps.clock();
    if (left > 0) await pause(left, undefined, { signal: Context.current().cancellationSignal });
  };
  const requests = new Semaphore(REQUESTS_AT_ONCE);
  const worker = { waitUntil, request: <T>(work: () => Promise<T>): Promise<T> => requests.runExclusive(work) };
  return {
    beginPhase: (request: PhaseRequest): Promise<{ audience: number }> => beating(() => beginPhase(deps, request)),
    sendBatch: (request: BatchRequest): Promise<BatchResult> => beating(() => sendBatch(deps, request, worker)),
    settlePhase: (request: PhaseKey): Promise<{ queued: boolean }> => beating(() => settlePhase(deps, request)),
    closePhase: (request: PhaseKey): Promise<Report> => beating(() => closePhase(deps, request)),
  };
}

export type BroadcastActivities = ReturnType<typeof createBroadcastActivities>;
