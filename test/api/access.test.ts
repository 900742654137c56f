import { operations } from '../../api/contract/operations';
import type { Who } from '../../api/contract/operation';
import { insertSession } from '../../db/sessions';
import { roles, type Role } from '../../domain/sign-in';
import { randomValueDigest } from '../../security/digests';
import { newOperatorToken } from '../../security/secrets';
import { SESSION_COOKIE } from '../../api/cookies';
import { person } from '../support/demo';
import type { Answer, Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { someSession } from '../support/sessions';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();

/** Everybody who may come along: nobody, a person of each role, an operator with a token. */
const callers = ['nobody', ...roles, 'operator with a token'] as const;
type Caller = (typeof callers)[number];

const ALLOWED: Record<Who, readonly Caller[]> = {
  anyone: callers,
  holder: callers,
  'signed-in': roles,
  owner: [...roles, 'operator with a token'],
  administrator: ['administrator', 'operator', 'operator with a token'],
  operator: ['operator', 'operator with a token'],
};

const account = { own: 'CEU11A1', other: 'CUS22B2' } as const;
/** The other account's onboarding, and one that the administrators of the own account have. */
const onboardings = { own: account.own, other: 'WALK1B2' } as const;
let ids: Record<'own' | 'other', { user: string; profile: string; group: string; event: string }>;
const browsers = {} as Record<Caller, Http>;

/** Signs a person in without steps: what is walked here is what a session opens. */
async function sessionOf(email: string, role: Role): Promise<Http> {
  const token = newOperatorToken();
  await inDatabaseOf(instance(), async (db) => {
    await db('users').where({ email }).update({ role });
    const { id } = await db('users').where({ email }).first<{ id: string }>('id');
    const now = Date.now();
    const { ended_at: _at, ended_why: _why, ...session } = someSession(id, { digest: randomValueDigest(token), created_at: now, last_seen_at: now, expires_at: now + 86_400_000 });
    await insertSession(db, session);
  });
  return http().with({ cookie: `${SESSION_COOKIE}=${token}` });
}

const someEvent = { kind: 'planned', groups: ['Walked'], startsAt: '2199-01-01T08:00:00Z', endsAt: '2199-01-01T09:00:00Z', alerts: { start: 'Mail is down.', end: 'Mail is back.' } };

async function idsOf(code: string, email: string): Promise<(typeof ids)['own']> {
  const operator = browsers['operator with a token'];
  const found = async (path: string): Promise<string> => (await operator.get<{ id: string }[]>(path)).body[0]!.id;
  const group = await operator.post<{ id: string }>('/api/groups', { account: code, name: 'Walked' });
  await inDatabaseOf(instance(), (db) => db('accounts').where({ code }).update({ subscriptions: '["sms-services"]' }));
  const event = await operator.post<{ id: string }>('/api/continuity-events', { ...someEvent, account: code });
  return { user: await found(`/api/users?email=${email}`), profile: await found(`/api/authentication-profiles?account=${code}`), group: group.body.id, event: event.body.id };
}

beforeAll(async () => {
  browsers.nobody = http();
  browsers['operator with a token'] = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
  for (const [index, role] of roles.entries()) browsers[role] = await sessionOf(person(2 * index + 2), role);
  await browsers['operator with a token'].post('/api/accounts', { code: onboardings.other, name: 'Walked', region: 'us', administrator: { email: 'walked@other.example', name: 'Walked' } });
  ids = { own: await idsOf(account.own, person(40)), other: await idsOf(account.other, person(40, 'harbour.example')) };
});

/** The path of an operation for a record of an account. */
function pathFor(path: string, whose: 'own' | 'other'): string {
  const { user, profile, group, event } = ids[whose];
  if (path.includes('{account}')) return path.replace('{account}', onboardings[whose]).replace('{task}', 'details');
  if (path.startsWith('/api/continuity-events')) return path.replace('{id}', event);
  if (path.startsWith('/api/users')) return path.replace('{id}', user);
  if (path.startsWith('/api/authentication-profiles')) return path.replace('{id}', profile);
  return path.replace('{id}', path.startsWith('/api/groups') ? group : 'A'.repeat(22));
}

/** Calls an operation with a body that is read and refused: whom it is for is decided before. */
function call(browser: Http, { method, path }: (typeof operations)[number], whose: 'own' | 'other' = 'own', body: unknown = {}): Promise<Answer> {
  const reads = method === 'get' || method === 'delete';
  return browser.send(method.toUpperCase(), pathFor(path, whose), reads ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** Signing out last, or the walk would go on as nobody; disabling somebody is walked for the right to, not for its effect. */
const walked = operations.filter(({ path, method }) => !(path === '/api/session' && method === 'delete') && !/\/(disable|events)$/.test(path));

describe.each(callers)('as %s', (caller) => {
  test.each(walked.map((operation) => [`${operation.method.toUpperCase()} ${operation.path}`, operation] as const))('%s', async (_name, operation) => {
    const { status } = await call(browsers[caller], operation);
    if (ALLOWED[operation.who].includes(caller)) expect([401, 403]).not.toContain(status);
    else expect(status).toBe(caller === 'nobody' || (caller === 'operator with a token' && status === 401) ? 401 : 403);
  });
});

/** Bodies that would be taken, so that nothing but the account is in the way. */
const bodies: Record<string, (whose: 'own' | 'other') => unknown> = {
  'post /api/users/{id}/password-resets': () => ({ method: 'email' }),
  'put /api/onboardings/{account}/tasks/{task}/draft': () => ({ version: 0, draft: {} }),
  'post /api/onboardings/{account}/tasks/{task}/submit': () => ({ version: 0 }),
  'post /api/onboardings/{account}/tasks/users/try': () => ({ version: 0 }),
  'post /api/users/{id}/role': () => ({ role: 'administrator' }),
  'put /api/continuity-events/{id}': () => ({ version: 1, name: 'Walked' }),
  'post /api/continuity-events/{id}/update': () => ({ alert: 'Walked' }),
  'put /api/groups/{id}': (whose) => ({ account: account[whose], name: 'Walked' }),
  'put /api/authentication-profiles/{id}': (whose) => ({
    account: account[whose], name: 'Default', passwordResetOptions: { selfService: true, sms: true, email: true, smsSoleFactorAccepted: true }, twoStep: 'off', legacyComplexity: false, helpContact: 'Ask.',
  }),
};

describe('an administrator finds nothing of another account', () => {
  const kept = operations.filter(({ who, path }) => who === 'administrator' && /\{(id|account)\}/.test(path));
  test.each(kept.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))('%s', async (name, operation) => {
    const body = bodies[name] ?? (() => ({}));
    expect((await call(browsers.administrator, operation, 'other', body('other'))).status).toBe(404);
    // What is no part of a record cannot lead it elsewhere: an event names its account once.
    if (operation.method === 'put' && operation.path.includes('{id}') && !operation.path.startsWith('/api/continuity-events')) expect((await call(browsers.administrator, operation, 'own', body('other'))).status).toBe(404);
  });

  test.each(['/api/users', '/api/groups', '/api/authentication-profiles'])('GET %s lists the own account only, whichever is asked for', async (path) => {
    for (const query of ['', `?account=${account.other}`]) {
      const listed = (await browsers.administrator.get<{ account: string }[]>(`${path}${query}`)).body;
      expect(new Set(listed.map((row) => row.account))).toEqual(new Set([account.own]));
    }
  });

  test.each([['/api/groups', { name: 'Another' }], ['/api/continuity-events', { ...someEvent, groups: ['Walked'] }], ['/api/authentication-profiles', { ...(bodies['put /api/authentication-profiles/{id}']!('own') as object), name: 'Another' }]])('POST %s adds nothing to another account', async (path, body) => {
    expect((await browsers.administrator.post(path, { ...body, account: account.other })).status).toBe(404);
    expect((await browsers.administrator.post(path, { ...body, account: account.own })).status).toBe(201);
  });

  test('what was walked changed nothing there', async () => {
    const operator = browsers['operator with a token'];
    expect((await operator.get(`/api/onboardings/${onboardings.other}`)).body).toMatchObject({ step: 'welcome' });
    expect((await operator.get(`/api/continuity-events/${ids.other.event}`)).body).toMatchObject({ step: 'planned', details: { version: 1, name: null } });
    expect((await operator.get(`/api/users/${ids.other.user}`)).body).toMatchObject({ role: 'user', status: 'active' });
    expect((await operator.get(`/api/authentication-profiles/${ids.other.profile}`)).body).toMatchObject({ twoStep: 'sms' });
  });
});

test('an administrator gives and takes roles of the own account, none that reach beyond it', async () => {
  const { administrator } = browsers;
  for (const [role, status] of [['administrator', 200], ['user', 200], ['operator', 403], ['partner', 403], ['recipient', 403]] as const) {
    expect([role, (await administrator.post(`/api/users/${ids.own.user}/role`, { role })).status]).toEqual([role, status]);
  }
  const [operator] = (await browsers['operator with a token'].get<{ id: string; role: string }[]>('/api/users?account=CEU11A1')).body.filter(({ role }) => role === 'operator');
  expect((await administrator.post(`/api/users/${operator!.id}/role`, { role: 'user' })).status).toBe(403);
});

test('check 65: what administrators do is on record, with who did it', async () => {
  const actions = await inDatabaseOf(instance(), (db) => db('audit').where('details', 'like', '%"by":%').distinct().pluck('action'));
  expect(actions).toEqual(expect.arrayContaining(['user.role-changed', 'user.second-step-reset', 'user.reset-unlocked', 'user.enabled', 'profile.added']));
});
