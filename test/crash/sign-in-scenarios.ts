import { randomUUID } from 'node:crypto';
import type { Entry } from '../../workflows/sign-in/messages';
import { codeIn } from '../support/messages';
import { addAccount, MINUTE_MS, newMobile } from '../support/reset-world';
import { someSession } from '../support/sessions';
import { wrongFor, type SignInWorld } from '../support/sign-in-world';
import { expectAsUndisturbed, type Aftermath, type Scenario } from './experiment';
import { same } from './scenarios';

type Prepare = (...args: Parameters<Scenario['prepare']>) => Promise<unknown>;

/** Somebody with an enrolled number, to whom a passcode has come. */
async function asked(world: SignInWorld, received: Parameters<Scenario['prepare']>[1]) {
  const person = await world.person(await addAccount(world.db));
  await world.enrolledPhone(person);
  const { id } = await world.proven(person);
  await world.untilDone(() => world.run(world.signIn.issuePasscode, { flowId: id, round: 1 }));
  return { person, id, code: codeIn(received(person.mobile)[0]!) };
}

/** It was claimed when its sender was killed, and never left: the one case that is not made good. */
function wasLost({ left, received }: Aftermath): boolean {
  return left.messages.some(({ purpose, state }) => purpose === 'sign-in-passcode' && state === 'attempting') && received.length === 0;
}

const issuesPasscode: Scenario = {
  title: 'issuePasscode, in place of an earlier one',
  activity: 'issuePasscode',
  async prepare(world, received) {
    const { person, ...earlier } = await asked(world, received);
    world.clock.advance(MINUTE_MS);
    const { id } = await world.proven(person);
    return {
      input: { flowId: id, round: 1 },
      async judge(aftermath) {
        if (wasLost(aftermath)) return expect(aftermath.result).toEqual({ delivery: 'undeliverable', ended: null });
        expectAsUndisturbed(aftermath);
        const [message] = aftermath.received;
        expect((await aftermath.world.enterStep(earlier.id, 'passcode', earlier.code)).result).toBe('wrong');
        expect((await aftermath.world.enterStep(id, 'passcode', codeIn(message!))).result).toBe('right');
      },
    };
  },
};

/** Enters something as a second step, under one Update's id. */
function enters(title: string, kind: Entry['kind'], prepare: (...args: Parameters<Scenario['prepare']>) => Promise<{ id: string; typed: string }>): Scenario {
  return same(`verifySecondStep, ${title}`, 'verifySecondStep', async (world, received) => {
    const { id, typed } = await prepare(world, received);
    return world.entry(id, kind, typed, randomUUID());
  });
}

/** With everything that the last step does: the session is there exactly when the flow is done. */
const signsIn: Scenario = {
  title: 'verifySecondStep, the right passcode',
  activity: 'verifySecondStep',
  async prepare(world, received) {
    const { id, code } = await asked(world, received);
    return {
      input: await world.entry(id, 'passcode', code, randomUUID()),
      judge(aftermath) {
        const done = aftermath.left.flows[0]!.outcome === 'done';
        expect({ sessions: aftermath.left.sessions.length, passed: aftermath.left.passed.length, audited: aftermath.left.audit.some(({ action }: { action: string }) => action === 'sign-in.done') })
          .toEqual({ sessions: done ? 1 : 0, passed: done ? 1 : 0, audited: done });
        expectAsUndisturbed(aftermath);
      },
    };
  },
};

export const judging: readonly Scenario[] = [
  signsIn,
  enters('a wrong passcode', 'passcode', async (world, received) => {
    const { id, code } = await asked(world, received);
    return { id, typed: wrongFor(code) };
  }),
  enters('the fifth wrong passcode', 'passcode', async (world, received) => {
    const { id, code } = await asked(world, received);
    for (let wrong = 0; wrong < 4; wrong += 1) await world.enterStep(id, 'passcode', wrongFor(code));
    return { id, typed: wrongFor(code) };
  }),
  enters('the passcode to a number that is enrolled', 'passcode', async (world, received) => {
    const person = await world.person(await addAccount(world.db));
    const { id } = await world.proven(person);
    await world.askForPasscode(id, person.mobile!);
    await world.untilDone(() => world.run(world.signIn.issuePasscode, { flowId: id, round: 1 }));
    return { id, typed: codeIn(received(person.mobile)[0]!) };
  }),
  enters('an authenticator that is enrolled in the place of another', 'totp', async (world) => {
    const person = await world.person(await addAccount(world.db, { two_step: 'strong' }));
    await world.recoveryCodes(person);
    const { id } = await world.proven(person);
    return { id, typed: world.totp(await world.enrolmentKey(id)) };
  }),
  enters('a recovery code', 'recovery-code', async (world) => {
    const person = await world.person(await addAccount(world.db));
    await world.enrolledTotp(person);
    const [code] = await world.recoveryCodes(person);
    return { id: (await world.proven(person)).id, typed: code! };
  }),
];

