import { Client, Connection } from '@temporalio/client';
import { captchaText } from '../../api/password-reset/captcha';
import { findFlowByHandle } from '../../db/flows';
import { passwordResetWorkflowId } from '../../temporal.config';
import { randomValueDigest } from '../../security/digests';
import { expectStatus, problemSlug, type Flow } from '../support/http';
import { act, newPassword, savePassword, startReset } from '../support/journey';
import { testKeys } from '../support/keys';
import { linkIn } from '../support/messages';
import { publicHost, startProduction, webUiOrigin, type Production } from '../support/production';
import { addAccount, addPerson } from '../support/reset-world';
import { runProgram } from '../support/run-program';
import { waitFor } from '../support/wait';

const START_MS = 240_000;
const keys = testKeys('production');
let production: Production;
let email: string;
let flowId: string;
let token: string;

beforeAll(async () => {
  production = await startProduction();
  email = (await addPerson(production.db, await addAccount(production.db))).email;
}, START_MS);
afterAll(() => production?.stop());

/** What arrived for the person, newest first. */
function arrived(subject: RegExp) {
  return waitFor(() => production.mail.received(email).find((mail) => subject.test(mail.subject ?? '')), { what: `an e-mail about ${subject}` });
}

/** A payload of the reset's history, as the engine keeps it. */
async function storedPayload(): Promise<{ metadata: Record<string, string>; data: string }> {
  const connection = await Connection.connect({ address: production.temporalAddress });
  try {
    const { events } = await new Client({ connection }).workflow.getHandle(passwordResetWorkflowId(flowId)).fetchHistory();
    const { metadata, data } = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads![0]!;
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    return { metadata: Object.fromEntries(Object.entries(metadata!).map(([name, value]) => [name, base64(value)])), data: base64(data!) };
  } finally {
    await connection.close();
  }
}

test('a reset by one-time link goes from beginning to end behind a proxy', async () => {
  const { http, db } = production;
  const { id } = await startReset(http, email);
  const { flow } = (await findFlowByHandle(db, randomValueDigest(id)))!;
  flowId = flow.id;
  expectStatus(await act(http, id, 'captcha', { answer: captchaText(keys, flow.id, flow.captcha!) }), 200);
  expect(expectStatus<Flow>(await act(http, id, 'method', { method: 'email' }), 200).step).toBe('follow-link');
  const link = linkIn(await arrived(/choose a new password/));
  expect(link.href).toMatch(new RegExp(`^https://${publicHost}/password-resets/`));
  const proven = expectStatus<Flow>(await act(http, link.id, 'link', { token: link.token }), 200);
  expect((await savePassword(http, proven.id, newPassword())).flow.step).toBe('done');
  expect((await arrived(/was changed/)).text).not.toContain(link.token);
});

test('check 54: the API answers to the public name only', async () => {
  expect(problemSlug(await production.direct.get('/api/health'), 421)).toBe('misdirected-request');
});

test('check 55: browsers are told to come by https only, and to keep nothing', async () => {
  const { headers } = await production.http.get('/api/password-resets/unknown');
  expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
  expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
});

test.each(['/dev/messages', '/dev/inbox', '/dev/inbox.js', '/dev/phone/faults', '/dev/captchas/any'])('nothing of the embedded mode is there: %s', async (path) => {
  expect(problemSlug(await production.http.get(path), 404)).toBe('not-found');
});

test('npm run operator-token makes a token for the database that DATABASE_URL names', async () => {
  const made = await runProgram('npm', ['run', '--silent', 'operator-token'], { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: production.env.DATABASE_URL });
  token = made.stdout.trim().split('\n').at(-1)!;
  expect((await production.http.get('/api/groups', { authorization: `Bearer ${token}` })).status).toBe(200);
});

test('metrics are an operator\'s', async () => {
  expect(problemSlug(await production.http.get('/metrics'), 401)).toBe('unauthenticated');
  expect((await production.http.get('/metrics', { authorization: `Bearer ${token}` })).text).toContain('postern_flows{kind="password-reset",outcome="done"} 1');
});

describe('the codec endpoint', () => {
  const decode = (payload: unknown, headers: Record<string, string>) => production.http.post<{ payloads: { data: string }[] }>('/codec/decode', { payloads: [payload] }, headers);

  test('decodes for an operator, in a page of the Temporal Web UI', async () => {
    const payload = await storedPayload();
    expect(Buffer.from(payload.data, 'base64').toString()).not.toContain('flowId');
    const answer = await decode(payload, { authorization: `Bearer ${token}`, origin: webUiOrigin });
    const { payloads } = expectStatus<{ payloads: { data: string }[] }>(answer, 200);
    expect(JSON.parse(Buffer.from(payloads[0]!.data, 'base64').toString())).toMatchObject({ flowId });
    expect(answer.headers.get('access-control-allow-origin')).toBe(webUiOrigin);
  });

  test('decodes for nobody else', async () => {
    const payload = await storedPayload();
    expect(problemSlug(await decode(payload, {}), 401)).toBe('unauthenticated');
    expect(problemSlug(await decode(payload, { authorization: `Bearer ${'0'.repeat(43)}` }), 401)).toBe('unauthenticated');
  });

  test('lets a page ask first, but no page of another origin', async () => {
    const ask = (origin: string) => production.http.send('OPTIONS', '/codec/decode', { headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } });
    const allowed = await ask(webUiOrigin);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, webUiOrigin]);
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(/authorization/);
    expect(problemSlug(await ask('https://attacker.example'), 403)).toBe('forbidden');
    expect(problemSlug(await decode({}, { authorization: `Bearer ${token}`, origin: 'https://attacker.example' }), 403)).toBe('forbidden');
  });
});

test.each(['worker', 'api'])('npm run %s with nothing set lists everything that is missing, and is no success', async (name) => {
  const ended = await runProgram('npm', ['run', '--silent', name], { PATH: process.env.PATH, HOME: process.env.HOME });
  expect(ended.code).toBe(1);
  const listed = ended.stderr.split('\n').filter((line) => line.startsWith('  - ')).map((line) => line.split(' ')[3]);
  expect(listed.sort()).toEqual(['DATABASE_URL', 'MAIL_FROM', 'POSTERN_KEYS', 'PUBLIC_URL', 'SMTP_URL', 'TEMPORAL_ADDRESS', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM']);
});

test.each(['worker', 'api'])('npm run %s refuses development keys, embedded parts and addresses in the clear, all at once', async (name) => {
  const wrong = { PUBLIC_URL: `http://${publicHost}`, POSTERN_KEYS: production.env.POSTERN_KEYS!.replace('production', 'dev-1'), TWILIO_API_URL: 'http://127.0.0.1:9', DEV_OUTSIDE_URL: 'http://127.0.0.1:9', CODEC_PATH_TOKEN: '0'.repeat(32) };
  const ended = await runProgram('npm', ['run', '--silent', name], { PATH: process.env.PATH, HOME: process.env.HOME, ...production.env, ...wrong });
  expect(ended.code).toBe(1);
  const listed = ended.stderr.split('\n').filter((line) => line.startsWith('  - ')).map((line) => line.split(' ')[3]);
  expect(listed.sort()).toEqual(Object.keys(wrong).sort());
});

test('both processes end when they are told to, as a success', async () => {
  expect(await production.endProcesses()).toEqual([0, 0]);
});
