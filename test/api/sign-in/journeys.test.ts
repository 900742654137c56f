import { mobile, person } from '../../support/demo';
import { expectStatus, problemSlug, type Flow } from '../../support/http';
import { codeIn, messagesTo, waitForMessage } from '../../support/messages';
import { cookieOf, demoPassword, enterPassword, firstSignIn, getSignIn, passcodeAfter, signInAgain, startSignIn, take } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const { http, instance } = useInstance();
const password = (): string => demoPassword(instance());

test('check 48: the first sign-in enrols a number, shown as it was understood; the next sends the passcode to it', async () => {
  const begun = await startSignIn(http(), person(1), 'secure-messaging');
  expect(begun).toMatchObject({ kind: 'sign-in', step: 'enter-password', details: { application: 'secure-messaging', authenticationTypes: ['cloud'] } });
  const proven = expectStatus<Flow>(await take(http(), begun.id, 'password', { authenticationType: 'cloud', password: password() }), 200);
  expect(proven).toMatchObject({ step: 'enrol-phone' });
  expect(proven.id).not.toBe(begun.id);
  const { flow, code } = await passcodeAfter(http(), mobile(1), async () => expectStatus<Flow>(await take(http(), proven.id, 'phone', { number: '+1 (202) 555-0101' }), 200));
  expect(flow).toMatchObject({ id: proven.id, step: 'enter-passcode', details: { number: { display: '+1 202 555 0101', country: 'US', lastDigits: '01' } } });
  const done = await take(http(), proven.id, 'passcode', { code });
  expect(done.body).toMatchObject({ step: 'done', actions: [], expiresAt: null, details: { application: 'secure-messaging', assurance: 'two-step' } });
  const session = await http().with({ cookie: cookieOf(done)! }).get('/api/session');
  expect(session.body).toMatchObject({ user: { email: person(1), role: 'user', account: 'CEU11A1' }, application: 'secure-messaging', assurance: 'two-step' });
  expect((await waitForMessage(http(), person(1))).text).toContain('ending in 01');

  const again = await enterPassword(http(), person(1), password());
  expect(again).toMatchObject({ step: 'enter-passcode', details: { number: { lastDigits: '01' } } });
  expect(JSON.stringify(again.details)).not.toMatch(/\+1|555/);
});

test('checks 47 and 48: a number is refused with the reason', async () => {
  const { id } = await enterPassword(http(), person(3), password());
  for (const [number, reason] of [['0612345678', 'leading-zero'], ['+4401632960961', 'leading-zero'], ['+1202555', 'impossible'], ['+15551234567', 'invalid'], ['+442079460000', 'not-mobile'], ['', 'empty']]) {
    const refused = await take<{ reason: string }>(http(), id, 'phone', { number });
    expect([number, problemSlug(refused, 422), refused.body.reason]).toEqual([number, 'number-invalid', reason]);
  }
  expect((await getSignIn(http(), id)).body.step).toBe('enrol-phone');
});

test('a mistyped number is corrected: the passcode to the first one is dead', async () => {
  const { id } = await enterPassword(http(), person(5), password());
  const first = await passcodeAfter(http(), mobile(7), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(7) }), 200));
  const second = await passcodeAfter(http(), mobile(5), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(5) }), 200));
  if (first.code !== second.code) expect(problemSlug(await take(http(), id, 'passcode', { code: first.code }), 422)).toBe('secret-wrong');
  const done = expectStatus<Flow>(await take(http(), id, 'passcode', { code: second.code }), 200);
  expect(done.step).toBe('done');
});

test('the same number sent again is no other request: one text goes out', async () => {
  const { id } = await enterPassword(http(), person(9), password());
  const { code } = await passcodeAfter(http(), mobile(9), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(9) }), 200));
  expectStatus(await take(http(), id, 'phone', { number: mobile(9) }), 200);
  expect(expectStatus<Flow>(await take(http(), id, 'passcode', { code }), 200).step).toBe('done');
  expect((await messagesTo(http(), mobile(9))).map(codeIn)).toEqual([code]);
});

test('signing in again asks for the passcode only', async () => {
  await firstSignIn(http(), person(11), password(), mobile(11));
  const { http: browser } = await signInAgain(http(), person(11), password(), mobile(11), 'secure-messaging');
  expect((await browser.get('/api/session')).body).toMatchObject({ application: 'secure-messaging', assurance: 'two-step' });
});
