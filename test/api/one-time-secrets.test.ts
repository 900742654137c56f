import { mobile, person } from '../support/demo';
import { problemSlug } from '../support/http';
import { act, askForSecret, getFlow, newPassword, proveByLink, proveBySms, receiveSecret, savePassword } from '../support/journey';
import { codeIn, linkIn } from '../support/messages';
import { useInstance } from '../support/use-instance';

const { http } = useInstance();
const SUBMITS = 16;
const sixteen = <T>(submit: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: SUBMITS }, submit));
const anotherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('check 5: sixteen parallel submits of one code have one winner', async () => {
  const { flow, message } = await receiveSecret(http(), person(1), mobile(1), 'sms');
  const answers = await sixteen(() => act(http(), flow.id, 'code', { code: codeIn(message) }));
  const winners = answers.filter(({ status }) => status === 200);
  expect(winners).toHaveLength(1);
  // In the race: in progress. After it: the old handle never shows that proof was given, so the code is just wrong, and five times lock it.
  for (const loser of answers.filter(({ status }) => status !== 200)) expect([409, 410, 422]).toContain(loser.status);
  await savePassword(http(), winners[0]!.body.id);
});

test('check 5: sixteen parallel submits of one link have one winner', async () => {
  const { message } = await receiveSecret(http(), person(2), person(2), 'email');
  const { id, token } = linkIn(message);
  const answers = await sixteen(() => act(http(), id, 'link', { token }));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const loser of answers.filter(({ status }) => status !== 200)) expect([409, 410]).toContain(loser.status);
});

test('check 5: of sixteen different new passwords saved at once one is saved', async () => {
  const { proven } = await proveBySms(http(), person(3), mobile(3));
  const answers = await sixteen(() => {
    const password = newPassword();
    return act(http(), proven.id, 'password', { password, confirmation: password });
  });
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const loser of answers.filter(({ status }) => status !== 200)) expect([409, 410, 429]).toContain(loser.status);
});

test('check 6: should not be able to use the first code after asking again in another browser', async () => {
  const first = await receiveSecret(http(), person(5), mobile(5), 'sms');
  const second = await receiveSecret(http(), person(5), mobile(5), 'sms');
  expect(problemSlug(await act(http(), first.flow.id, 'code', { code: codeIn(first.message) }), 410)).toBe('flow-superseded');
  if (codeIn(first.message) !== codeIn(second.message)) {
    expect(problemSlug(await act(http(), second.flow.id, 'code', { code: codeIn(first.message) }), 422)).toBe('secret-wrong');
  }
  expect((await act(http(), second.flow.id, 'code', { code: codeIn(second.message) })).status).toBe(200);
});

test('check 6: a link dies when a code is asked for', async () => {
  const link = linkIn((await receiveSecret(http(), person(7), person(7), 'email')).message);
  const { flow, message } = await receiveSecret(http(), person(7), mobile(7), 'sms');
  expect(problemSlug(await act(http(), link.id, 'link', { token: link.token }), 410)).toBe('link-superseded');
  expect((await act(http(), flow.id, 'code', { code: codeIn(message) })).status).toBe(200);
});

test('asking again too early is refused and says when to come back', async () => {
  const { id } = await askForSecret(http(), person(9), 'sms');
  const answer = await act(http(), id, 'resend');
  expect(problemSlug(answer, 429)).toBe('resend-too-soon');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('checks 7 and 13: five wrong codes lock, and a new flow does not start the count again', async () => {
  const first = await receiveSecret(http(), person(11), mobile(11), 'sms');
  const wrong = anotherCode(codeIn(first.message));
  for (let attempt = 1; attempt < 5; attempt += 1) {
    expect(problemSlug(await act(http(), first.flow.id, 'code', { code: wrong }), 422)).toBe('secret-wrong');
  }
  expect((await act(http(), first.flow.id, 'code', { code: wrong })).status).not.toBe(200);
  expect(problemSlug(await act(http(), first.flow.id, 'code', { code: codeIn(first.message) }), 410)).toBe('flow-locked');

  const again = await askForSecret(http(), person(11), 'sms');
  for (const code of [wrong, codeIn(first.message)]) {
    expect((await act(http(), again.id, 'code', { code })).status).toBeGreaterThanOrEqual(400);
  }
});

test('check 18: whose codes are locked can still reset by link', async () => {
  const { flow, message } = await receiveSecret(http(), person(13), mobile(13), 'sms');
  const wrong = anotherCode(codeIn(message));
  for (let attempt = 1; attempt <= 5; attempt += 1) await act(http(), flow.id, 'code', { code: wrong });
  const { proven } = await proveByLink(http(), person(13));
  await savePassword(http(), proven.id);
});

test('check 9: a code works in its own flow only', async () => {
  const one = await receiveSecret(http(), person(15), mobile(15), 'sms');
  const other = await receiveSecret(http(), person(17), mobile(17), 'sms');
  if (codeIn(one.message) !== codeIn(other.message)) {
    expect(problemSlug(await act(http(), other.flow.id, 'code', { code: codeIn(one.message) }), 422)).toBe('secret-wrong');
  }
  expect(problemSlug(await act(http(), one.flow.id, 'link', { token: codeIn(one.message) }), 409)).toBe('wrong-step');
  expect(problemSlug(await act(http(), one.flow.id, 'temporary-password', { password: codeIn(one.message) }), 409)).toBe('wrong-step');
  expect((await act(http(), one.flow.id, 'code', { code: codeIn(one.message) })).status).toBe(200);
});

test('check 9: a link\'s token works with its own link only', async () => {
  const one = linkIn((await receiveSecret(http(), person(4), person(4), 'email')).message);
  const other = linkIn((await receiveSecret(http(), person(6), person(6), 'email')).message);
  expect((await act(http(), other.id, 'link', { token: one.token })).status).toBe(422);
  expect((await act(http(), one.id, 'link', { token: one.token })).status).toBe(200);
});

test('check 10: tokens that were never given out all look the same', async () => {
  const live = linkIn((await receiveSecret(http(), person(8), person(8), 'email')).message);
  const used = await proveByLink(http(), person(10));
  const garbled = ['x', 'A'.repeat(43), '0'.repeat(43)];
  const onLive = await Promise.all(garbled.map((token) => act<{ type: string; title: string }>(http(), live.id, 'link', { token })));
  const [first] = onLive;
  for (const answer of onLive) expect([answer.status, answer.body.type, answer.body.title]).toEqual([first!.status, first!.body.type, first!.body.title]);
  const unknown = await Promise.all(garbled.map((token) => act(http(), 'A'.repeat(22), 'link', { token })));
  for (const answer of unknown) expect(problemSlug(answer, 404)).toBe('flow-not-found');
  expect((await act(http(), live.id, 'link', { token: used.secret })).status).toBe(422);
});

test('check 11: a new password ends every other reset of the person', async () => {
  const { proven } = await proveByLink(http(), person(12));
  await savePassword(http(), proven.id);
  expect(problemSlug(await act(http(), proven.id, 'password', { password: newPassword(), confirmation: 'x' }), 410)).toBe('flow-done');
  expect((await getFlow(http(), proven.id)).body.step).toBe('done');
});
