import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../db/connection';
import { findFlowByHandle } from '../../db/flows';
import { randomValueDigest } from '../../security/digests';
import { ENGINE_DEADLINE_MS } from '../../temporal.config';
import { mobile, nobody, person } from '../support/demo';
import { expectStatus, problemSlug, type Answer, type Flow } from '../support/http';
import { act, captchaAnswer, getFlow, newPassword, proveBySms, receiveSecret, savePassword, solveCaptcha, startReset } from '../support/journey';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn } from '../support/messages';
import { partPid, stillRunning, type Part } from '../support/processes';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();
/** Longer than the API waits for the engine: what is refused then was refused by the API. */
const LONGEST_ANSWER_MS = 5_000;
let nextPerson = 1;

/** One request of a reset that needs the engine, ready to be sent, with where it leads. */
interface Step {
  readonly what: string;
  readonly id: string;
  readonly action: string;
  readonly body: unknown;
  readonly key: string | undefined;
  readonly leadsTo: string;
  /** Where its secret goes. */
  readonly to: string;
}

function send({ id, action, body, key }: Step): Promise<Answer<Flow>> {
  return http().post<Flow>(`/api/password-resets/${id}/${action}`, body, key === undefined ? {} : { 'idempotency-key': key });
}

/** A person of their own for a step: limits count per person. */
function nextOne(): readonly [email: string, number: string] {
  const number = nextPerson;
  nextPerson += 2;
  return [person(number), mobile(number)];
}

async function askedForCode(key?: string): Promise<Step> {
  const [email, to] = nextOne();
  const { flow, message } = await receiveSecret(http(), email, to, 'sms');
  return { what: 'code', id: flow.id, action: 'code', body: { code: codeIn(message) }, key, leadsTo: 'new-password', to };
}

async function aboutToChoose(key?: string): Promise<Step> {
  const [email, to] = nextOne();
  const { id } = await startReset(http(), email);
  await solveCaptcha(http(), id);
  return { what: 'method', id, action: 'method', body: { method: 'sms' }, key, leadsTo: 'enter-code', to };
}

async function holdingLink(key?: string): Promise<Step> {
  const [to] = nextOne();
  const { id, token } = linkIn((await receiveSecret(http(), to, to, 'email')).message);
  return { what: 'link', id, action: 'link', body: { token }, key, leadsTo: 'new-password', to };
}

async function holdingTemporaryPassword(key?: string): Promise<Step> {
  const [to] = nextOne();
  const { flow, message } = await receiveSecret(http(), to, to, 'email', 'secure-messaging');
  return { what: 'temporary password', id: flow.id, action: 'temporary-password', body: { password: temporaryPasswordIn(message) }, key, leadsTo: 'new-password', to };
}

async function choosingPassword(key?: string): Promise<Step> {
  const [email, to] = nextOne();
  const { proven } = await proveBySms(http(), email, to);
  const password = newPassword();
  return { what: 'password', id: proven.id, action: 'password', body: { password, confirmation: password }, key, leadsTo: 'done', to };
}

/** Every kind of step at which a reset needs the engine, with and without an idempotency key. */
async function everyStep(): Promise<Step[]> {
  const ready: Step[] = [];
  for (const make of [aboutToChoose, askedForCode, holdingLink, holdingTemporaryPassword, choosingPassword]) {
    for (const key of [undefined, randomUUID()]) {
      const step = await make(key);
      ready.push({ ...step, what: `${step.what}, ${key ? 'with' : 'without'} a key` });
    }
  }
  return ready;
}

/** The same request again, as its refusal says, until the service is back. */
function repeat(step: Step): Promise<Answer<Flow>> {
  return waitFor(
    async () => {
      const answer = await send(step);
      return answer.status === 503 || answer.status === 409 ? undefined : answer;
    },
    { what: `an answer to ${step.what}` },
  );
}

/** Goes on from where a step has led. */
async function finish({ step, id }: Flow, { to }: Step): Promise<void> {
  let proven = id;
  if (step === 'enter-code') {
    const text = await waitFor(async () => (await messagesTo(http(), to))[0], { what: `the code to ${to}` });
    proven = expectStatus<Flow>(await act(http(), id, 'code', { code: codeIn(text) }), 200).id;
  }
  if (step !== 'done') await savePassword(http(), proven);
  expect((await getFlow(http(), proven)).body.step).toBe('done');
}

