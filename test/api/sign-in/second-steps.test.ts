import { mobile, person } from '../../support/demo';
import { expectStatus, problemSlug, type Flow, type Http } from '../../support/http';
import { Authenticator } from '../../support/authenticator';
import { newPassword } from '../../support/journey';
import { waitForMessage } from '../../support/messages';
import { browserOf, demoPassword, enterPassword, firstSignIn, passcodeAfter, take, type SignedIn } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const { http, instance } = useInstance();
const password = (): string => demoPassword(instance());
const reauthenticated = (browser: Http, path: string): Promise<Flow> => browser.post<Flow>(path, { password: password() }).then((answer) => expectStatus<Flow>(answer, 201));

interface Enrolment {
  readonly uri: string;
  readonly secret: string;
}

/** Enrols an authenticator from a session whose number is saved. */
async function enrolTotp(browser: SignedIn, number: string): Promise<{ browser: SignedIn; app: Authenticator; recoveryCodes: string[] }> {
  const { flow, code } = await passcodeAfter(http(), number, () => reauthenticated(browser.http, '/api/session/factors/totp'));
  const { details } = expectStatus<Flow>(await take(browser.http, flow.id, 'passcode', { code }), 200);
  const app = new Authenticator((details.enrolment as Enrolment).secret);
  const done = browserOf(http(), await take(browser.http, flow.id, 'totp', { code: app.code() }));
  return { browser: done, app, recoveryCodes: done.flow.details.recoveryCodes as string[] };
}

test('checks 32 and 47: an authenticator is enrolled from a session, and asked for from then on; recovery codes stand for it', async () => {
  const first = await firstSignIn(http(), person(1), password(), mobile(1));
  const { browser, app, recoveryCodes } = await enrolTotp(first, mobile(1));
  expect(recoveryCodes).toHaveLength(10);
  await waitForMessage(http(), person(1), ({ text }) => text.includes('an authenticator app was enrolled'));
  expect((await browser.http.get('/api/session/factors')).body).toMatchObject({ phone: { lastDigits: '01' }, totp: { enrolledAt: expect.any(String) }, recoveryCodes: 10 });

  const again = await enterPassword(http(), person(1), password());
  expect(again).toMatchObject({ step: 'enter-totp' });
  expect(again.details).not.toHaveProperty('enrolment');
  expect(again.actions.map(({ name }) => name)).toEqual(['totp', 'recovery-code', 'cancel']);
  const code = app.code();
  browserOf(http(), await take(http(), again.id, 'totp', { code }));
  const replay = await enterPassword(http(), person(1), password());
  expect(problemSlug(await take(http(), replay.id, 'totp', { code }), 422)).toBe('secret-wrong');

  const recovered = browserOf(http(), await take(http(), replay.id, 'recovery-code', { code: recoveryCodes[0] }));
  expect(recovered.flow.details.recoveryCodes).toEqual([expect.stringMatching(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)]);
  const used = await enterPassword(http(), person(1), password());
  expect(problemSlug(await take(http(), used.id, 'recovery-code', { code: recoveryCodes[0] }), 422)).toBe('secret-wrong');
  await waitForMessage(http(), person(1), ({ text }) => text.includes('one of your recovery codes'));
  browserOf(http(), await take(http(), used.id, 'recovery-code', { code: (recovered.flow.details.recoveryCodes as string[])[0] }));
});

test('check 58: the session that a change began from is replaced by a new one', async () => {
  const first = await firstSignIn(http(), person(3), password(), mobile(3));
  const { browser } = await enrolTotp(first, mobile(3));
  expect(browser.cookie).not.toBe(first.cookie);
  expect((await first.http.get('/api/session')).status).toBe(401);
  expect((await browser.http.get('/api/session')).status).toBe(200);
});

test('check 32: another number needs the password and a passcode to the old one', async () => {
  const browser = await firstSignIn(http(), person(5), password(), mobile(5));
  expect(problemSlug(await browser.http.post('/api/session/factors/phone', { password: 'not it' }), 422)).toBe('credentials-wrong');
  const old = await passcodeAfter(http(), mobile(5), () => reauthenticated(browser.http, '/api/session/factors/phone'));
  expect(old.flow).toMatchObject({ step: 'enter-passcode', details: { purpose: 'change-phone', number: { lastDigits: '05' } } });
  expect(problemSlug(await take(browser.http, old.flow.id, 'phone', { number: mobile(7) }), 409)).toBe('wrong-step');
  expect(expectStatus<Flow>(await take(browser.http, old.flow.id, 'passcode', { code: old.code }), 200).step).toBe('enrol-phone');
  const next = await passcodeAfter(http(), mobile(7), async () => expectStatus(await take(browser.http, old.flow.id, 'phone', { number: mobile(7) }), 200));
  browserOf(http(), await take(browser.http, old.flow.id, 'passcode', { code: next.code }));
  await waitForMessage(http(), person(5), ({ text }) => text.includes('replaced by one ending in 07'));
  expect((await enterPassword(http(), person(5), password())).details).toMatchObject({ number: { lastDigits: '07' } });
});

