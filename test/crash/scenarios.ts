import { randomUUID } from 'node:crypto';
import type { FlowRow } from '../../db/flows';
import { codeIn, linkIn, temporaryPasswordIn, type ReceivedMessage } from '../support/messages';
import { addAccount, addPerson, HOUR_MS, MINUTE_MS, type ResetWorld } from '../support/reset-world';
import { someSession } from '../support/sessions';
import { expectAsUndisturbed, type Aftermath, type Scenario } from './experiment';

const variants = ['code', 'link', 'temporary-password'] as const;
type Variant = (typeof variants)[number];

const secretIn: Readonly<Record<Variant, (message: ReceivedMessage) => string>> = {
  code: codeIn, link: (message) => linkIn(message).token, 'temporary-password': temporaryPasswordIn,
};

type Person = Awaited<ReturnType<typeof addPerson>>;

/** Where a person is sent the secret of a variant. */
const recipient = (person: Person, variant: Variant): string | null => (variant === 'code' ? person.mobile : person.email);

/** A person with a reset whose secret has arrived. */
async function sent(world: ResetWorld, received: Parameters<Scenario['prepare']>[1], variant: Variant): Promise<{ person: Person; flow: FlowRow; secret: string }> {
  const person = await addPerson(world.db, await addAccount(world.db));
  const flow = await world.flow(person.email, variant);
  await world.issue(flow);
  return { person, flow: await world.row(flow.id), secret: secretIn[variant](received(recipient(person, variant))[0]!) };
}

/** It was claimed when its sender was killed, and never left: for a code, the one case that is not made good. */
function wasLost({ left, received }: Aftermath, purpose: string): boolean {
  return left.messages.some((message) => message.purpose === purpose && message.state === 'attempting') && !received.some(({ channel }) => channel === 'sms');
}

/** The last secret that arrived is the valid one, and no earlier one is. */
async function expectLastIsValid(aftermath: Aftermath, flow: FlowRow, secret: string, earlier?: { flow: FlowRow; secret: string }): Promise<void> {
  const { world } = aftermath;
  if (earlier) expect(await world.enter(earlier.flow, earlier.secret)).toEqual({ result: 'ended', outcome: 'superseded' });
  expect(await world.enter(flow, secret)).toEqual({ result: 'right' });
}

function issues(variant: Variant): Scenario {
  return {
    title: `issueSecret, ${variant}, in place of an earlier one`,
    activity: 'issueSecret',
    async prepare(world, received) {
      const { person, ...earlier } = await sent(world, received, variant);
      world.clock.advance(MINUTE_MS);
      const flow = await world.flow(person.email, variant);
      return {
        input: { flowId: flow.id, round: 1 },
        async judge(aftermath) {
          if (variant === 'code' && wasLost(aftermath, 'reset-code')) return expectExplained(aftermath, person);
          expectAsUndisturbed(aftermath);
          const [message] = aftermath.received;
          expect(message!.to).toBe(recipient(person, variant));
          await expectLastIsValid(aftermath, flow, secretIn[variant](message!), earlier);
        },
      };
    },
  };
}

/** A code is never sent a second time: that it does not come is told by e-mail. */
function expectExplained({ state, result, received }: Aftermath, person: Person): void {
  expect(result).toMatchObject({ delivery: 'undeliverable' });
  expect([...new Set(received.map(({ channel, to, subject }) => `${channel} to ${to}: ${subject}`))]).toEqual([`email to ${person.email}: Postern: your code could not be delivered`]);
  expect(state.messages.filter(({ flow_id }) => flow_id !== state.messages[0]!.flow_id)).toMatchObject([
    { purpose: 'reset-code', state: 'failed', holdsItsText: false },
    { purpose: 'reset-undelivered', state: 'accepted', holdsItsText: false },
  ]);
  expect(state.brokenAuditRecord).toBeNull();
}

/** Activities whose end is the same whenever they are killed. */
export function same(title: string, activity: Scenario['activity'], prepare: (...args: Parameters<Scenario['prepare']>) => Promise<unknown>): Scenario {
  return { title, activity, prepare: async (...args) => ({ input: await prepare(...args), judge: expectAsUndisturbed }) };
}

const otherIssues: readonly Scenario[] = [
  same('issueSecret, an invitation', 'issueSecret', async (world) => {
    const person = await addPerson(world.db, await addAccount(world.db));
    return { flowId: (await world.flow(person.email, 'invitation')).id, round: 1 };
  }),
  same('issueSecret, a person without a number', 'issueSecret', async (world) => {
    const person = await addPerson(world.db, await addAccount(world.db), { mobile: null });
    return { flowId: (await world.flow(person.email, 'code')).id, round: 1 };
  }),
  same('issueSecret, an address nobody has', 'issueSecret', async (world) => ({ flowId: (await world.flow(`nobody@${(await addAccount(world.db)).domain}`, 'code')).id, round: 1 })),
];

