import { disabled, domainAuthenticated, mobile, nobody, person } from '../../support/demo';
import { problemSlug, type Answer, type Flow } from '../../support/http';
import { failureKey } from '../../../db/sign-in-failures';
import { signInLimits } from '../../../domain/sign-in';
import { addressDigest } from '../../../security/digests';
import { instanceKeys } from '../../support/histories';
import { inDatabaseOf } from '../../support/instance-database';
import { askForSecret } from '../../support/journey';
import { cookieOf, demoPassword, enterPassword, firstSignIn, getSignIn, startSignIn, take } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const { http, instance } = useInstance();

/** What of an answer may differ between two people: handles and moments. */
const volatileHeaders = new Set(['date', 'etag', 'content-length', 'x-request-id', 'retry-after']);

function visible(answer: Answer<Flow>, id: string): unknown {
  const text = answer.text.replaceAll(id, '<id>').replaceAll(/"expiresAt":"[^"]*"/g, '"…"');
  return { status: answer.status, text, headers: [...answer.headers].filter(([name]) => !volatileHeaders.has(name)).map(([name, value]) => [name, value.replaceAll(id, '<id>')]), cookies: answer.headers.getSetCookie() };
}

/** So many wrong passwords that one more locks: what comes then does not depend on how fast this machine is. */
async function almostLocked(email: string): Promise<void> {
  const key = failureKey.person(addressDigest(instanceKeys(instance()), email));
  await inDatabaseOf(instance(), (db) => db('sign_in_failures').insert({ key, total: signInLimits.lockFrom - 1, last_at: Date.now(), locked_until: null }).onConflict('key').merge());
}

/** Everything that a person sees before the right password. */
async function path(email: string): Promise<unknown[]> {
  await almostLocked(email);
  const begun = await http().post<Flow>('/api/sign-ins', { email, application: 'connect' });
  const { id } = begun.body;
  const answers: Answer<Flow>[] = [begun, await getSignIn(http(), id)];
  for (const authenticationType of ['domain', 'cloud', 'cloud']) answers.push(await take(http(), id, 'password', { authenticationType, password: 'Not-The-Right-1' }));
  for (const [action, body] of [['phone', { number: '+12025550101' }], ['passcode', { code: '123456' }], ['totp', { code: '123456' }], ['recovery-code', { code: 'abcd' }], ['new-password', { password: 'x', confirmation: 'x' }], ['resend', {}]] as const) {
    answers.push(await take(http(), id, action, body));
  }
  answers.push(await take(http(), id, 'cancel'), await take(http(), id, 'password', { authenticationType: 'cloud', password: 'x' }));
  return answers.map((answer) => visible(answer, id));
}

describe('check 20: before the right password every address of a domain looks the same', () => {
  let known: unknown[];
  beforeAll(async () => {
    known = await path(person(1));
  });

  test.each([['unknown', () => nobody()], ['disabled', () => disabled], ['of the directory', () => domainAuthenticated], ['without a number', () => person(20)]])('somebody %s', async (_who, address) => {
    expect(await path(address())).toEqual(known);
  });

  test('somebody who has enrolled a number', async () => {
    await firstSignIn(http(), person(3), demoPassword(instance()), mobile(3));
    expect(await path(person(3))).toEqual(known);
  });

  test('an address of another domain', async () => {
    expect(await path(nobody('elsewhere.example'))).toEqual(known);
    expect(await path(person(1, 'harbour.example'))).toEqual(known);
  });

  test('they are refused and delayed, and nothing of the kind comes from the path itself', () => {
    const statuses = (known as { status: number }[]).map(({ status }) => status);
    expect(statuses).toEqual([201, 200, 422, 422, 429, 409, 409, 409, 409, 409, 409, 200, 410]);
  });
});

