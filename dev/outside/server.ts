import { once, setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import { FaultSwitches } from './faults';
import { startInbox } from './inbox';
import { createPhone } from './phone';
import { MessageStore } from './store';
import type { Signer } from './webhooks';

export interface OutsideOptions extends Signer {
  readonly smtpPort: number;
  /** 0 (default): any free one. */
  readonly port?: number;
  /** The file that messages are kept in. */
  readonly file: string;
  readonly from: string;
  /** Another number or messaging service that texts come from. */
  readonly noticesFrom?: string;
  readonly inboundUrl: string;
  /** How many messages are kept. */
  readonly kept?: number;
}

/** Everything outside that messages go to: inbox and phone. */
export interface Outside {
  /** Base of the phone's endpoint, and of what `/dev` of the API reads. */
  readonly url: string;
  readonly store: MessageStore;
  stop(): Promise<void>;
}

const replySchema = z.object({ from: z.string().trim().regex(/^\+[1-9]\d{6,14}$/), to: z.string().trim().max(40).optional(), body: z.string().min(1).max(1_600) });

/** Starts inbox and phone on loopback. They take nothing from a request that names another host. */
export async function startOutside(options: OutsideOptions): Promise<Outside> {
  const stopping = new AbortController();
  // Every report that waits to be posted again listens.
  setMaxListeners(0, stopping.signal);
  const store = new MessageStore(options.file, options.kept);
  const faults = new FaultSwitches();
  const phone = createPhone({ ...options, store, faults, stopped: stopping.signal });
  const app = express();
  app.disable('x-powered-by');
  app.use((req, res, next) => {
    if (/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(req.headers.host ?? '')) next();
    else res.status(421).json({ message: 'This host is not served here.' });
  });
  app.use(phone.router);
  app.use(express.json({ limit: '16kb' }));
  app.get('/messages', (req, res) => {
    const { to, limit } = req.query;
    res.json(store.received(typeof to === 'string' && to !== '' ? to : undefined).slice(0, Number(limit) || undefined));
  });
  app.get('/replies', (_req, res) => void res.json(store.texts().filter((text) => text.direction === 'inbound')));
  app.post('/reply', async (req, res) => {
    const reply = replySchema.safeParse(req.body);
    if (!reply.success) return void res.status(400).json({ message: 'Send {from, body}, and optionally to: "from" is a number in E.164 format.' });
    const { from, to, body } = reply.data;
    res.json({ taken: await phone.reply(from, to || options.from, body) });
  });
  app.get('/faults', (_req, res) => void res.json(faults.now));
  app.put('/faults', (req, res) => {
    const problem = faults.set(req.body);
    if (problem) res.status(400).json({ message: problem });
    else res.json(faults.now);
  });
  const unreadable: ErrorRequestHandler = (error: { status?: number; message: string }, _req, res, next) => {
    if (res.headersSent) return next(error);
    res.status(error.status ?? 500).json({ message: error.message });
  };
  app.use(unreadable);

  const inbox = await startInbox({ port: options.smtpPort, store, faults });
  const server = createServer(app);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    async stop() {
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, inbox.stop()]);
    },
  };
}
