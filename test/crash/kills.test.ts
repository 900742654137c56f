import { randomUUID } from 'node:crypto';
import { mobile, person } from '../support/demo';
import type { Answer, Flow } from '../support/http';
import { captchaAnswer, getFlow, newPassword } from '../support/journey';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn, waitForNewMessage, type ReceivedMessage } from '../support/messages';
import type { Part } from '../support/processes';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();

/** Posts as a patient page does: the same key until an answer comes that is not "later". */
function insist(path: string, body: unknown): Promise<Answer<Flow>> {
  const key = { 'idempotency-key': randomUUID() };
  return waitFor(
    async () => {
      const answer = await http().post<Flow>(path, body, key);
      return answer.status === 503 ? undefined : answer;
    },
    { what: `an answer to ${path}`, timeoutMs: 90_000 },
  );
}

interface Variant {
  readonly method: 'sms' | 'email';
  readonly application: string;
  readonly to: (number: number) => string;
  readonly proof: (id: string, message: ReceivedMessage) => readonly [id: string, action: string, body: unknown];
}

const variants: Readonly<Record<string, Variant>> = {
  code: { method: 'sms', application: 'personal-portal', to: mobile, proof: (id, message) => [id, 'code', { code: codeIn(message) }] },
  link: {
    method: 'email',
    application: 'personal-portal',
    to: person,
    proof: (_id, message) => {
      const link = linkIn(message);
      return [link.id, 'link', { token: link.token }];
    },
  },
  'temporary password': {
    method: 'email',
    application: 'secure-messaging',
    to: person,
    proof: (id, message) => [id, 'temporary-password', { password: temporaryPasswordIn(message) }],
  },
};

/** The requests of a reset during which, or after which, a part may die. */
const points = ['the captcha', 'asking for the secret', 'the proof', 'the new password'] as const;
type Point = (typeof points)[number];

let nextPerson = 1;
const cases = Object.keys(variants).flatMap((variant) =>
  points.flatMap((point) =>
    (['api', 'worker'] as const).flatMap((part) =>
      (['during', 'after'] as const).map((when) => {
        const number = nextPerson;
        nextPerson += 2;
        // Odd numbers have a phone; after the last one the first begins again, at most three times an hour.
        return { variant, point, part, when, number: ((number - 1) % 50) + 1 };
      }),
    ),
  ),
);

async function step(path: string, body: unknown, dies: Part | undefined, when: 'during' | 'after'): Promise<Flow> {
  const answering = insist(path, body);
  if (dies && when === 'during') await instance().kill(dies, 'SIGKILL');
  const answer = await answering;
  if (dies && when === 'after') await instance().kill(dies, 'SIGKILL');
  if (dies) await instance().ready();
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

test.each(cases)('check 61: $variant, $part killed $when $point: the reset ends right, with one message', async ({ variant, point, part, when, number }) => {
  const { method, application, to, proof } = variants[variant]!;
  const at = (here: Point): Part | undefined => (here === point ? part : undefined);
  const address = to(number);
  const before = (await messagesTo(http(), address)).length;

  const { id } = await step('/api/password-resets', { email: person(number), application }, undefined, when);
  await step(`/api/password-resets/${id}/captcha`, { answer: await captchaAnswer(http(), id) }, at('the captcha'), when);
  await step(`/api/password-resets/${id}/method`, { method }, at('asking for the secret'), when);
  const message = await waitForNewMessage(http(), address, before);
  const arrived = (await messagesTo(http(), address)).length - before;
  if (method === 'sms') expect(arrived).toBe(1);

  const [proofId, action, body] = proof(id, message);
  const proven = await step(`/api/password-resets/${proofId}/${action}`, body, at('the proof'), when);
  const password = newPassword();
  const done = await step(`/api/password-resets/${proven.id}/password`, { password, confirmation: password }, at('the new password'), when);
  expect(done.step).toBe('done');
  expect((await getFlow(http(), proven.id)).body.step).toBe('done');
});
