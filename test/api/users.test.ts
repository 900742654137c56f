import { failureKey } from '../../db/sign-in-failures';
import { signInLimits } from '../../domain/sign-in';
import { addressDigest } from '../../security/digests';
import { mobile, person } from '../support/demo';
import { instanceKeys } from '../support/histories';
import { expectStatus, problemSlug, type Answer, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { demoPassword, firstSignIn, startSignIn, take } from '../support/sign-in';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();
let operator: Http;
let administrator: Http;

interface User {
  readonly id: string;
  readonly email: string;
  readonly account: string;
  readonly role: string;
  readonly status: string;
  readonly locks: readonly { what: string; until: string | null }[];
}

beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
  administrator = (await firstSignIn(http(), 'admin@lighthouse.example', demoPassword(instance()), mobile(99), 'administration-console')).http;
});

const list = async (by: Http, query: string): Promise<User[]> => expectStatus<User[]>(await by.get(`/api/users${query}`), 200);
const userOf = async (email: string): Promise<User> => (await list(operator, `?email=${email}`))[0]!;

test('users are listed page by page, each page saying where the next one is', async () => {
  const all = await list(administrator, '');
  expect(all.length).toBeGreaterThan(50);
  const pages: User[] = [];
  for (let path: string | undefined = '/api/users?limit=20'; path !== undefined;) {
    const answer: Answer<User[]> = await administrator.get<User[]>(path);
    pages.push(...expectStatus<User[]>(answer, 200));
    path = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    expect(path ?? '').not.toContain('@');
  }
  expect(pages).toEqual(all);
  expect((await administrator.get('/api/users?limit=501')).status).toBe(400);
  expect((await administrator.get('/api/users?after=nobody')).status).toBe(404);
});

test('users are found by how address or name begins, of the own account only, and the search goes on with the page', async () => {
  expect((await list(administrator, '?search=USER%204')).map(({ email }) => email)).toEqual(expect.arrayContaining([person(4), person(40), person(49)]));
  expect(await list(administrator, '?search=nobody-like-that')).toEqual([]);
  expect(new Set((await list(operator, '?search=user1%40')).map(({ account }) => account)).size).toBeGreaterThan(1);
  const answer = await administrator.get<User[]>('/api/users?search=user&limit=2');
  const next = /^<([^>]+)>/.exec(answer.headers.get('link')!)![1]!;
  const [third] = expectStatus<User[]>(await administrator.get(next), 200);
  expect(third!.email > answer.body[1]!.email && third!.email.startsWith('user')).toBe(true);
  const strangers = (await list(operator, '?account=CUS22B2&limit=1'))[0]!;
  expect(problemSlug(await administrator.get(`/api/users?after=${strangers.id}`), 404)).toBe('not-found');
});

test('checks 12 and 65: a locked password is shown to an administrator, who ends the wait, on record', async () => {
  const [email, password] = [person(5), demoPassword(instance())];
  const key = failureKey.person(addressDigest(instanceKeys(instance()), email));
  await inDatabaseOf(instance(), (db) => db('sign_in_failures').insert({ key, total: signInLimits.lockFrom - 1, last_at: Date.now(), locked_until: null }));
  const { id: flow } = await startSignIn(http(), email);
  await take(http(), flow, 'password', { authenticationType: 'cloud', password: 'not it' });
  expect(problemSlug(await take(http(), flow, 'password', { authenticationType: 'cloud', password }), 429)).toBe('too-many-requests');
  const { id, locks } = await userOf(email);
  expect(locks).toEqual([{ what: 'password', until: expect.stringMatching(/Z$/) }]);
  expect(expectStatus<User>(await administrator.post(`/api/users/${id}/unlock-password`, {}), 200).locks).toEqual([]);
  expect(expectStatus<{ step: string }>(await take(http(), flow, 'password', { authenticationType: 'cloud', password }), 200).step).toBe('enrol-phone');
  expect(await inDatabaseOf(instance(), (db) => db('audit').where({ action: 'user.password-unlocked', subject: id }))).toHaveLength(1);
});

describe('nobody takes the role from the last administrator of an account', () => {
  const role = (by: Http, { id }: User, given: string) => by.post<User>(`/api/users/${id}/role`, { role: given });

  test('of two administrators who take it from each other at once, one stays', async () => {
    const [one, two] = [await userOf('admin@harbour.example'), await userOf('user4@harbour.example')];
    expect((await role(operator, two, 'administrator')).status).toBe(200);
    const answers = await Promise.all([role(operator, one, 'user'), role(operator, two, 'user')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(problemSlug(answers.find(({ status }) => status === 409)!, 409)).toBe('last-administrator');
    expect((await list(operator, '?account=CUS22B2')).filter((user) => user.role === 'administrator')).toHaveLength(1);
  });

  test('not an administrator from themselves, nor by being disabled; operators may close the account\'s last door', async () => {
    const self = await userOf('admin@lighthouse.example');
    expect(problemSlug(await role(administrator, self, 'user'), 409)).toBe('last-administrator');
    expect(problemSlug(await administrator.post(`/api/users/${self.id}/disable`, {}), 409)).toBe('last-administrator');
    const other = await userOf(person(6));
    expect((await role(administrator, other, 'administrator')).body.role).toBe('administrator');
    expect((await role(administrator, other, 'user')).body.role).toBe('user');
    expect((await administrator.get('/api/session')).status).toBe(200);
    expect(expectStatus<User>(await operator.post(`/api/users/${self.id}/disable`, {}), 200).status).toBe('disabled');
    expect((await administrator.get('/api/session')).status).toBe(401);
  });
});
