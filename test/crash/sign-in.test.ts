import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { keyedDigest } from '../../security/digests';
import { signInWorkflowId } from '../../temporal.config';
import { mobile, person } from '../support/demo';
import type { Flow } from '../support/http';
import { instanceKeys } from '../support/histories';
import { inDatabaseOf } from '../support/instance-database';
import type { Part } from '../support/processes';
import { browserOf, demoPassword, enterPassword, firstSignIn, passcodeAfter, startSignIn, take } from '../support/sign-in';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';
import { patiently } from './patient';
import { points, WholeSignIn, type Point } from './whole-sign-in';

const { http, instance } = useInstance();
const password = (): string => demoPassword(instance());

const moments = ['while it is asked', 'after the last answer'] as const;
const kills = (['api', 'worker'] as const).flatMap((part) => moments.map((moment) => ({ part, moment })));

let next = 1;
/** Odd numbers have a phone of their own. */
function nextSignIn(): WholeSignIn {
  const signIn = new WholeSignIn(http, next, password());
  next += 2;
  return signIn;
}

async function ask(asked: readonly { signIn: WholeSignIn; point: Point }[], part: Part, moment: (typeof moments)[number]): Promise<void> {
  const sends = await Promise.all(asked.map(({ signIn, point }) => signIn.prepare(point)));
  const answers = sends.map((send) => send());
  if (moment === 'after the last answer') await Promise.all(answers);
  await instance().kill(part, 'SIGKILL');
  await Promise.all(answers);
  await instance().ready();
}

test.each(kills)('check 61: $part killed $moment: first sign-ins, each at another point, end with a session, and one passcode each', async ({ part, moment }) => {
  const asked = points.map((point) => ({ signIn: nextSignIn(), point }));
  await Promise.all(asked.map(({ signIn, point }) => signIn.upTo(point)));
  await ask(asked, part, moment);
  const ends = await Promise.all(asked.map(async ({ signIn, point }) => ({ point, ...(await signIn.finish(point)) })));
  expect(ends).toEqual(points.map((point) => ({ point, step: 'done', texts: 1, session: 200 })));
  // Longer than a minute where somebody has to ask for another passcode.
}, 180_000);

test('check 61: the API killed between the engine taking the passcode and the answer: the repeat gets the session, with or without its key', async () => {
  const numbers = [33, 35] as const;
  const waiting = await Promise.all(numbers.map(async (number) => {
    await firstSignIn(http(), person(number), password(), mobile(number));
    return passcodeAfter(http(), mobile(number), () => enterPassword(http(), person(number), password()));
  }));
  const flowIds = await inDatabaseOf(instance(), (db) => Promise.all(numbers.map(async (number) => (await db('flows').where({ address: person(number), kind: 'sign-in', step: 'enter-passcode' }).first<{ id: string }>('id')).id)));
  const keys = instanceKeys(instance());
  const requests = waiting.map(({ flow, code }, index) => ({ handle: flow.id, code, key: randomUUID(), flowId: flowIds[index]! }));
  const connection = await Connection.connect({ address: instance().temporalAddress });
  try {
    await instance().kill('worker', 'SIGSTOP');
    const sent = Promise.allSettled(requests.map(({ handle, code, key }) => take(http(), handle, 'passcode', { code }, key)));
    for (const { handle, key, flowId } of requests) {
      const { digest: updateId } = keyedDigest(keys, 'idempotency', [handle, 'passcode', key], keys.oldest);
      await waitFor(
        () => connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.pollWorkflowExecutionUpdate({ namespace: 'default', updateRef: { workflowExecution: { workflowId: signInWorkflowId(flowId) }, updateId } })),
        { what: `the Update of ${flowId}`, timeoutMs: 4_000, everyMs: 20 },
      );
    }
    await instance().kill('api', 'SIGKILL');
    await instance().kill('worker', 'SIGCONT');
    expect((await sent).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  } finally {
    await connection.close();
  }
  await instance().ready();
  await waitFor(async () => {
    const done = await inDatabaseOf(instance(), (db) => db('flows').whereIn('id', flowIds).where({ outcome: 'done' }).pluck('id'));
    return done.length === 2 ? true : undefined;
  }, { what: 'the worker to carry out both' });
  const [withKey, without] = requests as [(typeof requests)[0], (typeof requests)[0]];
  const answers = [
    await patiently<Flow>(http(), `/api/sign-ins/${withKey.handle}/passcode`, { code: withKey.code }, withKey.key),
    await take(http(), without.handle, 'passcode', { code: without.code }),
  ];
  for (const answer of answers) expect((await browserOf(http(), answer).http.get('/api/session')).status).toBe(200);
  expect((await take(http(), without.handle, 'passcode', { code: without.code })).status).toBe(410);
});

test('check 13: what was counted against passwords outlives the API', async () => {
  const wrong = async (): Promise<number> => {
    const { id } = await startSignIn(http(), person(2));
    return (await take(http(), id, 'password', { authenticationType: 'cloud', password: 'not it' })).status;
  };
  expect([await wrong(), await wrong()]).toEqual([422, 422]);
  await instance().kill('api', 'SIGKILL');
  await instance().ready();
  const total = await inDatabaseOf(instance(), (db) => db('sign_in_failures').where('key', 'like', 'password/%').pluck('total'));
  expect(total).toContain(2);
});
