import { mobile, person } from '../../support/demo';
import { expectStatus, problemSlug, type Answer, type Flow, type Http } from '../../support/http';
import { inDatabaseOf } from '../../support/instance-database';
import { browserOf, demoPassword, enterPassword, firstSignIn, passcodeAfter, startSignIn, take, type SignedIn } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const { http, instance } = useInstance();
const password = (): string => demoPassword(instance());
const administrator = { email: 'admin@harbour.example', number: '+13125550190' };

interface Session {
  readonly application: string;
  readonly assurance: string;
  readonly applications: readonly { application: string; stepUp: boolean }[];
}

const sessionOf = async (browser: Http): Promise<Session> => expectStatus<Session>(await browser.get('/api/session'), 200);
const go = <Body = Flow>(browser: Http, application: string, key?: string): Promise<Answer<Body>> => browser.post<Body>('/api/session/application', { application }, key === undefined ? {} : { 'idempotency-key': key });
const setTwoStep = (twoStep: 'off' | 'sms'): Promise<unknown> => inDatabaseOf(instance(), (db) => db('authentication_profiles').where({ account_code: 'CUS22B2' }).update({ two_step: twoStep }));

/** Signs in with the password alone, where the profile asks for no more. */
async function byPassword(email: string, application = 'personal-portal'): Promise<SignedIn> {
  const { id } = await startSignIn(http(), email, application);
  return browserOf(http(), await take(http(), id, 'password', { authenticationType: 'cloud', password: password() }));
}

test('an administrator with two steps moves from application to application without another sign-in, and the session says where it is', async () => {
  const { http: browser, cookie } = await firstSignIn(http(), 'admin@lighthouse.example', password(), mobile(99));
  expect(await sessionOf(browser)).toMatchObject({ application: 'personal-portal', applications: expect.arrayContaining([{ application: 'connect', stepUp: false }, { application: 'administration-console', stepUp: false }]) });
  for (const application of ['administration-console', 'connect', 'administration-console']) {
    const answer = await go<Session>(browser, application);
    expect([answer.status, answer.body.application, answer.headers.getSetCookie()]).toEqual([200, application, []]);
    expect((await sessionOf(browser.with({ cookie }))).application).toBe(application);
  }
  const moved = await inDatabaseOf(instance(), (db) => db('audit').where({ action: 'session.switched' }).orderBy('seq').pluck('details'));
  expect(moved.map((details) => (JSON.parse(String(details)) as { to: string }).to)).toEqual(['administration-console', 'connect', 'administration-console']);
  expect(problemSlug(await go(browser, 'partner-portal'), 403)).toBe('application-not-open');
  expect((await go(browser, 'nowhere')).status).toBe(400);
});

test('check 23: an application that is not for somebody\'s role is refused after the proof, and not before: they are signed in where they may be', async () => {
  const begun = await startSignIn(http(), person(1), 'administration-console');
  const theirs = await startSignIn(http(), 'admin@lighthouse.example', 'administration-console');
  const visible = ({ id, details, step, actions }: Flow): string => JSON.stringify({ step, details, actions }).replaceAll(id, '');
  expect(visible(begun)).toBe(visible(theirs));
  const { http: browser, flow } = await firstSignIn(http(), person(1), password(), mobile(1), 'administration-console');
  expect(flow).toMatchObject({ step: 'done', details: { application: 'administration-console', open: false } });
  expect(await sessionOf(browser)).toMatchObject({ application: 'personal-portal', applications: [{ application: 'personal-portal' }, { application: 'secure-messaging' }] });
  expect(problemSlug(await go(browser, 'administration-console'), 403)).toBe('application-not-open');
  expect((await sessionOf(browser)).application).toBe('personal-portal');
  expect(problemSlug(await browser.get('/api/users'), 403)).toBe('forbidden');
});

