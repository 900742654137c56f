import { SESSION_COOKIE } from '../../../api/cookies';
import { mobile, person } from '../../support/demo';
import { expectStatus, problemSlug, type Flow, type Http } from '../../support/http';
import { inDatabaseOf } from '../../support/instance-database';
import { resetBySms } from '../../support/journey';
import { browserOf, cookieOf, demoPassword, enterPassword, firstSignIn, getSignIn, passcodeAfter, signInAgain, startSignIn, take } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const { http, instance } = useInstance();
const password = (): string => demoPassword(instance());
const signIn = (number: number): ReturnType<typeof firstSignIn> => firstSignIn(http(), person(number), password(), mobile(number));
const statusOf = async (browser: Http): Promise<number> => (await browser.get('/api/session')).status;
const operator = async (): Promise<Http> => http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
async function userId(email: string): Promise<string> {
  return expectStatus<{ id: string }[]>(await (await operator()).get(`/api/users?email=${email}`), 200)[0]!.id;
}

interface Listed {
  readonly id: string;
  readonly current: boolean;
}

test('check 58: the cookie is __Host-, Secure, HttpOnly and SameSite, and comes with the last step alone', async () => {
  const { id } = await enterPassword(http(), person(1), password());
  const { code } = await passcodeAfter(http(), mobile(1), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(1) }), 200));
  const done = await take(http(), id, 'passcode', { code });
  const [cookie, ...more] = done.headers.getSetCookie();
  expect(more).toEqual([]);
  expect(cookie).toMatch(new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`));
  expect(done.text).not.toContain(cookieOf(done)!.split('=')[1]);
  expect((await getSignIn(http(), id)).headers.getSetCookie()).toEqual([]);
});

test('check 58: another sign-in has another session, and the one before stays its owner\'s to end', async () => {
  const first = await signIn(3);
  const second = await signInAgain(http(), person(3), password(), mobile(3), 'secure-messaging');
  expect(second.cookie).not.toBe(first.cookie);
  const listed = expectStatus<Listed[]>(await second.http.get('/api/sessions'), 200);
  expect(listed).toEqual([expect.objectContaining({ application: 'secure-messaging', current: true }), expect.objectContaining({ application: 'personal-portal', current: false })]);
  expect((await second.http.send('DELETE', `/api/sessions/${listed[1]!.id}`)).status).toBe(204);
  expect([await statusOf(first.http), await statusOf(second.http)]).toEqual([401, 200]);
  expect(problemSlug(await second.http.send('DELETE', `/api/sessions/${listed[1]!.id}`), 404)).toBe('not-found');
});

test('check 28: signing out ends the session: its cookie is cleared, and replayed it opens nothing', async () => {
  const { http: browser } = await signIn(5);
  const answer = await browser.send('DELETE', '/api/session');
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(new RegExp(`^${SESSION_COOKIE}=; Path=/; Expires=Thu, 01 Jan 1970`))]);
  expect(problemSlug(await browser.get('/api/session'), 401)).toBe('unauthenticated');
});

test('check 28: nobody ends somebody else\'s session', async () => {
  const [mine, theirs] = [await signIn(7), await signIn(9)];
  const [{ id }] = expectStatus<[Listed]>(await theirs.http.get('/api/sessions'), 200);
  expect((await mine.http.send('DELETE', `/api/sessions/${id}`)).status).toBe(404);
  expect(await statusOf(theirs.http)).toBe(200);
});

test('check 28: a reset ends every session', async () => {
  const { http: browser } = await signIn(11);
  await resetBySms(http(), person(11), mobile(11));
  expect(problemSlug(await browser.get('/api/session'), 401)).toBe('unauthenticated');
});

test('check 31: a reset ends the sign-ins that the old password proved', async () => {
  await signIn(13);
  const pending = await passcodeAfter(http(), mobile(13), () => enterPassword(http(), person(13), password()));
  await resetBySms(http(), person(13), mobile(13));
  expect(problemSlug(await take(http(), pending.flow.id, 'passcode', { code: pending.code }), 410)).toBe('flow-cancelled');
  const { id } = await startSignIn(http(), person(13));
  expect(problemSlug(await take(http(), id, 'password', { authenticationType: 'cloud', password: password() }), 422)).toBe('credentials-wrong');
});

test('check 68: disabling somebody ends sessions and sign-ins under way, for good', async () => {
  const { http: browser } = await signIn(15);
  const pending = await passcodeAfter(http(), mobile(15), () => enterPassword(http(), person(15), password()));
  const id = await userId(person(15));
  expectStatus(await (await operator()).post(`/api/users/${id}/disable`, {}), 200);
  expect(await statusOf(browser)).toBe(401);
  expect(problemSlug(await take(http(), pending.flow.id, 'passcode', { code: pending.code }), 410)).toBe('flow-cancelled');
  expectStatus(await (await operator()).post(`/api/users/${id}/enable`, {}), 200);
  expect(await statusOf(browser)).toBe(401);
});

test('check 28: another role ends the sessions of the one before', async () => {
  const { http: browser } = await signIn(17);
  const changed = expectStatus<{ role: string }>(await (await operator()).post(`/api/users/${await userId(person(17))}/role`, { role: 'administrator' }), 200);
  expect(changed.role).toBe('administrator');
  expect(await statusOf(browser)).toBe(401);
});

test('check 59: a session that was not used for an hour, or began a day ago, is gone', async () => {
  const [idle, old] = [await signIn(19), await signIn(21)];
  const digestOf = (number: number) => inDatabaseOf(instance(), (db) => db('users').where({ email: person(number) }).first<{ id: string }>('id'));
  const [idleUser, oldUser] = [await digestOf(19), await digestOf(21)];
  await inDatabaseOf(instance(), async (db) => {
    await db('sessions').where({ user_id: idleUser.id }).update({ last_seen_at: Date.now() - 3_600_000 });
    await db('sessions').where({ user_id: oldUser.id }).update({ expires_at: Date.now() });
  });
  expect([await statusOf(idle.http), await statusOf(old.http)]).toEqual([401, 401]);
});

describe('check 58: what another site sends with the cookie', () => {
  let browser: Http;
  beforeAll(async () => {
    browser = (await signIn(23)).http;
  });

  const strangers = { 'Sec-Fetch-Site cross-site': { 'sec-fetch-site': 'cross-site' }, 'Sec-Fetch-Site same-site': { 'sec-fetch-site': 'same-site' }, 'another origin': { origin: 'https://evil.example' }, 'no origin': { origin: 'null' } };
  test.each(Object.entries(strangers))('is refused: %s', async (_what, headers) => {
    const requests = [['POST', '/api/session/factors/totp', { password: 'x' }], ['POST', '/api/sign-ins', { email: person(23), application: 'connect' }], ['DELETE', '/api/session', undefined]] as const;
    for (const [method, path, body] of requests) {
      const answer = await browser.send(method, path, { headers: { 'content-type': 'application/json', ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) });
      expect([method, path, problemSlug(answer, 403)]).toEqual([method, path, 'cross-site-request']);
    }
    expect(await statusOf(browser)).toBe(200);
  });

  test.each<Record<string, string>>([{ origin: 'own', 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {}])('our own pages are served: %j', async (headers) => {
    const own = headers.origin === undefined ? headers : { ...headers, origin: http().url };
    expect(problemSlug(await browser.post('/api/session/factors/totp', { password: 'not it' }, own), 422)).toBe('credentials-wrong');
  });
});

test('check 28: a repeat by its key gets no answer any more once the session has ended', async () => {
  const { http: browser } = await signIn(27);
  const repeat = () => browser.post('/api/session/factors/totp', { password: password() }, { 'idempotency-key': 'the same' });
  const first = await repeat();
  expect([first.status, (await repeat()).text]).toEqual([201, first.text]);
  await browser.send('DELETE', '/api/session');
  expect(problemSlug(await repeat(), 401)).toBe('unauthenticated');
});

test('a cookie beside an operator\'s token that is wrong opens nothing', async () => {
  const { http: browser } = await signIn(25);
  expect((await browser.with({ authorization: `Bearer ${'x'.repeat(43)}` }).get('/api/session')).status).toBe(401);
});

test('a password alone signs in where the profile turned two-step authentication off, and no workflow hears of it', async () => {
  await inDatabaseOf(instance(), (db) => db('authentication_profiles').where({ account_code: 'CUS22B2' }).update({ two_step: 'off' }));
  const email = person(2, 'harbour.example');
  const { id } = await startSignIn(http(), email, 'secure-messaging');
  const browser = browserOf(http(), await take(http(), id, 'password', { authenticationType: 'cloud', password: password() }, 'the same'));
  expect(browser.flow).toMatchObject({ step: 'done', details: { assurance: 'single' } });
  expect((await browser.http.get('/api/session')).body).toMatchObject({ assurance: 'single', application: 'secure-messaging' });
  const repeat = browserOf(http(), await take(http(), id, 'password', { authenticationType: 'cloud', password: password() }, 'the same'));
  expect([repeat.cookie, repeat.flow.id]).toEqual([browser.cookie, browser.flow.id]);
  expect(problemSlug(await take<Flow>(http(), id, 'password', { authenticationType: 'cloud', password: password() }), 410)).toBe('flow-done');
});
