import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { idempotency } from '../../api/middleware/idempotency';
import { problemHandler } from '../../api/middleware/problems';
import { eachDatabase } from '../support/database';
import { Http, problemSlug } from '../support/http';
import { testKeys } from '../support/keys';
import { DAY_MS, TestClock } from '../support/reset-world';

const SECRET = 'a handle that nobody may read';

eachDatabase('a request with an Idempotency-Key', (database) => {
  const clock = new TestClock();
  const servers: Server[] = [];
  let handled: unknown[] = [];
  let answering: Promise<unknown> = Promise.resolve();
  let http: Http;

  /** A process of the API: the middleware, and a route behind it that counts. */
  async function process(): Promise<Http> {
    const app = express();
    app.use(express.json(), idempotency({ db: database.db(), keys: testKeys('test'), clock: clock.read }));
    app.post(['/things', '/others'], async (req, res) => {
      handled.push(req.body);
      await answering;
      if (req.body.fails) res.status(500).json({ failed: true });
      else res.status(201).json({ number: handled.length, id: SECRET });
    });
    app.use(problemHandler('http://127.0.0.1', pino({ level: 'silent' })));
    const server = createServer(app).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return new Http(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  beforeAll(async () => {
    http = await process();
  });
  beforeEach(async () => {
    handled = [];
    answering = Promise.resolve();
    await database.db()('idempotency_keys').delete();
  });
  afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

  const send = (body: unknown, key = 'a key', more: { path?: string; as?: string } = {}) =>
    http.post<{ number: number }>(more.path ?? '/things', body, { 'Idempotency-Key': key, ...(more.as ? { Authorization: `Bearer ${more.as}` } : {}) });

  test('is carried out once: its repeat gets the first answer, from another process too', async () => {
    const first = await send({ a: 1 });
    const restarted = await process();
    const repeats = [await send({ a: 1 }), await restarted.post('/things', { a: 1 }, { 'Idempotency-Key': 'a key' })];
    expect(first.status).toBe(201);
    for (const repeat of repeats) expect([repeat.status, repeat.text]).toEqual([first.status, first.text]);
    expect(handled).toHaveLength(1);
  });

  test('with another body is refused', async () => {
    await send({ a: 1 });
    expect(problemSlug(await send({ a: 2 }), 422)).toBe('idempotency-key-reused');
    expect(handled).toHaveLength(1);
  });

  test('is another request with another key, on another route or from another caller', async () => {
    for (const answer of [await send({ a: 1 }), await send({ a: 1 }, 'another key'), await send({ a: 1 }, 'a key', { path: '/others' }), await send({ a: 1 }, 'a key', { as: 'somebody' })]) expect(answer.status).toBe(201);
    expect(handled).toHaveLength(4);
  });

  test('that is sent twice at once is carried out once, and the other told to wait', async () => {
    let answer = (): void => {};
    answering = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const both = [send({ a: 1 }), send({ a: 1 })];
    expect(problemSlug(await Promise.race(both), 409)).toBe('request-in-progress');
    answer();
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await send({ a: 1 })).status).toBe(201);
    expect(handled).toHaveLength(1);
  });

  test('that broke is carried out again at once, by the same body only', async () => {
    expect((await send({ fails: true })).status).toBe(500);
    expect((await send({ fails: true })).status).toBe(500);
    expect(handled).toHaveLength(2);
    expect(problemSlug(await send({ a: 1 }), 422)).toBe('idempotency-key-reused');
  });

  test('whose process was killed is carried out again after a while, once', async () => {
    await send({ a: 1 });
    await database.db()('idempotency_keys').update({ status: null, sealed_body: null });
    expect((await send({ a: 1 })).status).toBe(409);
    clock.advance(15_000);
    const again = await Promise.all([send({ a: 1 }), send({ a: 1 }), send({ a: 1 })]);
    for (const { status } of again) expect([201, 409]).toContain(status);
    expect(handled).toHaveLength(2);
  });

  test('check 8: leaves neither key nor body nor answer readable in the database', async () => {
    await send({ password: 'seven grey herons wading' }, 'the very key');
    const rows = await database.db()('idempotency_keys');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: 201, expires_at: clock.read() + DAY_MS });
    for (const secret of ['the very key', 'herons', SECRET]) expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('needs a key of a sensible length', async () => {
    expect(problemSlug(await send({}, 'k'.repeat(201)), 400)).toBe('invalid-request');
    expect((await send({}, 'k'.repeat(200))).status).toBe(201);
  });
});
