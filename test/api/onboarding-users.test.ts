import { once } from 'node:events';
import { connect } from 'node:net';
import { SESSION_COOKIE } from '../../api/cookies';
import { insertSession } from '../../db/sessions';
import { startDirectory, type RunningDirectory } from '../../dev/directory';
import { importLimits } from '../../domain/imports';
import { randomValueDigest } from '../../security/digests';
import { newOperatorToken } from '../../security/secrets';
import { slapdPath } from '../support/directory';
import { startDns, type TestDns } from '../support/dns-server';
import { expectStatus, Http, problemSlug, type Flow } from '../support/http';
import { startInstance, type Instance } from '../support/instance';
import { inDatabaseOf } from '../support/instance-database';
import { OnboardingPages } from '../support/onboarding-http';
import { someSession } from '../support/sessions';
import { startSignIn, take } from '../support/sign-in';
import { waitFor } from '../support/wait';
import { startWindowsFront, type WindowsFront, type WindowsPerson } from '../support/windows-front';

const PASSWORD = 'seven grey herons wading';
const START_MS = 240_000;
const LARGE_MS = 400_000;
const LINES = importLimits.lines;

let dns: TestDns;
let directory: RunningDirectory;
let front: WindowsFront;
let instance: Instance;
let http: Http;
let operator: Http;

beforeAll(async () => {
  dns = await startDns();
  directory = await startDirectory({ slapd: slapdPath(), people: ['anna', 'ben'].map((uid) => ({ uid, name: `Person ${uid}`, mail: `${uid}@windows.example`, password: PASSWORD })) });
  front = await startWindowsFront(directory.url, new Map<string, WindowsPerson>(['anna', 'ben'].map((uid) => [`${uid}@windows.example`, { dn: `uid=${uid},${directory.peopleBase}` }])));
  instance = await startInstance({ DNS_SERVERS: dns.server });
  http = new Http(instance.url);
  operator = http.with({ authorization: `Bearer ${await instance.operatorToken()}` });
}, START_MS);

afterAll(async () => {
  await instance?.stop();
  await front.stop();
  await directory.stop();
  await dns.stop();
});

/** An account that has verified a domain of its own and begun to bring its users in. */
async function bringingIn(domain: string): Promise<OnboardingPages> {
  const pages = await OnboardingPages.create(operator, 'USERS');
  await pages.verifyDomain(dns, domain);
  await pages.start('users');
  return pages;
}

const count = (table: string, where: Readonly<Record<string, unknown>>): Promise<number> => inDatabaseOf(instance, async (db) => Number((await db(table).where(where).count({ n: '*' }))[0]!.n));
const usersOf = (pages: OnboardingPages): Promise<number> => count('users', { account_code: pages.code, role: 'user' });

function file(domain: string, lineOf: (number: number) => string | undefined = () => undefined): Buffer {
  return Buffer.from(['email,name,mobile', ...Array.from({ length: LINES }, (_, index) => lineOf(index) ?? `p${index}@${domain},Person ${index},${index % 2 ? '+1 202 555 0101' : ''}`)].join('\r\n'));
}

test(`checks 61 and 64: a file of ${LINES} lines is judged line by line and taken over as a whole or not at all, also where the worker is killed while it reads`, async () => {
  const domain = 'large.example';
  const pages = await bringingIn(domain);
  const wrong: Readonly<Record<number, string>> = { 1: 'nobody,Nobody,', 24_998: 'p@other.example,Other,', [LINES - 1]: `p0@${domain},Twice,+12` };
  const bad = expectStatus<{ upload: string; result: string; report: { toldProblems: unknown } }>(await pages.upload(file(domain, (index) => wrong[index])), 200);
  const toldProblems = [
    { line: 3, reason: 'This is no e-mail address.' },
    { line: 25_000, reason: 'The domain other.example is none of your verified domains.' },
    { line: LINES + 1, reason: expect.stringMatching(/^Mobile number: /) },
  ];
  expect(bad).toMatchObject({ result: 'wrong', reason: expect.stringMatching(/^3 lines of the file cannot be taken, so nothing of it was\. Line 3: /), report: { read: LINES, problems: 3, toldProblems } });
  const attention = await pages.refused('users', { source: 'csv', upload: bad.upload });
  expect(attention).toMatchObject({ reason: expect.stringContaining('Line 25000: '), facts: { fileName: 'people.csv', problems: 3, toldProblems } });
  expect(await usersOf(pages)).toBe(0);

  const good = expectStatus<{ upload: string }>(await pages.upload(file(domain)), 200);
  expect(good).toMatchObject({ result: 'ok', reason: null, fileName: 'people.csv', report: { read: LINES, problems: 0, plan: { counts: { add: LINES, change: 0, leave: 0, conflict: 0 } } } });
  expect(await usersOf(pages)).toBe(0);
  await pages.submit('users', { source: 'csv', upload: good.upload });
  await waitFor(async () => ((await count('import_rows', {})) > 0 ? true : undefined), { what: 'the file to be read', timeoutMs: 60_000, everyMs: 20 });
  await instance.kill('worker', 'SIGKILL');
  expect([0, LINES]).toContain(await usersOf(pages));
  const { facts } = await pages.reaches('users', 'completed');
  expect(facts).toMatchObject({ fileName: 'people.csv', read: LINES, done: { add: LINES, conflict: 0 } });
  expect(await usersOf(pages)).toBe(LINES);
  // What the files held about people is theirs, and nobody else's any more.
  expect([await count('import_uploads', {}), await count('import_rows', {})]).toEqual([0, 0]);
}, LARGE_MS);

