import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { issueCertificate, makeAuthority } from '../../dev/certificates';
import { startDirectory, type RunningDirectory } from '../../dev/directory';
import { slapdPath } from '../support/directory';
import { startDns, type TestDns } from '../support/dns-server';
import { decodedHistories } from '../support/histories';
import { expectStatus, Http, problemSlug, type Flow } from '../support/http';
import { startInstance, type Instance } from '../support/instance';
import { inDatabaseOf } from '../support/instance-database';
import { waitForMessage } from '../support/messages';
import { OnboardingPages } from '../support/onboarding-http';
import { startSignIn, take } from '../support/sign-in';

const DOMAIN = 'pilot.example';
const PASSWORD = 'seven grey herons wading';
const WRONG = 'seven grey herons flying';
const WRONG_READER = 'reads nothing at all';
const START_MS = 240_000;

let dns: TestDns;
let directory: RunningDirectory;
let mailHost: SMTPServer;
let folder: string;
let instance: Instance;
let http: Http;
let operator: Http;
let pages: OnboardingPages;

beforeAll(async () => {
  dns = await startDns({ [DOMAIN]: { mx: [[10, 'old.pilot.example']], txt: ['v=spf1 mx -all'] }, 'spf.postern.example': { txt: ['v=spf1 -all'] }, 'mail.pilot.example': { a: ['127.0.0.1'] } });
  const people = ['anna', 'ben', 'cleo'].map((uid, index) => ({ uid, name: `Person ${uid}`, mail: `${uid}@${DOMAIN}`, mobile: `+1202555015${index}`, password: PASSWORD }));
  directory = await startDirectory({ slapd: slapdPath(), people: [...people, { uid: 'guest', name: 'A guest', mail: 'guest@elsewhere.example', password: PASSWORD }] });
  folder = await mkdtemp(join(tmpdir(), 'postern-mail-host-'));
  await makeAuthority(folder);
  const { certificate, key } = await issueCertificate(folder, 'mail', ['DNS:mail.pilot.example']);
  mailHost = new SMTPServer({ authOptional: true, key, cert: certificate });
  mailHost.on('error', () => undefined);
  mailHost.listen(0, '127.0.0.1');
  await once(mailHost.server, 'listening');
  instance = await startInstance({ DNS_SERVERS: dns.server, DNS_TIMEOUT_MS: '1000', LOG_LEVEL: 'info' });
  http = new Http(instance.url);
  operator = http.with({ authorization: `Bearer ${await instance.operatorToken()}` });
  pages = await OnboardingPages.create(operator, 'CHECK');
  await pages.confirmDetails();
}, START_MS);

afterAll(async () => {
  await instance?.stop();
  await new Promise<void>((resolve) => mailHost.close(() => resolve()));
  await directory.stop();
  await dns.stop();
  await rm(folder, { recursive: true, force: true });
});

const directoryForm = () => ({
  source: 'directory', url: directory.secureUrl, baseDn: directory.peopleBase, bindDn: directory.reader.dn, bindPassword: directory.reader.password, filter: '(objectClass=inetOrgPerson)', certificateAuthority: directory.authority,
});
const txt = (...more: string[]): void => void dns.names.set(DOMAIN, { ...dns.names.get(DOMAIN), txt: more });

describe('Verifying Your Domains', () => {
  test('shows the record to publish before it is looked for, and finds it once it is there', async () => {
    await pages.start('domains');
    const { records } = await pages.save('domains', { domains: [` ${DOMAIN.toUpperCase()} `, 'no domain'] });
    expect(records).toEqual([{ name: DOMAIN, type: 'TXT', value: expect.stringMatching(/^postern-verification=[0-9a-f]{32}$/), note: expect.any(String) }]);
    const missing = await pages.awaited('domains', { domains: [DOMAIN] });
    expect([missing.reason, missing.whatToDo, missing.facts]).toEqual([`The record for ${DOMAIN} is not there yet.`, expect.stringContaining(records[0]!.value), { verified: [] }]);
    txt('v=spf1 mx -all', records[0]!.value);
    expect((await pages.checkedAgain('domains')).facts).toEqual({ verified: [DOMAIN] });
    expect((await waitForMessage(http, `it@${pages.code.toLowerCase()}.example`, ({ subject }) => /Verifying Your Domains is completed/.test(subject ?? ''))).text).toContain('Verifying Your Domains');
  });

  test('another account cannot verify it as well, and is told so only once it could publish for it', async () => {
    const other = await OnboardingPages.create(operator, 'CHECK');
    await other.confirmDetails();
    await other.start('domains');
    const { records } = await other.save('domains', { domains: [DOMAIN] });
    const mine = (await pages.task('domains')).records[0]!.value;
    expect(records[0]!.value).not.toBe(mine);
    const unproven = await other.awaited('domains', { domains: [DOMAIN] });
    expect(unproven.reason).toContain('its value is not the one for your account');
    txt('v=spf1 mx -all', mine, records[0]!.value);
    expectStatus(await other.step('domains', 'check-now'), 200);
    expect((await other.reaches('domains', 'needs-attention')).reason).toBe(`${DOMAIN} cannot be verified, because another account has verified it.`);
  });

  test('a domain that is not there is told apart from a record that is not', async () => {
    const other = await OnboardingPages.create(operator, 'CHECK');
    await other.confirmDetails();
    await other.start('domains');
    const missing = await other.awaited('domains', { domains: ['beacno.example'] });
    expect([missing.reason, missing.whatToDo]).toEqual(['There is no domain beacno.example, or it is not known yet.', expect.stringContaining(missing.records[0]!.value)]);
  });
});