test('the API waits for the engine less than five seconds', () => {
  expect(ENGINE_DEADLINE_MS).toBeLessThan(LONGEST_ANSWER_MS);
});

/** Waits until a worker has carried out what was asked for, although nobody was told. */
async function carriedOut(waiting: readonly Step[]): Promise<void> {
  const db = openDatabase({ DATA_DIR: instance().dataDir });
  try {
    for (const { what, id, leadsTo } of waiting) {
      await waitFor(async () => ((await findFlowByHandle(db, randomValueDigest(id)))?.flow.step === leadsTo ? true : undefined), { what: `${what} to be carried out` });
    }
  } finally {
    await db.destroy();
  }
}

describe.each<{ part: Part; then: string }>([
  // What the engine had not taken is taken from the repeat; what it had taken a worker carries out as soon as it is back.
  { part: 'engine', then: 'the same requests go on' },
  { part: 'worker', then: 'the same requests are told what was done meanwhile' },
])('while the $part does not answer', ({ part, then }) => {
  let waiting: Step[];

  beforeAll(async () => {
    waiting = await everyStep();
    await instance().kill(part, 'SIGSTOP');
  });

  test('every step that needs it is refused for now', async () => {
    const answers = await Promise.all(waiting.map(send));
    expect(answers.map((answer, index) => [waiting[index]!.what, problemSlug(answer, 503)])).toEqual(waiting.map(({ what }) => [what, 'engine-unavailable']));
  });

  test('what does not need it goes on: flows are shown, new ones begin', async () => {
    expect((await http().get('/api/health')).status).toBe(200);
    for (const { id } of waiting) expect((await getFlow(http(), id)).status).toBe(200);
    const { id } = await startReset(http(), nobody());
    expect((await act(http(), id, 'captcha', { answer: await captchaAnswer(http(), id) })).body.step).toBe('choose-method');
  });

  test(`check 61: once it is back, ${then}, and nothing was sent twice`, async () => {
    await instance().kill(part, 'SIGCONT');
    if (part === 'worker') await carriedOut(waiting);
    const answers = await Promise.all(waiting.map(repeat));
    expect(answers.map(({ status, body }, index) => [waiting[index]!.what, status, body.step])).toEqual(waiting.map(({ what, leadsTo }) => [what, 200, leadsTo]));
    // A key gets its first answer again; without one a step is answered once.
    const repeated = await Promise.all(waiting.map(send));
    expect(repeated.map(({ status, body }, index) => (waiting[index]!.key ? body : status === 200))).toEqual(answers.map(({ body }, index) => (waiting[index]!.key ? body : false)));
    for (const [index, { body }] of answers.entries()) await finish(body, waiting[index]!);
    const sent = await Promise.all(waiting.filter(({ to }) => to.startsWith('+')).map(async ({ to }) => (await messagesTo(http(), to)).length));
    expect(sent).toEqual(sent.map(() => 1));
  });
});

test.each<Part>(['engine', 'guard', 'worker', 'api'])('where the %s is killed, it is started again and a reset goes on', async (part) => {
  const step = await askedForCode();
  const engine = await partPid(instance().pid, 'engine');
  await instance().kill(part, 'SIGKILL');
  // Its engine is not left to itself.
  if (part === 'guard') await waitFor(async () => ((await stillRunning([engine])).length === 0 ? true : undefined), { what: `the end of ${engine}` });
  const answer = await repeat(step);
  expect([answer.status, answer.body.step]).toEqual([200, step.leadsTo]);
  await finish(answer.body, step);
  expect(instance().output()).toMatch(new RegExp(`The ${part === 'guard' ? 'engine' : part} ended and is started again`, 'i'));
});

test('an engine that does not answer is seen in what says that the service is ready', async () => {
  await instance().kill('engine', 'SIGSTOP');
  expect(expectStatus(await http().get('/api/ready'), 503)).toMatchObject({ database: true, engine: false });
  await instance().kill('engine', 'SIGCONT');
  await instance().ready();
});
