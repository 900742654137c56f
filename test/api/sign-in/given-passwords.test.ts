import { hash } from '@node-rs/argon2';
import { mobile, person } from '../../support/demo';
import { expectStatus, problemSlug, type Flow } from '../../support/http';
import { inDatabaseOf } from '../../support/instance-database';
import { getFlow, newPassword, receiveSecret } from '../../support/journey';
import { temporaryPasswordIn, waitForMessage } from '../../support/messages';
import { browserOf, cookieOf, demoPassword, enterPassword, passcodeAfter, startSignIn, take } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';
import { waitFor } from '../../support/wait';
import { decodedHistories } from '../../support/histories';

const { http, instance } = useInstance();
const SUPPLIED = 'Wmk-4ht7=fTq2+xRbN';

async function supply(email: string, more: { expiresAt?: number } = {}): Promise<void> {
  const password_hash = await hash(SUPPLIED);
  await inDatabaseOf(instance(), (db) => db('users').where({ email }).update({ password_hash, password_temporary: true, password_expires_at: more.expiresAt ?? Date.now() + 3_600_000 }));
}

test('checks 41 and 42: who was supplied a password passes the second step, and chooses another one before anything else', async () => {
  await supply(person(1));
  const { id } = await enterPassword(http(), person(1), SUPPLIED, 'secure-messaging');
  const { code } = await passcodeAfter(http(), mobile(1), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(1) }), 200));
  const forced = await take(http(), id, 'passcode', { code });
  expect(forced.body).toMatchObject({ step: 'change-password', details: { policy: expect.arrayContaining([expect.objectContaining({ id: 'length' })]) } });
  expect(cookieOf(forced)).toBeUndefined();

  expect(problemSlug(await take(http(), id, 'new-password', { password: SUPPLIED, confirmation: SUPPLIED }), 422)).toBe('password-policy');
  expect(problemSlug(await take(http(), id, 'new-password', { password: newPassword(), confirmation: newPassword() }), 422)).toBe('password-mismatch');
  const password = newPassword();
  const browser = browserOf(http(), await take(http(), id, 'new-password', { password, confirmation: password }));
  expect((await browser.http.get('/api/session')).body).toMatchObject({ application: 'secure-messaging', assurance: 'two-step' });
  await waitForMessage(http(), person(1), ({ subject }) => subject?.includes('password was changed') ?? false);

  const { id: old } = await startSignIn(http(), person(1));
  expect(problemSlug(await take(http(), old, 'password', { authenticationType: 'cloud', password: SUPPLIED }), 422)).toBe('credentials-wrong');
  expect((await enterPassword(http(), person(1), password)).step).toBe('enter-passcode');
});

test('check 41: a supplied one that is too old says so, to whoever has it', async () => {
  await supply(person(2), { expiresAt: Date.now() - 1 });
  const { id } = await startSignIn(http(), person(2));
  expect(problemSlug(await take(http(), id, 'password', { authenticationType: 'cloud', password: SUPPLIED }), 422)).toBe('temporary-password-expired');
  expect(problemSlug(await take(http(), id, 'password', { authenticationType: 'cloud', password: 'not it' }), 422)).toBe('credentials-wrong');
});

test('check 41: a reset\'s temporary password opens the forced change, which completes the reset that waits for it', async () => {
  const { flow: reset, message } = await receiveSecret(http(), person(3), person(3), 'email', 'secure-messaging');
  const temporary = temporaryPasswordIn(message);
  const { id } = await enterPassword(http(), person(3), ` ${temporary} `, 'secure-messaging');
  const { code } = await passcodeAfter(http(), mobile(3), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(3) }), 200));
  expect(expectStatus<Flow>(await take(http(), id, 'passcode', { code }), 200).step).toBe('change-password');
  expect((await enterPassword(http(), person(3), demoPassword(instance()))).step).toBe('enter-passcode');

  expect(problemSlug(await take(http(), id, 'new-password', { password: temporary, confirmation: temporary }), 422)).toBe('password-policy');
  const password = newPassword();
  browserOf(http(), await take(http(), id, 'new-password', { password, confirmation: password }));
  expect((await getFlow(http(), reset.id)).body.step).toBe('done');
  const ended = await waitFor(async () => (await decodedHistories(instance())).find(({ workflowId, text }) => workflowId.startsWith('password-reset-') && text.includes('"outcome":"done"')), { what: 'the end of the reset\'s workflow' });
  expect(ended.workflowId).toMatch(/^password-reset-/);
  const { id: again } = await startSignIn(http(), person(3));
  expect(problemSlug(await take(http(), again, 'password', { authenticationType: 'cloud', password: temporary }), 422)).toBe('credentials-wrong');
});