describe('Synchronising Users', () => {
  test('a directory is tried out: what is wrong is said, and then what taking its people over would do', async () => {
    await pages.start('users');
    const { version: unread, secretsGiven } = await pages.save('users', { ...directoryForm(), bindPassword: WRONG_READER });
    expect(secretsGiven).toEqual(['bindPassword']);
    const refused = expectStatus(await pages.step('users', 'try', { version: unread }), 200);
    expect(refused).toMatchObject({ result: 'wrong', reason: expect.stringContaining('refuses the name or the password'), connection: null, report: null });
    expect(problemSlug(await pages.step('users', 'try', { version: unread - 1 }), 409)).toBe('changed-meanwhile');
    const { version } = await pages.save('users', directoryForm());
    expect(expectStatus(await pages.step('users', 'try', { version }), 200)).toMatchObject({
      result: 'ok', connection: { encryption: 'tls', people: 4 },
      report: { read: 4, problems: 1, toldProblems: [{ reason: expect.stringContaining('guest@elsewhere.example') }], plan: { counts: { add: 3, change: 0, leave: 0, conflict: 0 } } },
    });
    expect((await pages.task('users')).state).toBe('in-progress');
    expect(expectStatus<unknown[]>(await operator.get(`/api/users?account=${pages.code}`), 200)).toHaveLength(1);
    expect(await inDatabaseOf(instance, (db) => db('imports').whereNot({ state: 'merged' }).select('id'))).toEqual([]);
  });

  test('a certificate that nobody vouches for is refused, and so is a wrong password of the reader', async () => {
    const { certificateAuthority: _authority, ...unknown } = directoryForm();
    expect((await pages.refused('users', unknown)).reason).toMatch(/certificate/);
    const wrong = await pages.refused('users', { ...directoryForm(), bindPassword: WRONG_READER });
    expect(wrong.reason).toContain('refuses the name or the password');
    expect(wrong.facts).toBeNull();
  });

  test('brings its people in with the verdict, and leaves out who is none of the account', async () => {
    const { facts } = await pages.completed('users', directoryForm());
    expect(facts).toMatchObject({ connection: { encryption: 'tls' }, read: 4, problems: 1, done: { add: 3, change: 0, leave: 0, conflict: 0 } });
    const users = expectStatus<{ email: string }[]>(await operator.get(`/api/users?account=${pages.code}`), 200).map(({ email }) => email);
    expect(users).toEqual([`ada@${pages.code.toLowerCase()}.connect.postern.example`, `anna@${DOMAIN}`, `ben@${DOMAIN}`, `cleo@${DOMAIN}`]);
  });
});

describe('Setting Up User Authentication', () => {
  const types = async (): Promise<unknown> => (await startSignIn(http, `anna@${DOMAIN}`)).details.authenticationTypes;

  test('Domain is offered only once a named user has signed in', async () => {
    await pages.start('authentication');
    expect((await pages.refused('authentication', { method: 'domain', testUser: `nobody@${DOMAIN}`, testPassword: PASSWORD })).reason).toBe(`nobody@${DOMAIN} is none of your users.`);
    const wrong = await pages.refused('authentication', { method: 'domain', testUser: `anna@${DOMAIN}`, testPassword: WRONG });
    expect([wrong.reason, wrong.secretsGiven]).toEqual(['The directory refuses this password.', []]);
    expect(await types()).toEqual(['cloud']);
    const { facts, secretsGiven } = await pages.completed('authentication', { method: 'domain', testUser: `anna@${DOMAIN}`, testPassword: PASSWORD });
    expect([facts, secretsGiven]).toEqual([{ method: 'domain', testUser: `anna@${DOMAIN}`, users: 3 }, []]);
    expect(await types()).toEqual(['cloud', 'domain']);
  });

  test('check 69: the directory judges passwords: right, wrong, and of somebody unknown here', async () => {
    const attempt = async (email: string, password: string, authenticationType = 'domain') => take(http, (await startSignIn(http, email)).id, 'password', { authenticationType, password });
    expect(expectStatus<Flow>(await attempt(`anna@${DOMAIN}`, PASSWORD), 200).step).toBe('enrol-phone');
    expect(problemSlug(await attempt(`anna@${DOMAIN}`, WRONG), 422)).toBe('credentials-wrong');
    expect(problemSlug(await attempt(`anna@${DOMAIN}`, PASSWORD, 'cloud'), 422)).toBe('credentials-wrong');
    expect(problemSlug(await attempt(`nobody@${DOMAIN}`, PASSWORD), 422)).toBe('credentials-wrong');
    // The first administrator is in no directory and keeps the password that is kept here.
    expect(await inDatabaseOf(instance, (db) => db('users').where({ account_code: pages.code }).orderBy('email').pluck('authentication'))).toEqual(['cloud', 'domain', 'domain', 'domain']);
  });

  test('check 69: a directory that does not answer is told apart from a wrong password, and nothing is counted', async () => {
    await directory.stop();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const { id } = await startSignIn(http, `ben@${DOMAIN}`);
      expect(problemSlug(await take(http, id, 'password', { authenticationType: 'domain', password: PASSWORD }), 503)).toBe('directory-unavailable');
    }
    const wrong = await inDatabaseOf(instance, (db) => db('audit').where({ action: 'sign-in.password-wrong', account_code: pages.code }).select('subject'));
    expect(wrong).toHaveLength(3);
    expect(instance.output()).toMatch(/"code":"refused".*a directory could not be asked/);
  });
});

