import { randomUUID } from 'node:crypto';
import { sendBareStep, sendStep } from '../../../api/engine';
import { signInWorkflowId } from '../../../temporal.config';
import { cancelUpdate, changePasswordUpdate, enrolPhoneUpdate, proveUpdate, resendUpdate } from '../../../workflows/sign-in/messages';
import type { Stage } from '../../../domain/sign-in';
import { testKeys } from '../../support/keys';
import { LiveSignIns } from '../../support/live-sign-ins';
import { ResetEngine } from '../../support/reset-engine';

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

const passing = (stage: Stage) => ({ stage, entry: 'ee', session: 'ff' });
/** Every Update that a sign-in knows, for a stage that it may not be at. */
const updates: Record<string, (flowId: string) => Promise<unknown>> = {
  enrolPhone: (flowId) => sendStep(engine.client, signInWorkflowId(flowId), enrolPhoneUpdate, randomUUID(), { number: '+12125550142' }),
  passcode: (flowId) => sendStep(engine.client, signInWorkflowId(flowId), proveUpdate, randomUUID(), { ...passing('passcode'), kind: 'passcode', round: 1, digests: [], recoveryCodes: [] }),
  totp: (flowId) => sendStep(engine.client, signInWorkflowId(flowId), proveUpdate, randomUUID(), { ...passing('totp'), kind: 'totp', round: 1, digests: [], recoveryCodes: [] }),
  changePassword: (flowId) => sendStep(engine.client, signInWorkflowId(flowId), changePasswordUpdate, randomUUID(), { ...passing('change-password'), stageId: 'none' }),
  resend: (flowId) => sendBareStep(engine.client, signInWorkflowId(flowId), resendUpdate, randomUUID()),
};

async function refusals(flowId: string, of: readonly string[]): Promise<Record<string, string>> {
  const before = await engine.events(flowId);
  const types: Record<string, string> = {};
  for (const name of of) types[name] = await updates[name]!(flowId).then(() => 'taken', (error: { type: string }) => error.type);
  expect(await engine.events(flowId)).toBe(before);
  return types;
}

test('check 60: while a number is asked for, every other step is refused and leaves nothing in the history', async () => {
  await live.serving(async () => {
    const { flowId } = await live.begin(await live.person());
    expect(await refusals(flowId, ['passcode', 'totp', 'changePassword', 'resend'])).toEqual({ passcode: 'wrong-step', totp: 'wrong-step', changePassword: 'wrong-step', resend: 'wrong-step' });
  });
});

test('check 60: while a passcode is asked for, so are the others, and another one too soon', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const { flowId } = await live.begin(person);
    await engine.reads(flowId, 'was handed to the carrier');
    expect(await refusals(flowId, ['enrolPhone', 'totp', 'changePassword', 'resend'])).toEqual({ enrolPhone: 'wrong-step', totp: 'wrong-step', changePassword: 'wrong-step', resend: 'resend-too-soon' });
  });
});

test('check 42: while another password is asked for, nothing else is taken', async () => {
  await live.serving(async () => {
    const person = await live.person({ profile: { two_step: 'off' }, user: { password_temporary: true } });
    const { flowId } = await live.begin(person);
    expect(await refusals(flowId, ['enrolPhone', 'passcode', 'totp', 'resend'])).toEqual({ enrolPhone: 'wrong-step', passcode: 'wrong-step', totp: 'wrong-step', resend: 'wrong-step' });
  });
});

test('check 60: after its ending it takes no step any more', async () => {
  await live.serving(async () => {
    const { flowId } = await live.begin(await live.person());
    await sendBareStep(engine.client, signInWorkflowId(flowId), cancelUpdate, randomUUID());
    await engine.handle(flowId).result();
    const types = await refusals(flowId, Object.keys(updates));
    expect(new Set(Object.values(types))).toEqual(new Set(['ended']));
  });
});

test('check 5: of sixteen right passcodes at once one signs in, and the others leave nothing in the history', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    const code = await live.passcode(person.mobile, 2);
    const entries = await Promise.allSettled(Array.from({ length: 16 }, () => live.enter(begun, 'passcode', code)));
    expect(entries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await engine.handle(begun.flowId).result();
    expect(await engine.events(begun.flowId)).toBeLessThanOrEqual(28);
    expect(await live.db('sessions').where({ flow_id: begun.flowId })).toHaveLength(1);
  });
});

test('a passcode whose answer was lost is told to whoever enters it again, once', async () => {
  await live.serving(async () => {
    const person = await live.person();
    await live.enrol(person);
    const begun = await live.begin(person);
    const code = await live.passcode(person.mobile, 2);
    // Taken by the workflow, for a request that never heard of it.
    const entry = await live.world.entry(begun.flowId, 'passcode', code, 'unheard');
    await sendStep(engine.client, signInWorkflowId(begun.flowId), proveUpdate, 'unheard', entry);
    await engine.handle(begun.flowId).result();
    const session = await live.enter(begun, 'passcode', code);
    expect(session).toEqual(expect.any(String));
    await expect(live.enter(begun, 'passcode', code)).rejects.toMatchObject({ slug: 'flow-done' });
  });
});
