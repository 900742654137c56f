import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import type { ResetVariant } from '../../../domain/password-reset';
import { searchAttributes } from '../../../temporal.config';
import { LiveResets, type Begun, type Person } from '../../support/live-resets';
import { testKeys } from '../../support/keys';
import { ResetEngine } from '../../support/reset-engine';
import { addAccount, addPerson, type TestAccount } from '../../support/reset-world';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
let live: LiveResets;
let account: TestAccount;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
  live = await LiveResets.open(engine);
  account = await addAccount(live.db);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});

const newPerson = (): Promise<Person> => addPerson(live.db, account);
const secretsOf = (flowId: string): Promise<string[]> => live.db('flow_secrets').where({ flow_id: flowId }).orderBy('round').pluck('state');

/** Waits for the workflow's end and checks that its result, its search attributes and the flow's row tell the same. */
async function expectOutcome(flowId: string, outcome: string): Promise<void> {
  expect(await engine.handle(flowId).result()).toEqual({ outcome });
  await expectRecorded(flowId, outcome);
}

async function expectRecorded(flowId: string, outcome: string): Promise<void> {
  const { typedSearchAttributes } = await engine.handle(flowId).describe();
  expect(typedSearchAttributes.get(searchAttributes.outcome)).toBe(outcome);
  expect(typedSearchAttributes.get(searchAttributes.step)).toBe(outcome);
  expect(await live.world.row(flowId)).toMatchObject({ step: outcome, outcome });
  expect((await live.audited(flowId)).filter((action) => action === `reset.${outcome}`)).toHaveLength(1);
  expect(await live.db('staged_passwords').where({ flow_id: flowId }).whereNot({ hash: '' })).toEqual([]);
}

/** Presses *Cancel* in the Temporal Web UI and waits until it is done. */
async function cancelByOperator(flowId: string): Promise<void> {
  await engine.handle(flowId).cancel();
  const error = await engine.handle(flowId).result().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  expect((await engine.handle(flowId).describe()).status.name).toBe('CANCELLED');
}

describe.each(['code', 'link', 'temporary-password'] as const)('a reset by %s', (variant: ResetVariant) => {
  test('check 29: is done, and a notice goes to every verified address', async () => {
    const person = await newPerson();
    const other = `other-${person.email}`;
    await live.db('user_addresses').insert({ user_id: person.id, address: other, verified: true });
    await live.serving(async () => {
      await expectOutcome(await live.reset(person, variant), 'done');
    });
    expect(live.world.email.to(person.email).at(-1)!.subject).toMatch(/password was changed/);
    expect(live.world.email.to(other)).toHaveLength(1);
  });

  test('is cancelled by its person, and its secret dies', async () => {
    const person = await newPerson();
    await live.serving(async () => {
      const begun = await live.ask(person.email, variant);
      await live.secret(person, variant);
      await live.service.cancel(begun.handle);
      await expectOutcome(begun.flowId, 'cancelled');
      expect(await secretsOf(begun.flowId)).toEqual(['superseded']);
    });
  });

  test('check 6: is superseded by the next one, which tells its workflow', async () => {
    const person = await newPerson();
    await live.serving(async () => {
      const first = await live.ask(person.email, variant);
      await live.secret(person, variant);
      const second = await live.ask(person.email, variant);
      await expectOutcome(first.flowId, 'superseded');
      await live.save(await live.prove(second, await live.secret(person, variant, 2)));
      await expectOutcome(second.flowId, 'done');
    });
  });

  test('is ended by an operator\'s Cancel in the Temporal Web UI: row, audit and secret as well', async () => {
    const person = await newPerson();
    await live.serving(async () => {
      const begun = await live.ask(person.email, variant);
      const secret = await live.secret(person, variant);
      await cancelByOperator(begun.flowId);
      await expectRecorded(begun.flowId, 'cancelled');
      expect(await secretsOf(begun.flowId)).toEqual(['superseded']);
      await expect(live.prove(begun, secret)).rejects.toMatchObject({ slug: variant === 'link' ? 'link-superseded' : 'flow-cancelled' });
    });
  });
});

test.each(['code', 'temporary-password'] as const)('check 12: a reset by %s is locked by the fifth wrong entry', async (variant) => {
  const person = await newPerson();
  await live.serving(async () => {
    const begun = await live.ask(person.email, variant);
    const right = await live.secret(person, variant);
    const wrong = variant === 'code' ? String((Number(right) + 1) % 1_000_000).padStart(6, '0') : `${right}x`;
    for (let left = 4; left > 0; left -= 1) await expect(live.prove(begun, wrong)).rejects.toMatchObject({ extra: { attemptsLeft: left } });
    await expect(live.prove(begun, wrong)).rejects.toMatchObject({ slug: 'flow-locked' });
    await expectOutcome(begun.flowId, 'locked');
  });
});

test('an invitation is superseded when its person asks for a code', async () => {
  const person = await newPerson();
  await live.serving(async () => {
    const invitation = await live.invite(person);
    await waitFor(() => live.world.sms.to(person.mobile)[0], { what: 'the invitation' });
    const begun = await live.ask(person.email, 'code');
    await expectOutcome(invitation, 'superseded');
    await live.save(await live.prove(begun, await live.secret(person, 'code', 2)));
    await expectOutcome(begun.flowId, 'done');
  });
});

describe('an operator\'s Cancel', () => {
  test('ends a reset at its new password, and what was staged is gone', async () => {
    const person = await newPerson();
    await live.serving(async () => {
      const begun = await live.ask(person.email, 'code');
      const handle = await live.prove(begun, await live.secret(person, 'code'));
      await cancelByOperator(begun.flowId);
      await expectRecorded(begun.flowId, 'cancelled');
      await expect(live.save(handle)).rejects.toMatchObject({ slug: 'flow-cancelled' });
    });
  });

  test('ends a reset whose carrier does not take its message, and the message is never sent', async () => {
    const person = await newPerson();
    live.world.sms.faults.push('later');
    await live.serving(async () => {
      const begun: Begun = await live.ask(person.email, 'code');
      await waitFor(() => live.world.sms.faults.length === 0 || undefined, { what: 'the first attempt' });
      await cancelByOperator(begun.flowId);
      await expectRecorded(begun.flowId, 'cancelled');
      expect(await live.db('messages').where({ flow_id: begun.flowId }).select('state', 'sealed')).toEqual([{ state: 'expired', sealed: null }]);
    });
    expect(live.world.sms.to(person.mobile)).toEqual([]);
  });

  test('does not undo what ended the row before', async () => {
    const person = await newPerson();
    await live.serving(async () => {
      const begun = await live.ask(person.email, 'code');
      await live.secret(person, 'code');
      await live.db('flows').where({ id: begun.flowId }).update({ step: 'superseded', outcome: 'superseded' });
      await engine.handle(begun.flowId).cancel();
      expect(await engine.handle(begun.flowId).result()).toEqual({ outcome: 'superseded' });
      expect(await live.world.row(begun.flowId)).toMatchObject({ outcome: 'superseded' });
    });
  });

  test('check 29: comes too late for a password that is saved: the notice still goes out', async () => {
    const person = await newPerson();
    live.world.email.faults.push('later');
    await live.serving(async () => {
      const begun = await live.ask(person.email, 'code');
      await live.save(await live.prove(begun, await live.secret(person, 'code')));
      await waitFor(() => live.world.email.faults.length === 0 || undefined, { what: 'the first attempt at the notice' });
      await engine.handle(begun.flowId).cancel();
      await expectOutcome(begun.flowId, 'done');
    });
    expect(live.world.email.to(person.email)).toHaveLength(1);
  });
});