test('check 20: the right password of somebody disabled, or of the other type, is as wrong as any', async () => {
  const answers: unknown[] = [];
  await inDatabaseOf(instance(), async (db) => {
    await db('users').where({ email: person(15) }).update({ status: 'disabled' });
    await db('users').where({ email: person(17) }).update({ authentication: 'domain' });
  });
  for (const email of [person(15), person(17), nobody()]) {
    const { id } = await startSignIn(http(), email);
    answers.push(visible(await take(http(), id, 'password', { authenticationType: 'cloud', password: demoPassword(instance()) }), id));
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test('check 23: Domain is offered by the account of the address, to everybody there, and to nobody before', async () => {
  const types = async (email: string): Promise<unknown> => (await startSignIn(http(), email)).details.authenticationTypes;
  expect([await types(person(5)), await types(domainAuthenticated), await types(nobody())]).toEqual([['cloud'], ['cloud'], ['cloud']]);
  await inDatabaseOf(instance(), async (db) => {
    await db('accounts').where({ code: 'CEU11A1' }).update({ domain_authentication: true });
    await db('users').where({ email: person(19) }).update({ authentication: 'domain' });
  });
  try {
    expect([await types(person(5)), await types(domainAuthenticated), await types(nobody())]).toEqual(Array(3).fill(['cloud', 'domain']));
    expect(await types(person(5, 'harbour.example'))).toEqual(['cloud']);
    // No directory is connected: that is told alike, counts nothing, and is no wrong password.
    for (const email of [person(19), person(5), nobody()]) {
      const { id } = await startSignIn(http(), email);
      for (let attempt = 0; attempt < 4; attempt += 1) expect(problemSlug(await take(http(), id, 'password', { authenticationType: 'domain', password: 'x' }), 503)).toBe('directory-unavailable');
    }
  } finally {
    await inDatabaseOf(instance(), (db) => db('accounts').where({ code: 'CEU11A1' }).update({ domain_authentication: false }));
  }
});

test('check 24: digits of the number are shown after the right password, and two of them', async () => {
  await firstSignIn(http(), person(7), demoPassword(instance()), mobile(7));
  const before = await startSignIn(http(), person(7));
  expect(JSON.stringify(before).replaceAll(before.id, '')).not.toMatch(/lastDigits|number/);
  const { details } = await enterPassword(http(), person(7), demoPassword(instance()));
  expect(details.number).toEqual({ lastDigits: '07' });
});

test('the handle from before the password never tells that it was given', async () => {
  const begun = await startSignIn(http(), person(9));
  const before = (await getSignIn(http(), begun.id)).body;
  const proven = await take(http(), begun.id, 'password', { authenticationType: 'cloud', password: demoPassword(instance()) });
  expect(proven.body.id).not.toBe(begun.id);
  expect((await getSignIn(http(), begun.id)).body).toEqual(before);
  for (const [action, body] of [['phone', { number: mobile(9) }], ['passcode', { code: '123456' }], ['new-password', { password: 'x', confirmation: 'x' }]] as const) {
    expect(problemSlug(await take(http(), begun.id, action, body), 409)).toBe('wrong-step');
  }
  expect(problemSlug(await take(http(), begun.id, 'password', { authenticationType: 'cloud', password: 'x' }), 422)).toBe('credentials-wrong');
  await take(http(), begun.id, 'cancel');
  expect((await getSignIn(http(), proven.body.id)).body.step).toBe('enrol-phone');
});

test('check 22: asking for a reset and signing in tell apart neither known and unknown, nor what the other knows', async () => {
  const answers: unknown[] = [];
  for (const email of [person(11), nobody()]) {
    const reset = await askForSecret(http(), email, 'email');
    const { id } = await startSignIn(http(), email);
    answers.push(visible(await getSignIn(http(), id), id), reset.step);
  }
  expect(answers.slice(2)).toEqual(answers.slice(0, 2));
});

test('check 60: a handle of a reset finds no sign-in, and the other way round', async () => {
  const reset = await askForSecret(http(), person(13), 'email');
  expect(problemSlug(await getSignIn(http(), reset.id), 404)).toBe('flow-not-found');
  expect(problemSlug(await take(http(), reset.id, 'passcode', { code: '123456' }), 404)).toBe('flow-not-found');
  const signIn = await startSignIn(http(), person(13));
  expect(problemSlug(await http().get(`/api/password-resets/${signIn.id}`), 404)).toBe('flow-not-found');
  expect(cookieOf(await getSignIn(http(), signIn.id))).toBeUndefined();
});
