import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import express from 'express';
import { pino } from 'pino';
import { requestLog, withoutHandles } from '../../api/middleware/logging';
import { newHandle } from '../../security/secrets';

const handle = newHandle();

test.each([
  [`/api/password-resets/${handle}`, '/api/password-resets/[hidden]'],
  [`/api/password-resets/${handle}/code`, '/api/password-resets/[hidden]/code'],
  [`/api/password-resets/${handle}/events?since=1`, '/api/password-resets/[hidden]/events'],
  [`/password-resets/${handle}`, '/password-resets/[hidden]'],
  [`/dev/captchas/${handle}`, '/dev/captchas/[hidden]'],
  [`/codec/${handle}/decode`, '/codec/[hidden]/decode'],
  [`/dev/messages?to=user1@lighthouse.example`, '/dev/messages'],
  [`/api/users?email=user1@lighthouse.example`, '/api/users'],
  [`/api//password-resets//${handle}`, '/api//password-resets//[hidden]'],
  [`/API/Password-Resets/${handle}/code`, '/API/Password-Resets/[hidden]/code'],
  [`/api/users/4f6c/password-resets`, '/api/users/4f6c/password-resets'],
  ['/api/password-resets', '/api/password-resets'],
  ['/api/health', '/api/health'],
])('check 8: %s is logged as %s', (url, path) => {
  expect(withoutHandles(url)).toBe(path);
});

test('check 8: a request\'s line has method, path, status and time, and nothing else of it', async () => {
  const written: string[] = [];
  const logger = pino({}, new Writable({ write: (chunk: Buffer, _encoding, done) => { written.push(chunk.toString()); done(); } }));
  const app = express().use(requestLog(logger), express.json()).post('/api/password-resets/:id/code', (_req, res) => void res.status(422).json({ id: 'an-answered-id' }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await fetch(`http://127.0.0.1:${port}/api/password-resets/${handle}/code?q=a-query`, {
      method: 'POST', body: JSON.stringify({ code: '012345' }), headers: { 'Content-Type': 'application/json', Authorization: 'Bearer a-token', Cookie: 'session=a-cookie', 'Idempotency-Key': 'a-key' },
    });
  } finally {
    await new Promise((closed) => server.close(closed));
  }
  const [line] = written.map((entry) => JSON.parse(entry) as Record<string, unknown>);
  expect(line).toMatchObject({ req: { method: 'POST', path: '/api/password-resets/[hidden]/code' }, res: { status: 422 }, responseTime: expect.any(Number) });
  expect(written.join('')).not.toMatch(new RegExp(`${handle}|012345|a-query|a-token|a-cookie|a-key|an-answered-id`));
});