const wrongFor: Readonly<Record<Variant, (secret: string) => string>> = {
  code: (code) => String((Number(code) + 1) % 1_000_000).padStart(6, '0'), link: (token) => `${token}A`, 'temporary-password': (password) => `${password}A`,
};

function verifies(variant: Variant): readonly Scenario[] {
  const attempt = (wrongBefore: number, typed: (secret: string) => string) => async (...[world, received]: Parameters<Scenario['prepare']>) => {
    const { flow, secret } = await sent(world, received, variant);
    for (let wrong = 0; wrong < wrongBefore; wrong += 1) await world.enter(flow, wrongFor[variant](secret));
    return { flowId: flow.id, updateId: randomUUID(), ...(await world.proof(flow, typed(secret))) };
  };
  return [
    same(`verifySecret, the right ${variant}`, 'verifySecret', attempt(0, (secret) => secret)),
    same(`verifySecret, a wrong ${variant}`, 'verifySecret', attempt(0, wrongFor[variant])),
    same(`verifySecret, the fifth wrong ${variant}`, 'verifySecret', attempt(4, wrongFor[variant])),
  ];
}

/** A reset by this variant that is proven, with a session, another address and a new password staged. */
async function staged(world: ResetWorld, received: Parameters<Scenario['prepare']>[1], variant: Variant): Promise<{ flow: FlowRow; stageId: string; person: Person }> {
  const { person, flow, secret } = await sent(world, received, variant);
  await world.enter(flow, secret);
  await world.db('sessions').insert(someSession(person.id, { digest: 'a session' }));
  await world.db('user_addresses').insert({ user_id: person.id, address: `other-${person.email}`, verified: true });
  const stageId = randomUUID();
  await world.db('staged_passwords').insert({ id: stageId, flow_id: flow.id, hash: 'the new one' });
  return { flow, stageId, person };
}

function commits(variant: Variant): Scenario {
  return {
    title: `commitPassword, after a ${variant}`,
    activity: 'commitPassword',
    async prepare(world, received) {
      const { flow, stageId } = await staged(world, received, variant);
      return {
        input: { flowId: flow.id, stageId },
        judge(aftermath) {
          // What the kill left is all of it or nothing.
          const { left } = aftermath;
          const saved = left.users[0]!.password_hash === 'the new one';
          expect({
            audited: left.audit.some(({ action }: { action: string }) => action === 'reset.done'),
            notices: left.messages.filter(({ purpose, state }) => purpose === 'password-changed' && state === 'queued').length,
            ended: left.flows[0]!.outcome === 'done', sessionsEnded: left.sessions[0]!.ended_at !== null, staged: left.staged.some(({ holdsAHash }) => holdsAHash),
          }).toEqual({ audited: saved, notices: saved ? 2 : 0, ended: saved, sessionsEnded: saved, staged: !saved });
          expectAsUndisturbed(aftermath);
        },
      };
    },
  };
}

const rest: readonly Scenario[] = [
  same('beginRound', 'beginRound', async (world, received) => {
    const { flow } = await sent(world, received, 'code');
    world.clock.advance(2 * MINUTE_MS);
    return { flowId: flow.id, round: 2, expiresAt: world.clock.read() + 10 * MINUTE_MS, resendAt: world.clock.read() + MINUTE_MS };
  }),
  ...(['cancelled', 'expired', 'undeliverable'] as const).map((outcome) =>
    same(`endFlow, ${outcome}`, 'endFlow', async (world, received) => ({ flowId: (await sent(world, received, 'link')).flow.id, outcome }))),
  same('endFlow, once a password was staged', 'endFlow', async (world, received) => ({ flowId: (await staged(world, received, 'code')).flow.id, outcome: 'cancelled' })),
  same('giveUp', 'giveUp', async (world, received) => ({ flowId: await unsent(world, received), round: 1 })),
  same('deliverQueued', 'deliverQueued', async (world, received) => {
    const round = { flowId: await unsent(world, received), round: 1 };
    await world.activities.giveUp(round);
    return round;
  }),
  same('remind', 'remind', async (world, received) => {
    const { flow } = await sent(world, received, 'temporary-password');
    world.clock.advance(48 * HOUR_MS);
    return { flowId: flow.id, round: 1 };
  }),
  same('sendNotices', 'sendNotices', async (world, received) => {
    const { flow, stageId } = await staged(world, received, 'link');
    await world.activities.commitPassword({ flowId: flow.id, stageId });
    return { flowId: flow.id };
  }),
];

/** A code that waits in the queue. */
async function unsent(world: ResetWorld, received: Parameters<Scenario['prepare']>[1]): Promise<string> {
  const { flow } = await sent(world, received, 'code');
  await world.db('messages').where({ flow_id: flow.id }).update({ state: 'queued', sealed: 'not opened any more' });
  return flow.id;
}

export const issuing: readonly Scenario[] = [...variants.map(issues), ...otherIssues];
export const verifying: readonly Scenario[] = variants.flatMap(verifies);
export const committing: readonly Scenario[] = variants.map(commits);
export const concluding: readonly Scenario[] = rest;