/** Somebody who signed in with a reset's temporary password, with a new one staged. */
async function staged(world: SignInWorld): Promise<{ id: string; stageId: string }> {
  const person = await world.person(await addAccount(world.db, { two_step: 'off' }));
  const reset = await world.flow(person.email, 'temporary-password');
  await world.issue(reset);
  await world.db('sessions').insert(someSession(person.id, { digest: 'a session' }));
  const { id } = await world.proven(person, { completes: reset.id });
  const stageId = randomUUID();
  await world.db('staged_passwords').insert({ id: stageId, flow_id: id, hash: 'the new one' });
  return { id, stageId };
}

export const changing: Scenario = {
  title: 'changePassword, completing a reset',
  activity: 'changePassword',
  async prepare(world) {
    const { id, stageId } = await staged(world);
    return {
      input: { flowId: id, updateId: randomUUID(), stage: 'change-password', stageId, entry: 'chosen', session: 'the new session' },
      judge(aftermath) {
        // What the kill left is all of it or nothing.
        const { left } = aftermath;
        const saved = left.users[0]!.password_hash === 'the new one';
        expect({
          done: left.flows.filter(({ outcome }) => outcome === 'done').length, audited: left.audit.filter(({ action }: { action: string }) => ['reset.done', 'sign-in.done', 'sign-in.password-changed'].includes(action)).length,
          notices: left.messages.filter(({ purpose, state }) => purpose === 'password-changed' && state === 'queued').length, live: left.sessions.filter(({ ended_at }: { ended_at: unknown }) => ended_at === null).map(({ digest }: { digest: string }) => digest),
        }).toEqual(saved ? { done: 2, audited: 3, notices: 1, live: ['the new session'] } : { done: 0, audited: 0, notices: 0, live: ['a session'] });
        expectAsUndisturbed(aftermath);
      },
    };
  },
};

const others: readonly (readonly [title: string, activity: Scenario['activity'], prepare: Prepare])[] = [
  ['beginPasscode, to a number that is enrolled', 'beginPasscode', async (world) => {
    const { id } = await world.proven(await world.person(await addAccount(world.db)));
    const now = world.clock.read();
    return { flowId: id, round: 1, expiresAt: now + 10 * MINUTE_MS, resendAt: now + MINUTE_MS, resendsLeft: 3, phone: newMobile() };
  }],
  ['endSignIn, cancelled', 'endSignIn', async (world, received) => ({ flowId: (await asked(world, received)).id, outcome: 'cancelled' })],
  ['endSignIn, once a password was staged', 'endSignIn', async (world) => ({ flowId: (await staged(world)).id, outcome: 'expired' })],
  ['giveUpPasscode', 'giveUpPasscode', async (world, received) => {
    const { id } = await asked(world, received);
    await world.db('messages').where({ flow_id: id }).update({ state: 'queued', sealed: 'not opened any more' });
    return { flowId: id, round: 1 };
  }],
  ['sendSignInNotices', 'sendSignInNotices', async (world) => {
    const person = await world.person(await addAccount(world.db));
    await world.enrolledTotp(person);
    const [code] = await world.recoveryCodes(person);
    const { id } = await world.proven(person);
    await world.enterStep(id, 'recovery-code', code!);
    return { flowId: id };
  }],
];

export const issuing: readonly Scenario[] = [issuesPasscode];
export const concluding: readonly Scenario[] = others.map(([title, activity, prepare]) => same(title, activity, prepare));