describe('mail', () => {
  test('Authorising Outbound Mail wants public hosts and an SPF record that includes us', async () => {
    await pages.start('outbound-mail');
    expect((await pages.task('outbound-mail')).records).toEqual([{ name: DOMAIN, type: 'TXT', value: 'v=spf1 include:spf.postern.example ~all', note: expect.any(String) }]);
    expect((await pages.refused('outbound-mail', { hosts: ['10.0.0.1'] })).reason).toMatch(/^10\.0\.0\.1 is /);
    const missing = await pages.awaited('outbound-mail', { hosts: ['mail.pilot.example'] });
    expect(missing.reason).toBe(`The SPF record of ${DOMAIN} does not include us: "v=spf1 mx -all".`);
    txt('v=spf1 mx include:spf.postern.example -all');
    expect((await pages.checkedAgain('outbound-mail')).facts).toMatchObject({ hosts: [{ host: 'mail.pilot.example', addresses: ['127.0.0.1'] }], domains: [{ domain: DOMAIN, tooManyLookups: false }] });
  });

  test('Delivering Inbound Mail reaches the host, reports STARTTLS, and sees the MX records change', async () => {
    const { port } = mailHost.server.address() as AddressInfo;
    await pages.start('inbound-mail');
    expect((await pages.task('inbound-mail')).records.map(({ type, value }) => `${type} ${value}`)).toEqual(['MX 10 mx1.postern.example', 'MX 20 mx2.postern.example']);
    expect((await pages.refused('inbound-mail', { host: 'nowhere.pilot.example', port })).reason).toContain('There is no host nowhere.pilot.example.');
    const elsewhere = await pages.awaited('inbound-mail', { host: 'mail.pilot.example', port });
    expect(elsewhere.reason).toBe(`Mail for ${DOMAIN} still goes to old.pilot.example.`);
    expect(elsewhere.facts).toMatchObject({ host: { startTls: { offered: true, works: true } }, mx: [{ domain: DOMAIN, changed: false, ours: false }] });
    dns.names.set(DOMAIN, { ...dns.names.get(DOMAIN), mx: [[10, 'mx1.postern.example'], [20, 'mx2.postern.example']] });
    expect((await pages.checkedAgain('inbound-mail')).facts).toMatchObject({ mx: [{ domain: DOMAIN, exchangers: ['mx1.postern.example', 'mx2.postern.example'], changed: true, ours: true }] });
  });
});

test('Review and Go Live completes the onboarding', async () => {
  await pages.start('review');
  expect((await pages.submit('review', { confirmed: true })).state).toBe('completed');
});

test('check 8: neither the password that a directory is read with nor one that was tried out is in a history, a log or a row', async () => {
  const histories = (await decodedHistories(instance)).map(({ workflowId, text }) => `${workflowId}\n${text}`).join('\n');
  const rows = await inDatabaseOf(instance, async (db) => {
    const tables = await db<{ name: string }>('sqlite_master').where('type', 'table').select('name');
    return JSON.stringify(await Promise.all(tables.map(({ name }) => db(name).select())));
  });
  expect(histories).toContain('"task":"authentication"');
  expect(rows).toContain(directory.reader.dn);
  const logs = ['api', 'worker'].map((part) => readFileSync(join(instance.dataDir, 'logs', `${part}.log`), 'utf8')).join('\n');
  expect(logs).toContain('tasks/users/try');
  for (const [place, text] of Object.entries({ histories, rows, logs, output: instance.output() })) {
    expect([place, [PASSWORD, WRONG, WRONG_READER, directory.reader.password].filter((secret) => text.includes(secret))]).toEqual([place, []]);
  }
});
