import { expectStatus } from '../support/http';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { content?: Record<string, { example?: unknown; examples?: unknown }> }>> }>>>>;
}

test('says that it lives and that it is ready', async () => {
  expect((await http().get('/api/health')).status).toBe(200);
  expect((await http().get('/api/ready')).status).toBe(200);
});

test('the OpenAPI document describes every step with its refusals', async () => {
  const document = expectStatus<Document>(await http().get('/api/openapi.json'), 200);
  expect(document.openapi).toMatch(/^3\.1\./);
  for (const action of ['captcha', 'method', 'code', 'link', 'temporary-password', 'password', 'resend', 'cancel']) {
    const operation = document.paths[`/api/password-resets/{id}/${action}`]?.post;
    expect([action, Object.keys(operation?.responses ?? {})]).toEqual([action, expect.arrayContaining(['200', '400', '404', '409', '410', '503'])]);
  }
});

test.each(['/api/docs', '/', '/dev/inbox'])('%s is a page', async (path) => {
  const answer = await fetch(new URL(path, instance().url));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
});

test('a problem\'s type is a page that says what to do', async () => {
  const problem = expectStatus<{ type: string }>(await http().get('/api/password-resets/unknown'), 404);
  const page = await fetch(problem.type);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
});

test('a worker that was killed comes back by itself', async () => {
  await instance().kill('worker', 'SIGKILL');
  await instance().ready();
  expect((await http().get('/api/ready')).status).toBe(200);
});

test('an API that was killed comes back by itself', async () => {
  await instance().kill('api', 'SIGKILL');
  await instance().ready();
  expect((await http().get('/api/health')).status).toBe(200);
});
