import { mobile, person } from '../support/demo';
import { expectStatus, problemSlug, type Answer, type Flow } from '../support/http';
import { act, captchaAnswer, getFlow, newPassword, proveByLink, proveBySms, receiveSecret, resetByLink, resetBySms, resetByTemporaryPassword, savePassword, solveCaptcha, startReset } from '../support/journey';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn } from '../support/messages';
import { useInstance } from '../support/use-instance';

const { http } = useInstance();

test('a reset by code goes from the address to the saved password', async () => {
  expect(await resetBySms(http(), person(1), mobile(1))).toMatchObject({ kind: 'password-reset', step: 'done', actions: [], expiresAt: null });
});

test('a reset by link goes from the address to the saved password', async () => {
  expect((await resetByLink(http(), person(2))).step).toBe('done');
});

test('a reset by temporary password goes from the address to the saved password', async () => {
  expect((await resetByTemporaryPassword(http(), person(4))).step).toBe('done');
});

test('a temporary password may be pasted with blanks around it', async () => {
  const { flow, message } = await receiveSecret(http(), person(6), person(6), 'email', 'secure-messaging');
  const answer = await act(http(), flow.id, 'temporary-password', { password: `  ${temporaryPasswordIn(message)}\t\n` });
  expect(expectStatus<Flow>(answer, 200).step).toBe('new-password');
});

test('check 41: a temporary password cannot become the new one', async () => {
  const { flow, message } = await receiveSecret(http(), person(8), person(8), 'email', 'secure-messaging');
  const password = temporaryPasswordIn(message);
  const { id } = expectStatus<Flow>(await act(http(), flow.id, 'temporary-password', { password }), 200);
  expect(problemSlug(await act(http(), id, 'password', { password, confirmation: password }), 422)).toBe('password-policy');
});

test('check 16: a wrong captcha sends nothing and is not asked twice', async () => {
  const { id } = await startReset(http(), person(3));
  const answer = await captchaAnswer(http(), id);
  expect(problemSlug(await act(http(), id, 'method', { method: 'sms' }), 409)).toBe('wrong-step');
  expect(problemSlug(await act(http(), id, 'captcha', { answer: `${answer}x` }), 422)).toBe('captcha-wrong');
  expect(problemSlug(await act(http(), id, 'captcha', { answer }), 422)).toBe('captcha-wrong');
  await solveCaptcha(http(), id);
  expect(problemSlug(await act(http(), id, 'captcha', { answer }), 409)).toBe('wrong-step');
  expect(await messagesTo(http(), mobile(3))).toHaveLength(0);
});

test('check 25: the password is typed twice and follows the displayed policy', async () => {
  const { proven } = await proveBySms(http(), person(5), mobile(5));
  expect(proven.details).toMatchObject({ policy: expect.arrayContaining([expect.objectContaining({ id: expect.any(String), label: expect.any(String) })]) });
  const password = newPassword();
  const unequal = await act<unknown>(http(), proven.id, 'password', { password, confirmation: `${password}x` });
  expect([400, 422]).toContain(unequal.status);
  const short = await act<{ failures: unknown[] }>(http(), proven.id, 'password', { password: 'short', confirmation: 'short' });
  expect(problemSlug(short, 422)).toBe('password-policy');
  expect(short.body.failures).toEqual(expect.arrayContaining([expect.objectContaining({ id: expect.any(String), label: expect.any(String) })]));
  await savePassword(http(), proven.id, password);
});

test('check 26: a finished reset signs nobody in', async () => {
  const { proven } = await proveByLink(http(), person(10));
  const password = newPassword();
  const answer: Answer<Flow> = await act(http(), proven.id, 'password', { password, confirmation: password });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(answer.text).not.toMatch(/session|access_?token|bearer/i);
  expect(answer.text).not.toContain(password);
});

test('check 27: the handle after the proof opens the new password and nothing else', async () => {
  const { proven } = await proveBySms(http(), person(7), mobile(7));
  const asOperator = http().with({ authorization: `Bearer ${proven.id}` });
  for (const path of ['/api/groups', '/api/authentication-profiles', '/api/users?account=CEU11A1']) {
    expect([401, 403]).toContain((await asOperator.get(path)).status);
  }
  for (const [action, body] of [['code', { code: '123456' }], ['link', { token: 'A'.repeat(43) }], ['method', { method: 'sms' }], ['resend', {}]] as const) {
    expect(problemSlug(await act(http(), proven.id, action, body), 409)).toBe('wrong-step');
  }
  expect(proven.actions.map(({ name }) => name)).toEqual(expect.arrayContaining(['password']));
  await savePassword(http(), proven.id);
});