test('a file is taken by who may bring users in, and by nobody else', async () => {
  const [pages, others] = [await bringingIn('mine.example'), await bringingIn('theirs.example')];
  const token = newOperatorToken();
  await inDatabaseOf(instance, async (db) => {
    const { id } = await db('users').where({ account_code: pages.code }).first<{ id: string }>('id');
    const now = Date.now();
    const { ended_at: _at, ended_why: _why, ...session } = someSession(id, { digest: randomValueDigest(token), created_at: now, last_seen_at: now, expires_at: now + 86_400_000 });
    await insertSession(db, session);
  });
  const ada = http.with({ cookie: `${SESSION_COOKIE}=${token}` });
  const as = (client: Http, { code }: OnboardingPages): OnboardingPages => new OnboardingPages(client, code);
  const content = 'email,name\nben@mine.example,Ben\n';
  expect(expectStatus(await as(ada, pages).upload(content), 200)).toMatchObject({ result: 'ok' });
  expect(problemSlug(await as(ada, others).upload(content), 404)).toBe('not-found');
  expect(problemSlug(await as(http, pages).upload(content), 401)).toBe('unauthenticated');
  const elsewhere = ada.with({ origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' });
  expect(problemSlug(await as(elsewhere, pages).upload(content), 403)).toBe('cross-site-request');
  // Another account's file is none of one's own.
  const { upload } = expectStatus<{ upload: string }>(await others.upload('email,name\nben@theirs.example,Ben\n'), 200);
  expect((await pages.refused('users', { source: 'csv', upload })).reason).toBe('The file is not there any more: files are kept for a week.');
});

test('what is no such file is refused before it is read, and what breaks off leaves nothing', async () => {
  const pages = await bringingIn('broken.example');
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) expect(problemSlug(await pages.upload('{}', { 'content-type': type }), 415)).toBe('unsupported-media-type');
  expect(problemSlug(await pages.upload('x', { 'content-type': 'text/csv', 'content-encoding': 'gzip' }), 415)).toBe('unsupported-media-type');
  expect(problemSlug(await pages.upload(new Uint8Array(importLimits.fileBytes + 1)), 413)).toBe('body-too-large');
  // Where nobody said how long it is, it is taken until it is too long, and the answer can still be read.
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024).fill(0x61)) });
  const answer = await fetch(`${instance.url}${pages.path('users', 'upload')}`, { method: 'POST', headers: { ...operator.always, 'content-type': 'text/csv' }, body: endless, duplex: 'half' });
  expect([answer.status, await count('import_uploads', { account_code: pages.code })]).toEqual([413, 0]);
  await answer.body?.cancel();
  expect(expectStatus(await pages.upload('name\nBen\n'), 200)).toMatchObject({ result: 'wrong', reason: 'No column has a heading for e-mail addresses.', report: null });
  expect(expectStatus(await pages.upload(Buffer.from([0x65, 0xff, 0xfe])), 200)).toMatchObject({ result: 'wrong', reason: expect.stringContaining('UTF-8') });
  const before = await count('import_uploads', { account_code: pages.code });
  const { hostname, port } = new URL(instance.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const sent = { ...operator.always, host: `${hostname}:${port}`, 'content-type': 'text/csv', 'content-length': '5000000' };
  socket.write(`POST ${pages.path('users', 'upload')} HTTP/1.1\r\n${Object.entries(sent).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\nemail,name\n`);
  await waitFor(async () => ((await count('import_uploads', { account_code: pages.code })) > before ? true : undefined), { what: 'the upload to begin' });
  expect(problemSlug(await pages.upload('email,name\n'), 409)).toBe('request-in-progress');
  socket.destroy();
  await waitFor(async () => ((await count('import_uploads', { account_code: pages.code })) === before ? true : undefined), { what: 'what broke off to be gone' });
  expect(expectStatus(await pages.upload('email,name\nben@broken.example,Ben\n'), 200)).toMatchObject({ result: 'ok' });
});

test('check 69: people of a directory that takes their address as their name sign in by it, over STARTTLS or as it is', async () => {
  const pages = await bringingIn('windows.example');
  const form = { source: 'directory', url: directory.url, baseDn: directory.peopleBase, bindDn: directory.reader.dn, bindPassword: directory.reader.password, filter: '(objectClass=inetOrgPerson)' };
  expect((await pages.refused('users', { ...form, startTls: true })).reason).toMatch(/certificate/);
  const { facts } = await pages.completed('users', { ...form, startTls: true, certificateAuthority: directory.authority });
  expect(facts).toMatchObject({ connection: { encryption: 'starttls' }, done: { add: 2 } });
  expectStatus(await pages.step('users', 'reopen'), 200);
  await pages.completed('users', { ...form, url: front.url, signIn: 'user-principal-name' });
  await pages.start('authentication');
  await pages.completed('authentication', { method: 'domain', testUser: 'anna@windows.example', testPassword: PASSWORD });
  const attempt = async (email: string, password: string) => take(http, (await startSignIn(http, email)).id, 'password', { authenticationType: 'domain', password });
  expect(expectStatus<Flow>(await attempt('ben@windows.example', PASSWORD), 200).step).toBe('enrol-phone');
  expect(problemSlug(await attempt('ben@windows.example', `${PASSWORD}!`), 422)).toBe('credentials-wrong');
  // Back to passwords that are kept here: nobody of the directory is asked for theirs any more.
  expectStatus(await pages.step('authentication', 'reopen'), 200);
  expect((await pages.submit('authentication', { method: 'cloud' })).state).toBe('completed');
  expect((await startSignIn(http, 'ben@windows.example')).details.authenticationTypes).toEqual(['cloud']);
  expect(await count('users', { account_code: pages.code, authentication: 'domain' })).toBe(0);
});
