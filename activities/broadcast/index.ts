import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { Semaphore } from 'async-mutex';
import type { PhaseKey } from '../../db/continuity-deliveries';
import type { Report } from '../../workflows/broadcast/messages';
import { beating } from '../beating';
import type { ActivityDependencies } from '../dependencies';
import { beginPhase, closePhase, type PhaseRequest } from './phase';
import { sendBatch, type BatchRequest, type BatchResult, type Worker } from './send';
import { settlePhase } from './settle';

/** Requests to the provider, and e-mails, at a time, of one worker: more than there are sockets, so that others send while one turn is written down. */
const AT_ONCE = { sms: 96, email: 10 } as const;

/** The side effects of a broadcast. Each is idempotent: rows say what was done, whichever worker did it. */
export function createBroadcastActivities(deps: ActivityDependencies) {
  /** Whoever waits for a sender's time is told when its worker is to stop: nothing was claimed, another one goes on. */
  const waitUntil = async (at: number): Promise<void> => {
    const left = at - deps.clock();
    if (left > 0) await pause(left, undefined, { signal: Context.current().cancellationSignal });
  };
  const requests = { sms: new Semaphore(AT_ONCE.sms), email: new Semaphore(AT_ONCE.email) };
  const worker: Worker = { waitUntil, send: ({ channel, atOnce }, turn) => requests[channel].runExclusive(turn, atOnce) };
  return {
    beginPhase: (request: PhaseRequest): Promise<{ audience: number }> => beating(() => beginPhase(deps, request)),
    sendBatch: (request: BatchRequest): Promise<BatchResult> => beating(() => sendBatch(deps, request, worker)),
    settlePhase: (request: PhaseKey): Promise<{ queued: boolean }> => beating(() => settlePhase(deps, request)),
    closePhase: (request: PhaseKey): Promise<Report> => beating(() => closePhase(deps, request)),
  };
}

export type BroadcastActivities = ReturnType<typeof createBroadcastActivities>;
