import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { startInbox } from './inbox';
import { createPhone, type Faults } from './phone';
import { MessageStore } from './store';

const MODES: readonly string[] = ['none', 'slow', '429', '500', 'hang'] satisfies Faults['mode'][];
const EMAIL: readonly string[] = ['none', 'temporary', 'permanent'] satisfies Faults['email'][];

/** The world outside: an inbox and a phone, with a small control surface that the API's dev routes pass on to. */
export async function startOutside(options: { dataDir: string; smtpPort: number; accountSid: string; authToken: string; inboundUrl: string }): Promise<{ url: string; stop(): Promise<void> }> {
  const store = new MessageStore(join(options.dataDir, 'outside.jsonl'));
  const faults: Faults = { mode: 'none', email: 'none', undeliverable: [] };
  const inbox = await startInbox(store, options.smtpPort, () => faults.email);
  const phone = createPhone({ store, faults, ...options });
  const app = express();
  app.use(phone.router);
  app.use(express.json());
  app.get('/messages', (req, res) => {
    res.json(store.list(typeof req.query.to === 'string' ? req.query.to : undefined));
  });
  app.get('/faults', (_req, res) => {
    res.json(faults);
  });
  app.put('/faults', (req, res) => {
    const { mode, email, undeliverable } = req.body as Partial<Record<keyof Faults, unknown>>;
    if (typeof mode === 'string' && MODES.includes(mode)) faults.mode = mode as Faults['mode'];
    if (typeof email === 'string' && EMAIL.includes(email)) faults.email = email as Faults['email'];
    if (Array.isArray(undeliverable)) faults.undeliverable = undeliverable.map(String);
    res.json(faults);
  });
  app.post('/reply', async (req, res) => {
    const { from, to, body } = req.body as { from?: string; to?: string; body?: string };
    if (!from || !to || !body) return void res.status(400).json({ detail: 'Send from, to and body.' });
    await phone.reply({ from, to, body });
    res.status(202).json({ sent: true });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await Promise.all([inbox.stop(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}