test('new recovery codes are shown once, by whoever proves the second step', async () => {
  const browser = await firstSignIn(http(), person(9), password(), mobile(9));
  const asked = await passcodeAfter(http(), mobile(9), () => reauthenticated(browser.http, '/api/session/recovery-codes'));
  const done = browserOf(http(), await take(browser.http, asked.flow.id, 'passcode', { code: asked.code }));
  expect(done.flow.details.recoveryCodes).toHaveLength(10);
  expect((await done.http.get<Flow>(`/api/sign-ins/${asked.flow.id}`)).body.details).not.toHaveProperty('recoveryCodes');
  const lost = await enterPassword(http(), person(9), password());
  expect(lost.actions.map(({ name }) => name)).toEqual(['passcode', 'recovery-code', 'resend', 'cancel']);
  browserOf(http(), await take(http(), lost.id, 'recovery-code', { code: (done.flow.details.recoveryCodes as string[])[7] }));
});

test('check 44: another password needs the one there is and the second step', async () => {
  const browser = await firstSignIn(http(), person(15), password(), mobile(15));
  expect(problemSlug(await browser.http.post('/api/session/password', { password: 'not it' }), 422)).toBe('credentials-wrong');
  const asked = await passcodeAfter(http(), mobile(15), () => reauthenticated(browser.http, '/api/session/password'));
  expect(problemSlug(await take(browser.http, asked.flow.id, 'new-password', { password: newPassword(), confirmation: newPassword() }), 409)).toBe('wrong-step');
  expect(expectStatus<Flow>(await take(browser.http, asked.flow.id, 'passcode', { code: asked.code }), 200).step).toBe('change-password');
  const chosen = newPassword();
  const done = browserOf(http(), await take(browser.http, asked.flow.id, 'new-password', { password: chosen, confirmation: chosen }));
  expect([(await browser.http.get('/api/session')).status, (await done.http.get('/api/session')).status]).toEqual([401, 200]);
  expect((await enterPassword(http(), person(15), chosen)).step).toBe('enter-passcode');
});

test('check 33: an administrator resets it: the person enrols again, and is told', async () => {
  const operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
  const browser = await firstSignIn(http(), person(11), password(), mobile(11));
  const pending = await enterPassword(http(), person(11), password());
  const [{ id }] = (await operator.get<{ id: string }[]>(`/api/users?email=${person(11)}`)).body as [{ id: string }];
  expectStatus(await operator.post(`/api/users/${id}/reset-second-step`, {}), 200);
  expect((await browser.http.get('/api/session')).status).toBe(401);
  expect(problemSlug(await take(http(), pending.id, 'passcode', { code: '000000' }), 410)).toBe('flow-cancelled');
  expect((await enterPassword(http(), person(11), password())).step).toBe('enrol-phone');
  await waitForMessage(http(), person(11), ({ text }) => text.includes('an administrator removed your mobile number'));
});

test('an administrator asks for an authenticator by the profile: whoever has a number proves it, and enrols one', async () => {
  const operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
  const [profile] = (await operator.get<{ id: string }[]>('/api/authentication-profiles?account=CUS22B2')).body;
  await firstSignIn(http(), person(1, 'harbour.example'), password(), '+13125550101');
  expectStatus(await operator.send('PUT', `/api/authentication-profiles/${profile!.id}`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...profile, twoStep: 'strong' }) }), 200);
  const { flow, code } = await passcodeAfter(http(), '+13125550101', () => enterPassword(http(), person(1, 'harbour.example'), password()));
  const { step, details } = expectStatus<Flow>(await take(http(), flow.id, 'passcode', { code }), 200);
  expect(step).toBe('enter-totp');
  const app = new Authenticator((details.enrolment as Enrolment).secret);
  expect((details.enrolment as Enrolment).uri).toMatch(/^otpauth:\/\/totp\/Postern:user1%40harbour\.example\?secret=[A-Z2-7]{32}&issuer=Postern$/);
  browserOf(http(), await take(http(), flow.id, 'totp', { code: app.code() }));
});

test('a passcode is asked for again after a minute at the earliest, and the wait is told', async () => {
  await firstSignIn(http(), person(13), password(), mobile(13));
  const { flow } = await passcodeAfter(http(), mobile(13), () => enterPassword(http(), person(13), password()));
  expect(flow.details).toMatchObject({ resend: { availableAt: expect.any(String), left: 3 } });
  const early = await take(http(), flow.id, 'resend');
  expect(problemSlug(early, 429)).toBe('resend-too-soon');
  expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(expectStatus<Flow>(await take(http(), flow.id, 'cancel'), 200).step).toBe('cancelled');
  expect(problemSlug(await take(http(), flow.id, 'passcode', { code: '000000' }), 410)).toBe('flow-cancelled');
});
