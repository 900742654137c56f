import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import { openDatabase } from '../../db/connection';
import { keyedDigest, randomValueDigest } from '../../security/digests';
import { passwordResetWorkflowId } from '../../temporal.config';
import { mobile, person } from '../support/demo';
import { instanceKeys } from '../support/histories';
import { expectStatus, problemSlug, type Answer, type Flow, type Problem } from '../support/http';
import { act, askForSecret, captchaAnswer, getFlow, newPassword, proveByLink, receiveSecret, savePassword, solveCaptcha, startReset } from '../support/journey';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn } from '../support/messages';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';
import { patiently } from './patient';

const { http, instance } = useInstance();

/** A request whose answer is lost. */
interface Lost {
  readonly flowId: string;
  readonly updateId: string;
  readonly send: () => Promise<Answer<Flow>>;
  readonly repeat: () => Promise<Answer<Flow>>;
}

function request(handle: string, action: string, body: unknown, more: { flowId?: string; updateId?: string } = {}): Lost {
  const key = randomUUID();
  const path = `/api/password-resets/${handle}/${action}`;
  const keys = instanceKeys(instance());
  return {
    flowId: more.flowId ?? randomValueDigest(handle),
    updateId: more.updateId ?? keyedDigest(keys, 'idempotency', [handle, action, key], keys.oldest).digest,
    send: () => http().post<Flow>(path, body, { 'idempotency-key': key }),
    repeat: () => patiently(http(), path, body, key),
  };
}

/** Waits until the engine holds the Updates, whether a worker has seen them or not. */
async function untilTaken(connection: Connection, requests: readonly Lost[]): Promise<void> {
  for (const { flowId, updateId } of requests) {
    await waitFor(
      () => connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.pollWorkflowExecutionUpdate({
        namespace: 'default', updateRef: { workflowExecution: { workflowId: passwordResetWorkflowId(flowId) }, updateId },
      })),
      { what: `the Update ${updateId}`, timeoutMs: 4_000, everyMs: 20 },
    );
  }
}

/** The worker stands still while the requests reach the engine; the API dies; then the worker carries them out. */
async function loseAnswers(requests: readonly Lost[]): Promise<void> {
  const connection = await Connection.connect({ address: instance().temporalAddress });
  try {
    await instance().kill('worker', 'SIGSTOP');
    const sent = Promise.allSettled(requests.map(({ send }) => send()));
    await untilTaken(connection, requests);
    await instance().kill('api', 'SIGKILL');
    await instance().kill('worker', 'SIGCONT');
    expect((await sent).map(({ status }) => status)).toEqual(requests.map(() => 'rejected'));
  } finally {
    await connection.close();
  }
}