describe('a session by password alone', () => {
  beforeEach(() => setTwoStep('off'));
  afterAll(() => setTwoStep('sms'));

  test('checks 32 and 58: administers until the profile asks for more; the step-up then asks for the password, since something is enrolled, and brings a new session', async () => {
    const first = await byPassword(administrator.email);
    expect((await sessionOf(first.http)).applications).toContainEqual({ application: 'administration-console', stepUp: false });
    expect((await first.http.get('/api/users')).status).toBe(200);
    await setTwoStep('sms');
    expect((await sessionOf(first.http)).applications).toContainEqual({ application: 'administration-console', stepUp: true });
    expect(problemSlug(await first.http.get('/api/users'), 403)).toBe('step-up-required');
    expect(problemSlug(await first.http.get('/api/onboardings/CUS22B2'), 403)).toBe('step-up-required');

    const begun = expectStatus<Flow>(await go(first.http, 'administration-console', 'the same'), 201);
    expect(begun).toMatchObject({ step: 'enter-password', details: { application: 'administration-console' } });
    expect(expectStatus<Flow>(await go(first.http, 'administration-console', 'the same'), 201).id).toBe(begun.id);
    expect(problemSlug(await take(http(), begun.id, 'password', { authenticationType: 'cloud', password: 'not it' }), 422)).toBe('credentials-wrong');
    const proven = expectStatus<Flow>(await take(http(), begun.id, 'password', { authenticationType: 'cloud', password: password() }), 200);
    expect(proven.step).toBe('enrol-phone');
    const { code } = await passcodeAfter(http(), administrator.number, async () => expectStatus(await take(http(), proven.id, 'phone', { number: administrator.number }), 200));
    const second = browserOf(http(), await take(http(), proven.id, 'passcode', { code }));
    expect(second.cookie).not.toBe(first.cookie);
    expect((await first.http.get('/api/session')).status).toBe(401);
    expect(await sessionOf(second.http)).toMatchObject({ application: 'administration-console', assurance: 'two-step' });
    expect((await second.http.get('/api/users')).status).toBe(200);
  });

  test('is asked for the number that somebody has where an account is kept, whatever the profile: only the passcode, no password', async () => {
    const { http: browser } = await byPassword(administrator.email);
    expect(problemSlug(await browser.get('/api/users'), 403)).toBe('step-up-required');
    expect((await go(browser, 'secure-messaging')).status).toBe(200);
    const { flow, code } = await passcodeAfter(http(), administrator.number, async () => expectStatus<Flow>(await go(browser, 'connect', 'once'), 201));
    expect(flow).toMatchObject({ step: 'enter-passcode', details: { application: 'connect', number: { lastDigits: '90' } } });
    expect((await sessionOf(browser)).application).toBe('secure-messaging');
    const stepped = browserOf(http(), await take(http(), flow.id, 'passcode', { code }));
    expect(await sessionOf(stepped.http)).toMatchObject({ application: 'connect', assurance: 'two-step' });
    expect((await browser.get('/api/session')).status).toBe(401);
    expect((await enterPassword(http(), administrator.email, password(), 'connect')).step).toBe('enter-passcode');
  });

  test('check 28: a step-up ends with the session that it began in', async () => {
    const { http: browser } = await byPassword(administrator.email);
    const { flow, code } = await passcodeAfter(http(), administrator.number, async () => expectStatus<Flow>(await go(browser, 'connect'), 201));
    expect((await browser.send('DELETE', '/api/session')).status).toBe(204);
    expect(problemSlug(await take(http(), flow.id, 'passcode', { code }), 410)).toBe('flow-cancelled');
  });
});

test('the address that a sign-in was begun with is told to who holds it, known or not, until it has ended', async () => {
  for (const email of [person(3), 'nobody@lighthouse.example']) {
    const { id } = await startSignIn(http(), email);
    expect(expectStatus(await http().get(`/api/sign-ins/${id}/address`), 200)).toEqual({ email });
    await take(http(), id, 'cancel');
    expect(problemSlug(await http().get(`/api/sign-ins/${id}/address`), 410)).toBe('flow-cancelled');
  }
});
