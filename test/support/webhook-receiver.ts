import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { validateRequest } from 'twilio';

/** A webhook as it came, and whether its signature fits the address and every parameter. */
export interface Received {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly genuine: boolean;
}

/** What takes the provider's webhooks in place of the API. */
export interface WebhookReceiver {
  readonly url: string;
  /** In the order of arrival. */
  readonly received: readonly Received[];
  /** Answers this status from now on. */
  answer(status: number): void;
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. @param authToken - what the provider signs with */
export async function startWebhookReceiver(authToken: string): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let status = 204;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const parameters = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const signature = req.headers['x-twilio-signature'];
      received.push({ path: req.url!, parameters, genuine: validateRequest(authToken, String(signature), `http://${req.headers.host}${req.url}`, parameters) });
      res.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (next) => {
      status = next;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