describe('the API is killed after the engine took a step and before its answer', () => {
  const wrongCode = (message: { text: string }): string => (codeIn({ ...message, channel: 'sms', to: '', sentAt: '' }) === '000000' ? '000001' : '000000');
  let requests: Record<'method' | 'code' | 'wrong' | 'link' | 'temporary' | 'elsewhere' | 'password' | 'cancel', Lost>;
  let answers: Record<keyof typeof requests, Answer<Flow>>;
  let waiting: Flow;
  let db: Knex;

  beforeAll(async () => {
    db = openDatabase({ DATABASE_URL: undefined, DATA_DIR: instance().dataDir });
    waiting = await askForSecret(http(), person(12), 'email');
    const begun = await startReset(http(), person(1));
    await solveCaptcha(http(), begun.id);
    const byCode = await receiveSecret(http(), person(3), mobile(3), 'sms');
    const byWrongCode = await receiveSecret(http(), person(5), mobile(5), 'sms');
    const byLink = await receiveSecret(http(), person(2), person(2), 'email');
    const link = linkIn(byLink.message);
    const byTemporary = await receiveSecret(http(), person(4), person(4), 'email', 'secure-messaging');
    const byAnother = await receiveSecret(http(), person(6), person(6), 'email', 'secure-messaging');
    const otherDevice = await startReset(http(), person(6), 'secure-messaging');
    const { begun: provenFrom, proven } = await proveByLink(http(), person(8));
    const password = newPassword();
    requests = {
      method: request(begun.id, 'method', { method: 'sms' }, { updateId: 'begin' }),
      code: request(byCode.flow.id, 'code', { code: codeIn(byCode.message) }),
      wrong: request(byWrongCode.flow.id, 'code', { code: wrongCode(byWrongCode.message) }),
      link: request(link.id, 'link', { token: link.token }, { flowId: randomValueDigest(byLink.flow.id) }),
      temporary: request(byTemporary.flow.id, 'temporary-password', { password: temporaryPasswordIn(byTemporary.message) }),
      elsewhere: request(otherDevice.id, 'temporary-password', { password: temporaryPasswordIn(byAnother.message) }, { flowId: randomValueDigest(byAnother.flow.id) }),
      password: request(proven.id, 'password', { password, confirmation: password }, { flowId: randomValueDigest(provenFrom.id) }),
      cancel: request((await askForSecret(http(), person(10), 'email')).id, 'cancel', {}),
    };
    await loseAnswers(Object.values(requests));
    await instance().ready();
    const repeated = await Promise.all(Object.entries(requests).map(async ([name, { repeat }]) => [name, await repeat()] as const));
    answers = Object.fromEntries(repeated) as typeof answers;
  });
  afterAll(() => db.destroy());

  test.each(['code', 'link', 'temporary', 'elsewhere'] as const)('check 61: %s: the repeat gets the first answer, with the handle that goes on, and that one alone', async (name) => {
    const proven = expectStatus<Flow>(answers[name], 200);
    expect(proven.step).toBe('new-password');
    const handles = await db('flow_handles').where({ flow_id: requests[name].flowId, role: 'proof' }).pluck('digest');
    expect(handles).toEqual([randomValueDigest(proven.id)]);
    expect((await requests[name].repeat()).body.id).toBe(proven.id);
    expect((await savePassword(http(), proven.id)).flow.step).toBe('done');
  });

  test('checks 12 and 61: a wrong code: the repeat gets the first answer and counts no second failure', async () => {
    expect(problemSlug(answers.wrong, 422)).toBe('secret-wrong');
    expect((answers.wrong.body as unknown as Problem & { attemptsLeft: number }).attemptsLeft).toBe(4);
    expect(await db('flow_secrets').where({ flow_id: requests.wrong.flowId }).pluck('wrong')).toEqual([1]);
    const { person: address } = await db('flows').where({ id: requests.wrong.flowId }).first<{ person: string }>('person');
    expect(await db('code_failures').where({ person: address }).pluck('total')).toEqual([1]);
  });

  test('check 61: a method: the repeat shows the step that it led to, and one code is sent', async () => {
    expect(expectStatus<Flow>(answers.method, 200).step).toBe('enter-code');
    await waitFor(async () => ((await messagesTo(http(), mobile(1))).length > 0 ? true : undefined), { what: 'the code' });
    expect(await messagesTo(http(), mobile(1))).toHaveLength(1);
  });

  test('checks 61 and 64: a new password: the repeat gets the first answer, and nothing stays staged', async () => {
    expect(expectStatus<Flow>(answers.password, 200).step).toBe('done');
    expect(await db('staged_passwords').where({ flow_id: requests.password.flowId }).whereNot({ hash: '' })).toEqual([]);
    expect(await db('audit').where({ flow_id: requests.password.flowId, action: 'reset.done' })).toHaveLength(1);
  });

  test('check 61: a cancellation: the repeat gets the first answer', () => {
    expect(expectStatus<Flow>(answers.cancel, 200).step).toBe('cancelled');
  });

  test('check 61: a captcha and a resend: the repeat of what was cut off shows where the reset stands, and sends nothing again', async () => {
    const { id } = await startReset(http(), person(14));
    const captcha = request(id, 'captcha', { answer: await captchaAnswer(http(), id) });
    expectStatus(await captcha.send(), 200);
    const resend = request(waiting.id, 'resend', {});
    const { availableAt } = waiting.details.resend as { availableAt: string };
    await waitFor(() => (Date.now() > Date.parse(availableAt) ? true : undefined), { what: 'the resend to be offered', timeoutMs: 90_000 });
    expectStatus(await resend.send(), 200);
    await waitFor(async () => ((await messagesTo(http(), person(12))).length === 2 ? true : undefined), { what: 'the second link' });
    // As a kill leaves them: without an answer, and too long ago to be under way.
    await db('idempotency_keys').update({ status: null, sealed_body: null, created_at: 0 });
    expect(expectStatus<Flow>(await captcha.repeat(), 200).step).toBe('choose-method');
    expect(expectStatus<Flow>(await resend.repeat(), 200)).toMatchObject({ step: 'follow-link', details: { resend: { left: 2 } } });
    expect(await db('messages').where({ flow_id: resend.flowId, purpose: 'reset-link' }).orderBy('round').pluck('round')).toEqual([1, 2]);
  });

  test('what merely comes too late, with a key of its own, is refused as before', async () => {
    const late = await http().post(`/api/password-resets/${answers.password.body.id}/password`, { password: newPassword(), confirmation: newPassword() }, { 'idempotency-key': randomUUID() });
    expect(problemSlug(late, 410)).toBe('flow-done');
    expect(problemSlug(await act(http(), answers.cancel.body.id, 'cancel'), 410)).toBe('flow-cancelled');
    expect((await getFlow(http(), answers.password.body.id)).body.step).toBe('done');
  });
});
