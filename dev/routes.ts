import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type Request, type Response } from 'express';

const page = (name: string): string => readFileSync(join(__dirname, 'outside', 'page', name), 'utf8');

/** The embedded mode's inbox, phone and captchas, under /dev. Never mounted in production. */
export function createDevRouter(deps: { outsideUrl: string; captchaAnswer: (handle: string) => Promise<string | null> }): Router {
  const router = Router();
  router.use(express.json());

  async function pass(res: Response, path: string, init?: RequestInit): Promise<void> {
    const answer = await fetch(`${deps.outsideUrl}${path}`, init);
    res.status(answer.status).type('json').send(await answer.text());
  }
  const withBody = (req: Request): RequestInit => ({ method: req.method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(req.body ?? {}) });

  router.get('/messages', (req, res) => pass(res, `/messages${typeof req.query.to === 'string' ? `?to=${encodeURIComponent(req.query.to)}` : ''}`));
  router.get('/phone/faults', (_req, res) => pass(res, '/faults'));
  router.put('/phone/faults', (req, res) => pass(res, '/faults', withBody(req)));
  router.post('/phone/reply', (req, res) => pass(res, '/reply', withBody(req)));
  router.get('/captchas/:handle', async (req, res) => {
    res.json({ answer: await deps.captchaAnswer(req.params.handle) });
  });
  router.get('/inbox', (_req, res) => {
    res.type('html').send(page('inbox.html'));
  });
  router.get('/inbox.js', (_req, res) => {
    res.type('js').send(page('inbox.js'));
  });
  return router;
}
