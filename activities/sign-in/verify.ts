import { appendAudit, type AuditEntry } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { factorsOf, noteFactorUsed, replaceRecoveryCode, saveFactor, saveRecoveryCodes, takeCounter, totpContext } from '../../db/factors';
import { endFlowRow, lockFlow } from '../../db/flows';
import { dropMessagesOf } from '../../db/messages';
import { NOTICE_ROUND, queueNotices, type Notice } from '../../db/notices';
import { endSecretsOfFlow, moveSecret, secretOf } from '../../db/secrets';
import { clearFailures, countFailure, failureKey, failureLock } from '../../db/sign-in-failures';
import { enrolmentContext, findSignIn, planOf, stageOf, updateSignIn } from '../../db/sign-ins';
import { lockUser } from '../../db/users';
import { canRecover, factorLockMs, lastDigits, signInLimits, type SignInEnding, type Stage } from '../../domain/sign-in';
import { digestsEqual, secretDigest } from '../../security/digests';
import { open, seal } from '../../security/sealing';
import { totpCodes } from '../../security/totp';
import type { Entry, Verdict } from '../../workflows/sign-in/messages';
import type { ActivityDependencies } from '../dependencies';
import { beganIn, movedTo, NOTICES, passStage, type Held } from './stages';

type Attempt = Entry & { readonly flowId: string; readonly updateId: string };

const POLICY = { lockMs: factorLockMs };

/** The time step of an authenticator's code that was entered; undefined where it is none of those it may show now. */
function counterOf(deps: ActivityDependencies, { flow }: Held, attempt: Attempt, key: string): number | undefined {
  const binding = { person: flow.person, flowId: flow.id, round: 0 };
  return totpCodes(key, deps.clock()).find(({ code }) => attempt.digests.some((candidate) => digestsEqual(candidate.digest, secretDigest(deps.keys, 'totp', binding, code).digest)))?.counter;
}

/**
 * Judges what was entered as a second step, in one transaction: one of any number of parallel entries is right, and a
 * repeat of the same Update, by a client or because a worker was killed, gets the first verdict and counts nothing twice.
 */