const bodies = {
  captcha: { answer: 'abcdef' },
  method: { method: 'sms' },
  code: { code: '123456' },
  link: { token: 'A'.repeat(43) },
  'temporary-password': { password: 'Abcdefghij23456-_x' },
  password: { password: 'Quiet-Harbour-2026-7!q', confirmation: 'Quiet-Harbour-2026-7!q' },
  resend: {},
  cancel: {},
} as const;

async function expectOnlyOffered(id: string): Promise<void> {
  const before = (await getFlow(http(), id)).body;
  const offered = new Set(before.actions.map(({ name }) => name));
  for (const [action, body] of Object.entries(bodies)) {
    if (offered.has(action)) continue;
    const refused = await act(http(), id, action, body);
    // Too early is a state of its own: the step is right, the minute is not over.
    if (action === 'resend' && refused.status === 429) continue;
    expect([action, before.step, problemSlug(refused, before.expiresAt === null ? 410 : 409)]).toEqual([action, before.step, expect.any(String)]);
  }
  expect((await getFlow(http(), id)).body.step).toBe(before.step);
}

test('check 60: at no step does another one\'s action work or change anything', async () => {
  const { id } = await startReset(http(), person(9));
  await expectOnlyOffered(id);
  await solveCaptcha(http(), id);
  await expectOnlyOffered(id);
  expectStatus(await act(http(), id, 'method', { method: 'email' }), 200);
  await expectOnlyOffered(id);
  const { proven } = await proveBySms(http(), person(11), mobile(11));
  await expectOnlyOffered(proven.id);
  await savePassword(http(), proven.id);
  await expectOnlyOffered(proven.id);
});

test('check 60: a flow that is cancelled stays cancelled', async () => {
  const { flow, message } = await receiveSecret(http(), person(13), mobile(13), 'sms');
  expect(expectStatus<Flow>(await act(http(), flow.id, 'cancel'), 200).step).toBe('cancelled');
  expect(problemSlug(await act(http(), flow.id, 'code', { code: codeIn(message) }), 410)).toBe('flow-cancelled');
});

test('a reset begun by a stranger gives the stranger nothing when the owner uses the link', async () => {
  const stranger = http().with({ 'user-agent': 'stranger' });
  const owner = http().with({ 'user-agent': 'owner' });
  const { flow, message } = await receiveSecret(stranger, person(12), person(12), 'email');
  const link = linkIn(message);
  expect(link.id).not.toBe(flow.id);
  const seen = async (): Promise<Flow> => (await getFlow(stranger, flow.id)).body;
  const before = await seen();
  const proven = expectStatus<Flow>(await act(owner, link.id, 'link', { token: link.token }), 200);
  expect(await seen()).toEqual(before);
  const password = newPassword();
  expect((await act(stranger, flow.id, 'password', { password, confirmation: password })).status).not.toBe(200);
  await savePassword(owner, proven.id);
  expect(await seen()).toEqual(before);
});

test('a reset begun by a stranger gives the stranger nothing when the owner types the code', async () => {
  const { begun, proven } = await proveBySms(http(), person(15), mobile(15));
  expect(proven.id).not.toBe(begun.id);
  const password = newPassword();
  expect((await act(http(), begun.id, 'password', { password, confirmation: password })).status).not.toBe(200);
  expect((await getFlow(http(), begun.id)).body.step).toBe('enter-code');
  await savePassword(http(), proven.id);
});

test('the same key and body give the same answer, another body is refused', async () => {
  const { id } = await startReset(http(), person(17));
  const key = { 'idempotency-key': `key-${id}` };
  const answer = await captchaAnswer(http(), id);
  const once = await http().post(`/api/password-resets/${id}/captcha`, { answer }, key);
  const twice = await http().post(`/api/password-resets/${id}/captcha`, { answer }, key);
  expect([twice.status, twice.body]).toEqual([200, once.body]);
  expect((await http().post(`/api/password-resets/${id}/captcha`, { answer: 'other' }, key)).status).toBe(422);
});
