import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { factorsOf } from '../../db/factors';
import { findFlow, lockFlowsOf } from '../../db/flows';
import { contentContext, dropSecretsOf, insertMessage, messagesOf } from '../../db/messages';
import { endSecretsOf, insertSecret, secretOf } from '../../db/secrets';
import { failureKey, failureLock } from '../../db/sign-in-failures';
import { findSignIn, stageOf, type SignInFlow, type SignInRow } from '../../db/sign-ins';
import { findUser, profileOfUser, secretTtlMs } from '../../db/users';
import { factorLockMs } from '../../domain/sign-in';
import { secretDigest } from '../../security/digests';
import { seal } from '../../security/sealing';
import { newCode } from '../../security/secrets';
import type { MessageContent } from '../../templates';
import type { ActivityDependencies } from '../dependencies';
import { smsRefusal } from '../sms-limits';

/** The purpose of a passcode's message. */
export const PASSCODE = 'sign-in-passcode';

const MINUTE_MS = 60 * 1000;

/** Where the passcode goes: to the number that is being enrolled, or to the saved one. */
async function numberFor(tx: Knex, flow: SignInFlow, signIn: SignInRow): Promise<string | undefined> {
  if (stageOf(signIn) === 'confirm-phone') return signIn.phone ?? undefined;
  return (await factorsOf(tx, flow.user_id!)).phone?.e164;
}

/** Why nothing may be sent to a number now; undefined where it may. */
async function refusalFor(deps: ActivityDependencies, tx: Knex.Transaction, flow: SignInFlow, e164: string): Promise<string | undefined> {
  const now = deps.clock();
  if ((await failureLock(tx, failureKey.factor('passcode', flow.user_id!), now, { lockMs: factorLockMs })) !== null) return 'locked';
  return smsRefusal(deps, tx, flow.account_code!, e164);
}

/** Decides, once per round and in one transaction, whether the round's passcode is sent, and queues it. */
export async function preparePasscode(deps: ActivityDependencies, flowId: string, round: number): Promise<'queued' | 'refused' | 'ended'> {
  return inTransaction(deps.db, async (tx) => {
    const flows = await lockFlowsOf(tx, (await findFlow(tx, flowId, 'sign-in'))?.person ?? '', 'sign-in');
    const flow = flows.find(({ id }) => id === flowId);
    if (!flow || flow.outcome !== null || flow.round !== round || flow.step !== 'enter-passcode') return 'ended';
    if (await secretOf(tx, flowId, round)) return (await messagesOf(tx, flowId, [PASSCODE], round)).some(({ state }) => state !== 'suppressed') ? 'queued' : 'refused';
    const now = deps.clock();
    const user = (await findUser(tx, flow.user_id!))!;
    const recipient = await numberFor(tx, flow, await findSignIn(tx, flowId));
    if (recipient === undefined || user.status !== 'active') return 'ended';
    const why = await refusalFor(deps, tx, flow, recipient);
    const ttlMs = secretTtlMs(await profileOfUser(tx, user), 'code');
    const code = newCode();
    // The newest passcode is the valid one, whichever of the person's sign-ins asked for it.
    if (why === undefined) {
      await endSecretsOf(tx, flow.person, 'sign-in');
      await dropSecretsOf(tx, flow.person, { flowId, round }, 'sign-in');
    }
    const { keyId, digest } = secretDigest(deps.keys, 'passcode', { person: flow.person, flowId, round }, code);
    await insertSecret(tx, { flow_id: flowId, round, purpose: 'passcode', person: flow.person, key_id: keyId, digest, state: why === undefined ? 'live' : 'unsent', wrong: 0, expires_at: now + ttlMs });
    const id = randomUUID();
    const content: MessageContent = { purpose: PASSCODE, code, minutes: ttlMs / MINUTE_MS };
    await insertMessage(tx, {
      id, flow_id: flowId, account_code: flow.account_code, purpose: PASSCODE, round, person: flow.person, channel: 'sms', recipient, created_at: now, expires_at: now + ttlMs,
      ...(why === undefined ? { state: 'queued', why: null, sealed: seal(deps.keys, 'seal', JSON.stringify(content), contentContext(id)) } : { state: 'suppressed', why, sealed: null }),
    });
    const action = why === undefined ? 'sign-in.issued' : 'sign-in.suppressed';
    await appendAudit(tx, { at: now, action, accountCode: flow.account_code, flowId, subject: flow.person, details: why === undefined ? { round } : { round, why } });
    return why === undefined ? 'queued' : 'refused';
  });
}
