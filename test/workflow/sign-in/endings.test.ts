import { cancelSignInsOf } from '../../../api/sign-in/cancel-all';
import { findFlow } from '../../../db/flows';
import { searchAttributes } from '../../../temporal.config';
import { LiveSignIns } from '../../support/live-sign-ins';
import { testKeys } from '../../support/keys';
import { ResetEngine } from '../../support/reset-engine';
import { wrongFor } from '../../support/sign-in-world';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
let live: LiveSignIns;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'), 'sign-in');
  live = await LiveSignIns.open(engine);
});
afterAll(async () => {
  await live?.close();
  await engine?.stop();
});

async function outcomeOf(flowId: string): Promise<unknown> {
  const result = await engine.handle(flowId).result().catch((error: Error) => error.name);
  const { typedSearchAttributes, status } = await engine.handle(flowId).describe();
  const row = await findFlow(live.db, flowId, 'sign-in');
  return { result, status: status.name, row: row?.outcome, step: typedSearchAttributes.get(searchAttributes.step), outcome: typedSearchAttributes.get(searchAttributes.outcome) };
}
const ended = (outcome: string): unknown => ({ result: { outcome }, status: 'COMPLETED', row: outcome, step: outcome, outcome });

test('a sign-in with passcode is done with its session; its page says so, and its history stays short', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    expect(await engine.details(begun.flowId)).toMatch(/^\*\*Step:\*\* enter-passcode, since .* UTC {2}\n\*\*Waits for:\*\* the passcode that went to the saved number, until .*\n\*\*Passcode:\*\* number 1 /);
    expect(await live.enter(begun, 'passcode', await live.passcode(person.mobile, 2))).toEqual(expect.any(String));
    expect(await outcomeOf(begun.flowId)).toEqual(ended('done'));
    expect(await engine.details(begun.flowId)).toMatch(/^\*\*Ended:\*\* done, /);
    const events = await engine.events(begun.flowId);
    console.log(`A sign-in with passcode has ${events} events (at most 24).`);
    expect(events).toBeLessThanOrEqual(24);
    expect(await live.audited(begun.flowId)).toEqual(['sign-in.proven', 'sign-in.issued', 'sign-in.proven', 'sign-in.done']);
  });
});

test('a first sign-in sends its notice before it is over', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const { flowId } = await live.enrol(person);
    expect(await outcomeOf(flowId)).toEqual(ended('done'));
    expect(live.world.email.to(person.email).map(({ text }) => text)).toEqual([expect.stringContaining('was enrolled for signing in')]);
  });
});

test('five wrong passcodes lock it', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    const code = await live.passcode(person.mobile, 2);
    for (let entered = 0; entered < 4; entered += 1) await expect(live.enter(begun, 'passcode', wrongFor(code))).rejects.toMatchObject({ slug: 'secret-wrong', extra: { attemptsLeft: 4 - entered } });
    await expect(live.enter(begun, 'passcode', wrongFor(code))).rejects.toMatchObject({ slug: 'flow-locked' });
    expect(await outcomeOf(begun.flowId)).toEqual(ended('locked'));
  });
});

test('its person cancels it', async () => {
  await live.serving(async () => {
    const begun = await live.begin(await live.person());
    expect((await live.service.cancel(begun.handle)).step).toBe('cancelled');
    expect(await outcomeOf(begun.flowId)).toEqual(ended('cancelled'));
  });
});

test('an operator cancels it', async () => {
  await live.serving(async () => {
    const begun = await live.begin(await live.person());
    await engine.handle(begun.flowId).cancel();
    expect(await outcomeOf(begun.flowId)).toEqual({ result: 'WorkflowFailedError', status: 'CANCELLED', row: 'cancelled', step: 'cancelled', outcome: 'cancelled' });
    expect((await live.service.view(begun.handle)).step).toBe('cancelled');
  });
});

test('check 68: disabling its person ends it', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    await cancelSignInsOf({ ...live.world.signInApi, temporal: engine.client }, person, 'disabled');
    expect(await outcomeOf(begun.flowId)).toEqual(ended('cancelled'));
    expect((await live.audited(begun.flowId)).filter((action) => action === 'sign-in.cancelled')).toHaveLength(1);
  });
});

test('check 31: a password that was reset ends it at its next step, also where no signal came', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    const code = await live.passcode(person.mobile, 2);
    await live.db('flows').where({ id: begun.flowId }).update({ outcome: 'cancelled', step: 'cancelled' });
    await expect(live.enter(begun, 'passcode', code)).rejects.toMatchObject({ slug: 'flow-cancelled' });
    await engine.handle(begun.flowId).signal('end', 'cancelled');
    expect(await outcomeOf(begun.flowId)).toEqual(ended('cancelled'));
  });
});

test('a temporary password\'s change ends the workflow of the reset that waits for it as done', async () => {
  await live.serving(async () => {
    const person = await live.person({ profile: { two_step: 'off' } });
    const reset = await live.world.flow(person.email, 'temporary-password');
    await live.world.issue(reset);
    const resets = await engine.client.workflow.start('passwordReset', {
      workflowId: `password-reset-${reset.id}`, taskQueue: 'postern-journeys', args: [{ flowId: reset.id, accountCode: person.account_code, application: 'secure-messaging', variant: 'temporary-password', ttlMs: 3_600_000 }],
    });
    const begun = await live.begin(person, live.world.email.temporaryPassword(person.email));
    const password = 'a boat under the blue awning';
    const { session } = await live.service.newPassword(begun.handle, { password, confirmation: password });
    expect(session).toEqual(expect.any(String));
    expect(await outcomeOf(begun.flowId)).toEqual(ended('done'));
    expect(await resets.result()).toEqual({ outcome: 'done' });
    expect(live.world.email.to(person.email).filter(({ subject }) => subject.includes('was changed'))).toHaveLength(1);
  });
});

test('a passcode that the carrier reports as undelivered shows as failed, and another one may be asked for', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const begun = await live.begin(person);
    await live.service.phone(begun.handle, person.mobile!);
    await live.passcode(person.mobile);
    await live.db('messages').where({ flow_id: begun.flowId }).update({ state: 'undelivered' });
    await engine.handle(begun.flowId).signal('undelivered', { round: 1 });
    await engine.reads(begun.flowId, 'could not be delivered');
    expect((await live.service.view(begun.handle)).details).toMatchObject({ delivery: 'failed' });
    await live.service.cancel(begun.handle);
    expect(await outcomeOf(begun.flowId)).toEqual(ended('cancelled'));
  });
});

test('a carrier that refuses the number does not end it: another number is taken', async () => {
  await live.serving(async () => {
    const person = await live.person();
    const begun = await live.begin(person);
    live.world.sms.faults.push('refuse');
    await live.service.phone(begun.handle, '+12125550142');
    await waitFor(async () => ((await live.service.view(begun.handle)).details.delivery === 'failed' ? true : undefined), { what: 'the refusal' });
    await live.service.phone(begun.handle, person.mobile!);
    expect(await live.enter(begun, 'passcode', await live.passcode(person.mobile))).toEqual(expect.any(String));
  });
});
