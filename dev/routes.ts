import { join } from 'node:path';
import express, { Router, type Response } from 'express';
import { Problem } from '../api/problems';

export interface DevDependencies {
  /** Where inbox and phone are served. */
  readonly outsideUrl: string;
  /** The captcha's text of a flow; null where it has none. */
  readonly captchaAnswer: (handle: string) => Promise<string | null>;
}

const TIMEOUT_MS = 15_000;
const PAGE = join(__dirname, 'inbox');

/**
 * What the embedded mode adds to the API: inbox and phone, their page, and the captchas' answers. Mounted at `/dev`,
 * never loaded in production.
 */
export function createDevRouter({ outsideUrl, captchaAnswer }: DevDependencies): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });

  const pass = async (res: Response, path: string, init: RequestInit = {}): Promise<void> => {
    const answer = await fetch(`${outsideUrl}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => {
      throw new Problem('engine-unavailable', { detail: 'Inbox and phone do not answer: start the instance again.' });
    });
    if (answer.status === 400) throw new Problem('invalid-request', { detail: ((await answer.json()) as { message: string }).message });
    res.status(answer.status).type('json').send(await answer.text());
  };
  // Only JSON is read: a page of another site cannot send that without asking first.
  const send = (res: Response, method: string, path: string, body: unknown): Promise<void> => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Problem('invalid-request', { detail: 'Send a JSON object.' });
    return pass(res, path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  };

  router.get('/messages', (req, res) => {
    const query = new URLSearchParams();
    if (typeof req.query.to === 'string') query.set('to', recipient(req.query.to));
    if (typeof req.query.limit === 'string') query.set('limit', req.query.limit);
    return pass(res, `/messages?${query.toString()}`);
  });
  router.get('/phone/replies', (_req, res) => pass(res, '/replies'));
  router.get('/phone/faults', (_req, res) => pass(res, '/faults'));
  router.put('/phone/faults', express.json({ limit: '16kb' }), (req, res) => send(res, 'PUT', '/faults', req.body));
  router.post('/phone/reply', express.json({ limit: '16kb' }), (req, res) => send(res, 'POST', '/reply', req.body));
  router.get('/captchas/:flowId', async (req, res) => {
    const answer = await captchaAnswer(req.params.flowId);
    if (answer === null) throw new Problem('flow-not-found');
    res.json({ answer });
  });
  for (const [path, file] of [['/inbox', 'inbox.html'], ['/inbox.js', 'inbox.js'], ['/inbox.css', 'inbox.css']] as const) {
    router.get(path, (_req, res) => res.sendFile(join(PAGE, file)));
  }
  return router;
}

/** A plus sign that was not encoded arrives as a blank: no recipient begins with one. */
function recipient(to: string): string {
  return to.replace(/^ (?=\d)/, '+').trim();
}
