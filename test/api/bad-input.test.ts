import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { person } from '../support/demo';
import { problemSlug, type Answer, type Http } from '../support/http';
import { startReset } from '../support/journey';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

/** The committed document: titles of tests are needed before an instance runs. CI holds it equal to the contract. */
const document = JSON.parse(readFileSync(join(__dirname, '../../api/openapi.json'), 'utf8')) as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
    .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);
const writing = operations.filter(({ operation }) => operation.requestBody?.content['application/json'] !== undefined);
const parametrised = operations.filter(({ path }) => path.includes('{'));

/** The path with every parameter replaced by `value`. */
function fill(path: string, value: string): string {
  return path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(value));
}

const oversized = 'x'.repeat(20_000);
const unicode = '\u0000\u202e𝒑🏴‍☠️é\ud800"\'<script>';
const bodies: Readonly<Record<string, string>> = {
  empty: '',
  'empty object': '{}',
  null: 'null',
  array: '[]',
  number: '42',
  'broken JSON': '{"email":',
  'wrong types': JSON.stringify({ email: 1, application: [], answer: {}, method: false, code: 123456, token: null, password: [], confirmation: 7, name: {}, options: 'x' }),
  oversized: JSON.stringify({ email: oversized, answer: oversized, code: oversized, token: oversized, password: oversized, name: oversized }),
  'long values': JSON.stringify({ email: `${'x'.repeat(5_000)}@lighthouse.example`, application: 'connect', answer: 'x'.repeat(5_000), method: 'sms', code: '1'.repeat(5_000), token: 'x'.repeat(5_000), password: 'x'.repeat(5_000), confirmation: 'x'.repeat(5_000), name: 'x'.repeat(5_000) }),
  unicode: JSON.stringify({ email: unicode, application: unicode, answer: unicode, method: unicode, code: unicode, token: unicode, password: unicode, confirmation: unicode, name: unicode }),
  prototype: '{"__proto__":{"email":"a@b.example"},"constructor":{"prototype":{}}}',
};

let operator: Http;
let flowId: string;

beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
  flowId = (await startReset(http(), person(2))).id;
});

function expectProblem(answer: Answer, least = 400): void {
  expect(answer.status).toBeGreaterThanOrEqual(least);
  expect(answer.status).toBeLessThan(500);
  problemSlug(answer, answer.status);
}

describe.each(writing)('$method $path', ({ method, path }) => {
  test.each(Object.entries(bodies))('refuses a body that is bad: %s', async (name, body) => {
    for (const client of [http(), operator]) {
      const answer = await client.send(method, fill(path, flowId), { body, headers: { 'content-type': 'application/json' } });
      // An empty object is all that a resend or a cancel takes.
      if (answer.status < 300 && /\/(resend|cancel|disable|enable)$/.test(path)) continue;
      expectProblem(answer);
      if (name === 'oversized') expect([401, 403, 413]).toContain(answer.status);
    }
  });

  test('refuses a body of another type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/json; charset=nonsense']) {
      const answer = await operator.send(method, fill(path, flowId), { body: 'email=a@b.example', headers: { 'content-type': type } });
      if (answer.status < 300 && /\/(resend|cancel|disable|enable)$/.test(path)) continue;
      expectProblem(answer);
    }
  });
});

describe.each(parametrised)('$method $path', ({ method, path }) => {
  test.each(['x', '..', '%00', '\u202e🏴‍☠️', 'x'.repeat(3_000), "' OR 1=1 --", 'A'.repeat(22)])('finds nothing under %p', async (value) => {
    const body = method === 'GET' ? {} : { body: '{"method":"email","answer":"x","code":"123456","token":"x","password":"x","confirmation":"x"}', headers: { 'content-type': 'application/json' } };
    const answer = await operator.send(method, fill(path, value), body);
    // A path of dots is another path: pages answer what the API does not know.
    if (value === '..' && answer.status < 400) return;
    expectProblem(answer);
  });
});

test.each(['%E0%A4%A', '%', '%ff'])('an address that cannot be decoded (%s) is a problem, not an error', async (raw) => {
  expectProblem(await http().send('GET', `/api/password-resets/${raw}`));
});

test('an unknown path of the API is a problem', async () => {
  expect(problemSlug(await http().get('/api/nothing-here'), 404)).toMatch(/not-found$/);
});

test('a method that a path does not know is a problem', async () => {
  expectProblem(await http().send('DELETE', '/api/password-resets'));
});

test.each(operations.filter(({ method, path }) => method === 'GET' && !path.includes('{') && path !== '/metrics'))('$method $path survives strange queries', async ({ path }) => {
  for (const query of ['?account[]=x&account=y', `?account=${'x'.repeat(3_000)}`, '?email=%00&account=%F0%9F%8F%B4', '?__proto__[x]=1']) {
    for (const client of [http(), operator]) expect((await client.get(`${path}${query}`)).status).toBeLessThan(500);
  }
});

const strangeHeaders: readonly Readonly<Record<string, string>>[] = [
  { 'idempotency-key': 'x'.repeat(2_000) },
  { 'idempotency-key': '' },
  { accept: 'nonsense' },
  { authorization: 'Bearer' },
  { authorization: 'Basic ????' },
  { 'content-encoding': 'gzip' },
];

test.each(strangeHeaders)('strange headers are no error: %p', async (headers) => {
  expectProblem(await http().post('/api/password-resets', {}, headers));
});
