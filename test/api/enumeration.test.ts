import { disabled, domainAuthenticated, mobile, nobody, person } from '../support/demo';
import type { Answer, Flow } from '../support/http';
import { act, askForSecret, captchaAnswer, getFlow, proveBySms, receiveSecret, solveCaptcha } from '../support/journey';
import { codeIn, messagesTo, waitForNewMessage } from '../support/messages';
import { useInstance } from '../support/use-instance';

const { http } = useInstance();

/** What of an answer may differ between two people: handles, moments and pictures. */
const moments = /"(?:id|expiresAt|availableAt|image|challenge|salt|signature|instance|requestId)":(?:"[^"]*"|\{[^}]*\})/g;
const volatileHeaders = new Set(['date', 'etag', 'content-length', 'x-request-id', 'ratelimit', 'ratelimit-remaining', 'ratelimit-reset']);

function visible(answer: Answer<Flow>): unknown {
  const id = answer.body.id ?? '';
  const text = answer.text.replaceAll(id || '\0', '<id>').replaceAll(moments, '"…"').replaceAll(/password-resets\/[\w-]{22}/g, 'password-resets/<id>');
  const headers = [...answer.headers].filter(([name]) => !volatileHeaders.has(name)).map(([name, value]) => [name, value.replaceAll(id || '\0', '<id>')]);
  return { status: answer.status, text, headers };
}

/** Everything that a person sees before the first proof. */
async function path(email: string, method: 'sms' | 'email'): Promise<unknown[]> {
  const begun = await http().post<Flow>('/api/password-resets', { email, application: 'personal-portal' });
  const { id } = begun.body;
  const captcha = await act(http(), id, 'captcha', { answer: await captchaAnswer(http(), id) });
  const asked = await act(http(), id, 'method', { method });
  const shown = await getFlow(http(), id);
  const early = await act(http(), id, 'resend');
  const wrong = await act(http(), id, method === 'sms' ? 'code' : 'link', method === 'sms' ? { code: '000000' } : { token: 'A'.repeat(43) });
  const cancelled = await act(http(), id, 'cancel');
  return [begun, captcha, asked, shown, early, wrong, cancelled].map(visible);
}

describe.each(['sms', 'email'] as const)('check 20: by %s the path looks the same', (method) => {
  const people = { unknown: () => nobody(), disabled: () => disabled, directory: () => domainAuthenticated, 'without a number': () => person(20) };
  let known: unknown[];
  beforeAll(async () => {
    known = await path(person(1), method);
  });

  test.each(Object.entries(people))('for somebody %s', async (_who, address) => {
    expect(await path(address(), method)).toEqual(known);
  });
});

test('check 20: an address of no account begins as any other', async () => {
  const known = await http().post<Flow>('/api/password-resets', { email: person(3), application: 'personal-portal' });
  const other = await http().post<Flow>('/api/password-resets', { email: nobody('elsewhere.example'), application: 'personal-portal' });
  expect(visible(other)).toEqual(visible(known));
});

test('checks 7 and 20: wrong codes lock an unknown address as they lock a known one', async () => {
  const statuses = async (email: string): Promise<number[]> => {
    const seen: number[] = [];
    const { id } = await askForSecret(http(), email, 'sms');
    for (let attempt = 0; attempt < 6; attempt += 1) seen.push((await act(http(), id, 'code', { code: '000000' })).status);
    const again = await askForSecret(http(), email, 'sms');
    seen.push((await act(http(), again.id, 'code', { code: '000000' })).status, (await getFlow(http(), again.id)).status);
    return seen;
  };
  expect(await statuses(nobody())).toEqual(await statuses(person(5)));
});

test('check 14: the sixth request within an hour sends nothing, changes no answer and supersedes nothing', async () => {
  const ask = async (email: string): Promise<[number, string]> => {
    const begun = await http().post<Flow>('/api/password-resets', { email, application: 'personal-portal' });
    if (begun.status !== 201) return [begun.status, ''];
    await solveCaptcha(http(), begun.body.id);
    const asked = await act(http(), begun.body.id, 'method', { method: 'sms' });
    return [asked.status, asked.body.step];
  };
  const stranger = nobody();
  const unknown: [number, string][] = [];
  for (let request = 0; request < 6; request += 1) unknown.push(await ask(stranger));

  const known: [number, string][] = [];
  for (let request = 0; request < 4; request += 1) {
    known.push(await ask(person(7)));
    await waitForNewMessage(http(), mobile(7), request);
  }
  const fifth = await receiveSecret(http(), person(7), mobile(7), 'sms');
  known.push([200, fifth.flow.step], await ask(person(7)));
  expect(known).toEqual(unknown);

  // Somebody else's message arrives meanwhile: time enough for one that must not come.
  await receiveSecret(http(), person(9), mobile(9), 'sms');
  expect(await messagesTo(http(), mobile(7))).toHaveLength(5);
  expect((await act(http(), fifth.flow.id, 'code', { code: codeIn(fifth.message) })).status).toBe(200);
});

test('check 24: nothing hints at the number or at the person before the proof', async () => {
  const { id } = await askForSecret(http(), person(11), 'sms');
  const { text } = await getFlow(http(), id);
  const digits = mobile(11).slice(-4);
  expect(text.replaceAll(id, '').replaceAll(/"(?:expiresAt|availableAt)":"[^"]*"/g, '')).not.toContain(digits);
  expect(text).not.toContain(person(11));
  expect(text).not.toContain('***');
});

test('the handle of who began the reset never shows that proof was given', async () => {
  const { flow: before } = await receiveSecret(http(), person(13), mobile(13), 'sms');
  const { begun } = await proveBySms(http(), person(13), mobile(13));
  expect((await getFlow(http(), begun.id)).body.step).not.toBe('new-password');
  expect((await getFlow(http(), before.id)).body.step).not.toBe('new-password');
});
