import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFree } from '../../dev/ports';
import { openDatabase } from '../../db/connection';
import { mobile, person } from '../support/demo';
import { expectStatus, Http, type Flow } from '../support/http';
import { startInstance, type Instance } from '../support/instance';
import { act, getFlow, newPassword, proveBySms, receiveSecret, resetBySms, savePassword, solveCaptcha, startReset } from '../support/journey';
import { allMessages, codeIn, linkIn, temporaryPasswordIn, type ReceivedMessage } from '../support/messages';
import { familyOf, stillRunning } from '../support/processes';
import { waitFor } from '../support/wait';

const START_MS = 240_000;
const npmStart = ['dev/bootstrap.mjs', 'start'];

let folder: string;
let instance: Instance;
let http: Http;
let before: { people: Record<string, unknown>[]; messages: string[]; output: string };
const open = new Map<string, Flow>();
const secrets = new Map<string, ReceivedMessage>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-restart-'));
  instance = await startInstance({ DATA_DIR: folder }, npmStart);
  http = new Http(instance.url);
}, START_MS);

afterAll(async () => {
  await instance.stop();
  await rm(folder, { recursive: true, force: true });
});

async function people(): Promise<Record<string, unknown>[]> {
  const db = openDatabase({ DATA_DIR: folder });
  try {
    return await db('users').orderBy('email').select('id', 'email', 'password_hash');
  } finally {
    await db.destroy();
  }
}

/** Everything received, newest first. */
async function received(): Promise<string[]> {
  return (await allMessages(http)).map(({ to, subject = '', text, sentAt }) => [sentAt, to, subject, text].join(' '));
}

/** What of a flow must be as it was: a captcha's picture is drawn anew. */
function place({ id, step, expiresAt, actions }: Flow): Partial<Flow> {
  return { id, step, expiresAt, actions };
}

async function expectNothingLeft(pids: readonly number[]): Promise<void> {
  await waitFor(async () => ((await stillRunning(pids)).length === 0 ? true : undefined), { what: `the end of ${pids.join(', ')}` });
  const ports = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
  expect(await Promise.all(ports.map((name) => isFree(Number(instance.settings[name]))))).toEqual(ports.map(() => true));
}

/** What the start printed, with its table, which comes a moment after everything is ready. */
function printed(): Promise<string> {
  return waitFor(() => (/^ {2}user1@harbour\.example .*\n/m.test(instance.output()) ? instance.output() : undefined), { what: 'the table of the start' });
}

test('the start ends with one table: every address, and who can be played', async () => {
  const output = await printed();
  expect(output.match(/Postern is running/g)).toHaveLength(1);
  for (const address of [instance.url, `${instance.url}/api/docs`, `${instance.url}/dev/inbox`, instance.temporalAddress, `127.0.0.1:${instance.settings.SMTP_PORT}`, folder]) expect(output).toContain(address);
  expect(output).toMatch(new RegExp(`Temporal Web UI +http://127\\.0\\.0\\.1:${instance.settings.TEMPORAL_UI_PORT}`));
  expect(output).toMatch(/codec endpoint +http:\/\/127\.0\.0\.1:\d+\/codec\/[\w-]{20,}/);
  for (const name of ['user1@lighthouse.example', 'admin@lighthouse.example', 'directory1@lighthouse.example', 'disabled1@lighthouse.example', 'user1@harbour.example']) expect(output).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
});

test('flows are begun and left at every step', async () => {
  await resetBySms(http, person(1), mobile(1));
  open.set('captcha', await startReset(http, person(3)));
  const { id } = await startReset(http, person(5));
  open.set('choose-method', await solveCaptcha(http, id));
  for (const [step, number, method, application] of [['enter-code', 7, 'sms', 'personal-portal'], ['follow-link', 9, 'email', 'personal-portal'], ['enter-temporary-password', 11, 'email', 'secure-messaging']] as const) {
    const { flow, message } = await receiveSecret(http, person(number), method === 'sms' ? mobile(number) : person(number), method, application);
    open.set(step, flow);
    secrets.set(step, message);
  }
  open.set('new-password', (await proveBySms(http, person(13), mobile(13))).proven);
  for (const [step, flow] of open) expect((await getFlow(http, flow.id)).body.step).toBe(step);
});

test('inbox and phone are no part of the app\'s database', async () => {
  const code = codeIn(secrets.get('enter-code')!);
  const files = await Promise.all(['postern.sqlite', 'postern.sqlite-wal'].map((name) => readFile(join(folder, name), 'latin1')));
  for (const file of files) expect(file).not.toContain(code);
  expect(await readFile(join(folder, 'outside.jsonl'), 'utf8')).toContain(code);
});

test('Ctrl-C ends everything in order, as a success, and lets go of every port', async () => {
  before = { people: await people(), messages: await received(), output: await printed() };
  const pids = await familyOf(instance.pid);
  expect(pids.length).toBeGreaterThanOrEqual(6);
  expect(await instance.stop()).toBe(0);
  await expectNothingLeft(pids);
  expect(instance.output()).toMatch(/Stopping \.\.\.\s*$/);
});

test('a second start finds every flow where it was', async () => {
  instance = await startInstance(instance.settings, npmStart);
  for (const [step, flow] of open) expect([step, place((await getFlow(http, flow.id)).body)]).toEqual([step, place(flow)]);
}, START_MS);

test('demo data is loaded once: people and what they did are as they were, and the password that was shown is valid', async () => {
  expect(await people()).toEqual(before.people);
  const shown = (output: string): string => /password of all: (\S+)\)/.exec(output)![1]!;
  expect(shown(await printed())).toBe(shown(before.output));
});

test('everything received is still there', async () => {
  expect(await received()).toEqual(before.messages);
});

test('and every flow goes on with what was sent before', async () => {
  const { token, id } = linkIn(secrets.get('follow-link')!);
  const proofs = [
    await act(http, open.get('enter-code')!.id, 'code', { code: codeIn(secrets.get('enter-code')!) }),
    await act(http, id, 'link', { token }),
    await act(http, open.get('enter-temporary-password')!.id, 'temporary-password', { password: temporaryPasswordIn(secrets.get('enter-temporary-password')!) }),
  ];
  const proven = [open.get('new-password')!, ...proofs.map((answer) => expectStatus<Flow>(answer, 200))];
  for (const flow of proven) expect((await savePassword(http, flow.id, newPassword())).flow.step).toBe('done');
  expect((await solveCaptcha(http, open.get('captcha')!.id)).step).toBe('choose-method');
  expect((await act(http, open.get('choose-method')!.id, 'method', { method: 'sms' })).body.step).toBe('enter-code');
});

test('where the first process is killed, everything else ends by itself', async () => {
  const pids = await familyOf(instance.pid);
  process.kill(instance.pid, 'SIGKILL');
  await expectNothingLeft(pids);
});
