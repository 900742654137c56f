import { randomUUID } from 'node:crypto';
import { mobile, person } from '../../support/demo';
import { expectStatus, problemSlug, type Flow } from '../../support/http';
import { codeIn, messagesTo } from '../../support/messages';
import { streamed } from '../../support/events';
import { browserOf, demoPassword, enterPassword, passcodeAfter, startSignIn, take } from '../../support/sign-in';
import { useInstance } from '../../support/use-instance';

const { http, instance } = useInstance();
const password = (): string => demoPassword(instance());

test('the last step sent again with its key gets the same answer and the same cookie, another body is refused', async () => {
  const { id } = await enterPassword(http(), person(1), password());
  const { code } = await passcodeAfter(http(), mobile(1), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(1) }), 200));
  const key = randomUUID();
  const once = browserOf(http(), await take(http(), id, 'passcode', { code }, key));
  const twice = browserOf(http(), await take(http(), id, 'passcode', { code }, key));
  expect([twice.cookie, twice.flow]).toEqual([once.cookie, once.flow]);
  expect(problemSlug(await take(http(), id, 'passcode', { code: '000000' }, key), 422)).toBe('idempotency-key-reused');
  expect((await twice.http.get('/api/sessions')).body).toHaveLength(1);
});

test('without its key the same code again is refused: nobody else gets the session', async () => {
  const { id } = await enterPassword(http(), person(3), password());
  const { code } = await passcodeAfter(http(), mobile(3), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(3) }), 200));
  browserOf(http(), await take(http(), id, 'passcode', { code }));
  expect(problemSlug(await take(http(), id, 'passcode', { code }), 410)).toBe('flow-done');
});

test('the right password once more goes on with the same flow, under an id of its own, and sends no other text', async () => {
  const { id } = await startSignIn(http(), person(5));
  const input = { authenticationType: 'cloud', password: password() };
  const [first, second] = [expectStatus<Flow>(await take(http(), id, 'password', input), 200), expectStatus<Flow>(await take(http(), id, 'password', input), 200)];
  expect(second.id).not.toBe(first.id);
  const { code } = await passcodeAfter(http(), mobile(5), async () => expectStatus(await take(http(), first.id, 'phone', { number: mobile(5) }), 200));
  expect(expectStatus<Flow>(await http().get(`/api/sign-ins/${second.id}`), 200).step).toBe('enter-passcode');
  browserOf(http(), await take(http(), second.id, 'passcode', { code }));
  expect((await messagesTo(http(), mobile(5))).map(codeIn)).toEqual([code]);
});

test('of sixteen right passwords at once each goes on with the one flow, and one text is sent', async () => {
  await enrol(7);
  const before = (await messagesTo(http(), mobile(7))).length;
  const { id } = await startSignIn(http(), person(7));
  const { flow, code } = await passcodeAfter(http(), mobile(7), async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => take(http(), id, 'password', { authenticationType: 'cloud', password: password() })));
    // Those that come while others are still being judged count as tries, and are told to wait.
    expect(answers.map(({ status }) => status).filter((status) => ![200, 429].includes(status))).toEqual([]);
    return answers.find(({ status }) => status === 200)!.body;
  });
  browserOf(http(), await take(http(), flow.id, 'passcode', { code }));
  expect(await messagesTo(http(), mobile(7))).toHaveLength(before + 1);
});

async function enrol(number: number): Promise<void> {
  const { id } = await enterPassword(http(), person(number), password());
  const { code } = await passcodeAfter(http(), mobile(number), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(number) }), 200));
  browserOf(http(), await take(http(), id, 'passcode', { code }));
}

test('the stream tells a page that the passcode was sent, and ends with the sign-in', async () => {
  const { id } = await enterPassword(http(), person(9), password());
  const following = streamed(http(), id, () => false, 'sign-ins');
  const { code } = await passcodeAfter(http(), mobile(9), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(9) }), 200));
  browserOf(http(), await take(http(), id, 'passcode', { code }));
  const flows = await following;
  expect(flows[0]!.step).toBe('enrol-phone');
  expect(flows.at(-1)!.step).toBe('done');
});

const bodies = {
  password: { authenticationType: 'cloud', password: 'x' },
  phone: { number: '+12025550101' },
  passcode: { code: '123456' },
  totp: { code: '123456' },
  'recovery-code': { code: 'abcd-efgh-2345-klmn' },
  'new-password': { password: 'Quiet-Harbour-2026-7!q', confirmation: 'Quiet-Harbour-2026-7!q' },
  resend: {},
  cancel: {},
} as const;

async function expectOnlyOffered(id: string): Promise<void> {
  const before = expectStatus<Flow>(await http().get(`/api/sign-ins/${id}`), 200);
  const offered = new Set(before.actions.map(({ name }) => name));
  for (const [action, body] of Object.entries(bodies)) {
    if (offered.has(action)) continue;
    const status = before.expiresAt === null ? 410 : 409;
    expect([action, before.step, problemSlug(await take(http(), id, action, body), status)]).toEqual([action, before.step, expect.any(String)]);
  }
  expect(expectStatus<Flow>(await http().get(`/api/sign-ins/${id}`), 200).step).toBe(before.step);
}

test('check 60: at no step does another one\'s action work or change anything', async () => {
  const begun = await startSignIn(http(), person(11));
  await expectOnlyOffered(begun.id);
  const { id } = expectStatus<Flow>(await take(http(), begun.id, 'password', { authenticationType: 'cloud', password: password() }), 200);
  await expectOnlyOffered(begun.id);
  await expectOnlyOffered(id);
  const { code } = await passcodeAfter(http(), mobile(11), async () => expectStatus(await take(http(), id, 'phone', { number: mobile(11) }), 200));
  await expectOnlyOffered(id);
  browserOf(http(), await take(http(), id, 'passcode', { code }));
  await expectOnlyOffered(id);
  await expectOnlyOffered(begun.id);
  const other = await enterPassword(http(), person(13), password());
  expect(expectStatus<Flow>(await take(http(), other.id, 'cancel'), 200).step).toBe('cancelled');
  await expectOnlyOffered(other.id);
});
