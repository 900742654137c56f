import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { Problem } from './problems';

const POLL_MS = 500;
const HEARTBEAT_MS = 15_000;
const MOST_STREAMS = 2_000;
const MOST_PER_ORIGIN = 100;

const perOrigin = new Map<string, number>();
let open = 0;
const closing = new AbortController();

/** Ends every stream: the process is about to stop. */
export function closeStreams(): void {
  closing.abort();
}

/**
 * Streams a flow's envelope as server-sent events, on change only, until the flow or the client ends. Reads the row
 * twice a second: any process may have changed it, and a query by primary key costs less than a channel between them.
 * `lives`: whether who follows it may still do so; a stream ends with its session.
 * @throws Problem `too-many-requests` where too many streams are open
 */
export async function streamEnvelopes<T>(req: Request, res: Response, options: { load: () => Promise<T>; ended: (envelope: T) => boolean; lives?: () => Promise<boolean> }): Promise<void> {
  const origin = req.ip ?? 'unknown';
  const mine = perOrigin.get(origin) ?? 0;
  if (open >= MOST_STREAMS || mine >= MOST_PER_ORIGIN) throw new Problem('too-many-requests', { detail: 'Too many streams are open. Close one, or poll instead.', headers: { 'Retry-After': '5' } });
  open++;
  perOrigin.set(origin, mine + 1);
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const over = AbortSignal.any([gone.signal, closing.signal]);
  try {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    let last = '';
    let lastWrite = Date.now();
    while (!over.aborted && (await (options.lives?.() ?? true))) {
      const envelope = await options.load();
      const data = JSON.stringify(envelope);
      if (data !== last) {
        res.write(`event: flow\ndata: ${data}\n\n`);
        [last, lastWrite] = [data, Date.now()];
      } else if (Date.now() - lastWrite > HEARTBEAT_MS) {
        res.write(': still here\n\n');
        lastWrite = Date.now();
      }
      if (options.ended(envelope)) break;
      await delay(POLL_MS, undefined, { signal: over }).catch(() => undefined);
    }
  } finally {
    open--;
    const left = (perOrigin.get(origin) ?? 1) - 1;
    if (left > 0) perOrigin.set(origin, left);
    else perOrigin.delete(origin);
    res.end();
  }
}