export async function verifySecondStep(deps: ActivityDependencies, attempt: Attempt): Promise<Verdict> {
  const { flowId, updateId } = attempt;
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const flow = await lockFlow(tx, flowId, 'sign-in');
    const earlier = await tx('proof_attempts').where({ flow_id: flowId, update_id: updateId }).first<{ verdict: string } | undefined>('verdict');
    if (earlier) return JSON.parse(earlier.verdict) as Verdict;
    const user = flow?.user_id ? await lockUser(tx, flow.user_id) : undefined;
    if (!flow || !user) throw new Error('The sign-in has no row, or nobody to sign in.');
    const held: Held = { flow, signIn: await findSignIn(tx, flowId), user };
    const records: AuditEntry[] = [];
    const verdict = await judge();
    await tx('proof_attempts').insert({ flow_id: flowId, update_id: updateId, verdict: JSON.stringify(verdict) });
    // The end of the audit's chain is locked until the transaction ends: its records come after every other row.
    await appendAudit(tx, ...records);
    return verdict;

    function audit(action: string, details: AuditEntry['details'] = {}): void {
      records.push({ at: now, action, accountCode: flow!.account_code, flowId, subject: flow!.person, details });
    }

    async function end(outcome: SignInEnding): Promise<Verdict> {
      await endFlowRow(tx, held.flow, outcome);
      await endSecretsOfFlow(tx, flowId, outcome === 'locked' || outcome === 'expired' ? outcome : 'superseded');
      await dropMessagesOf(tx, flowId, NOTICES);
      audit(`sign-in.${outcome}`);
      return { result: 'ended', outcome };
    }

    async function judge(): Promise<Verdict> {
      const { signIn } = held;
      if (held.flow.outcome !== null) return { result: 'ended', outcome: held.flow.outcome as SignInEnding };
      if (held.user.status !== 'active' || (await beganIn(tx, held)) === 'ended') return end('cancelled');
      const stage = stageOf(signIn);
      if (stage !== attempt.stage) return { result: 'elsewhere', ...movedTo(held) };
      if (held.flow.expires_at < now) return end('expired');
      switch (attempt.kind) {
        case 'passcode': return passcode(stage);
        case 'totp': return stage === 'totp' ? totp() : enrolTotp(stage);
        case 'recovery-code': return recoveryCode(stage);
      }
    }

    async function passcode(stage: Stage): Promise<Verdict> {
      const key = stage === 'passcode' ? failureKey.factor('passcode', held.user.id) : undefined;
      if (key && (await failureLock(tx, key, now, POLICY)) !== null) return end('locked');
      const secret = await secretOf<'passcode'>(tx, flowId, held.flow.round);
      if (!secret) return { result: 'wrong', attemptsLeft: signInLimits.wrongEntries };
      if (secret.expires_at < now) return end('expired');
      const right = secret.state === 'live' && secret.round === attempt.round && attempt.digests.some(({ keyId, digest }) => keyId === secret.key_id && digestsEqual(digest, secret.digest));
      if (right && (await moveSecret(tx, secret, 'consumed'))) return stage === 'passcode' ? provenByPhone(key!) : confirmPhone();
      await tx('flow_secrets').where({ flow_id: flowId, round: secret.round }).update({ wrong: secret.wrong + 1 });
      return wrong(secret.wrong + 1, key);
    }

    async function provenByPhone(key: string): Promise<Verdict> {
      await clearFailures(tx, key);
      const { phone } = await factorsOf(tx, held.user.id);
      if (phone) await noteFactorUsed(tx, phone.id, now);
      return pass();
    }

    /** Whether the person has enrolled a second step since this sign-in was planned: by the password alone nobody puts another in its place. */
    async function enrolledMeanwhile(): Promise<boolean> {
      const { phone, totp: authenticator } = await factorsOf(tx, held.user.id);
      return (phone !== undefined || authenticator !== undefined) && !planOf(held.signIn).some(canRecover);
    }

    async function confirmPhone(): Promise<Verdict> {
      if (await enrolledMeanwhile()) return end('cancelled');
      const before = (await factorsOf(tx, held.user.id)).phone;
      const e164 = held.signIn.phone!;
      await saveFactor(tx, { user_id: held.user.id, kind: 'phone', e164, created_at: now, used_at: now });
      await clearFailures(tx, failureKey.factor('passcode', held.user.id));
      return pass({ purpose: before ? 'phone-changed' : 'phone-enrolled', at: new Date(now).toISOString(), lastDigits: lastDigits(e164) });
    }

    async function totp(): Promise<Verdict> {
      const key = failureKey.factor('totp', held.user.id);
      if ((await failureLock(tx, key, now, POLICY)) !== null) return end('locked');
      const factor = (await factorsOf(tx, held.user.id)).totp;
      const counter = factor && counterOf(deps, held, attempt, open(deps.keys, 'seal', factor.sealed, totpContext(held.user.id)));
      if (!factor || counter === undefined || !(await takeCounter(tx, factor.id, counter, now))) return wrong(held.signIn.wrong + 1, key);
      await clearFailures(tx, key);
      return pass();
    }

    /** In the place of a number, it also passes that number's stage. */
    async function enrolTotp(stage: Stage): Promise<Verdict> {
      if (held.signIn.enrolment === null) return wrong(held.signIn.wrong + 1);
      if (await enrolledMeanwhile()) return end('cancelled');
      const secret = open(deps.keys, 'seal', held.signIn.enrolment, enrolmentContext(flowId));
      const counter = counterOf(deps, held, attempt, secret);
      if (counter === undefined) return wrong(held.signIn.wrong + 1);
      const user_id = held.user.id;
      await saveFactor(tx, { user_id, kind: 'totp', sealed: seal(deps.keys, 'seal', secret, totpContext(user_id)), last_counter: counter, created_at: now, used_at: now });
      await saveRecoveryCodes(tx, user_id, attempt.recoveryCodes, now);
      await clearFailures(tx, failureKey.factor('totp', user_id), failureKey.factor('recovery-code', user_id));
      return pass({ purpose: 'totp-enrolled', at: new Date(now).toISOString() }, stage === 'enrol-phone' ? 1 : 0);
    }

    async function recoveryCode(stage: Stage): Promise<Verdict> {
      const key = failureKey.factor('recovery-code', held.user.id);
      if (!canRecover(stage)) return wrong(held.signIn.wrong + 1);
      if ((await failureLock(tx, key, now, POLICY)) !== null) return end('locked');
      const { recoveryCodes } = await factorsOf(tx, held.user.id);
      const used = recoveryCodes.find((code) => attempt.digests.some(({ keyId, digest }) => keyId === code.key_id && digestsEqual(digest, code.digest!)));
      const next = attempt.recoveryCodes[0];
      if (!used || !next || !(await replaceRecoveryCode(tx, used, next, now))) return wrong(held.signIn.wrong + 1, key);
      await clearFailures(tx, key);
      return pass({ purpose: 'recovery-code-used', at: new Date(now).toISOString() });
    }

    async function pass(notice?: Notice, skip = 0): Promise<Verdict> {
      const codesAsked = held.signIn.purpose === 'recovery-codes';
      if (codesAsked) await saveRecoveryCodes(tx, held.user.id, attempt.recoveryCodes, now);
      const { records: made, ...moved } = await passStage(tx, held, { entry: attempt.entry, updateId, session: attempt.session, skip }, now);
      const notices: Notice[] = [...(notice ? [notice] : []), ...(codesAsked ? [{ purpose: 'recovery-codes-issued' as const, at: new Date(now).toISOString() }] : [])];
      const of = { flow_id: flowId, account_code: held.flow.account_code, person: held.flow.person, round: NOTICE_ROUND, userId: held.user.id };
      for (const each of notices) {
        await queueNotices(tx, deps.keys, of, each, now);
        audit(`second-step.${each.purpose}`);
      }
      if (!notice) audit('sign-in.proven', { stage: attempt.stage });
      records.push(...made);
      return { result: 'right', notices: notices.length > 0, ...moved };
    }

    /** Counts a wrong entry: five end the flow, and in a row they hold up the second step itself. */
    async function wrong(total: number, key?: string): Promise<Verdict> {
      if (attempt.kind !== 'passcode') await updateSignIn(tx, flowId, { wrong: total });
      if (key) await countFailure(tx, key, now, POLICY);
      audit('sign-in.wrong', { kind: attempt.kind });
      const locked = key !== undefined && (await failureLock(tx, key, now, POLICY)) !== null;
      return total >= signInLimits.wrongEntries || locked ? end('locked') : { result: 'wrong', attemptsLeft: signInLimits.wrongEntries - total };
    }
  });
}
