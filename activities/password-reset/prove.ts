import { appendAudit, type AuditEntry } from '../../db/audit';
import { clearCodeFailures, codeLock, countWrongCode } from '../../db/code-failures';
import { inTransaction } from '../../db/connection';
import { lockFlow, rotateHandle, updateOpenFlow, type FlowRow } from '../../db/flows';
import { dropMessagesOf } from '../../db/messages';
import { moveSecret, secretOf, type SecretRow } from '../../db/secrets';
import { limits, proofStep, type ResetEnding } from '../../domain/password-reset';
import { digestsEqual } from '../../security/digests';
import type { Proof, Verdict } from '../../workflows/password-reset/messages';
import type { ActivityDependencies } from '../dependencies';

type Attempt = Proof & { readonly flowId: string; readonly updateId: string };

function isRight(secret: SecretRow, attempt: Attempt): boolean {
  if (secret.round !== attempt.round) return false;
  return attempt.digests.some((candidate) => candidate.keyId === secret.key_id && digestsEqual(candidate.digest, secret.digest));
}

/**
 * Judges what was entered, in one transaction: one of any number of parallel entries is right, and a repeat of the same
 * Update, by a client or because a worker was killed, gets the first verdict and counts nothing twice.
 */
export async function verifySecret(deps: ActivityDependencies, attempt: Attempt): Promise<Verdict> {
  const { flowId, updateId } = attempt;
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const flow = await lockFlow(tx, flowId);
    const earlier = await tx('proof_attempts').where({ flow_id: flowId, update_id: updateId }).first<{ verdict: string } | undefined>('verdict');
    if (earlier) return JSON.parse(earlier.verdict) as Verdict;
    if (!flow) throw new Error('The flow has no row.');
    const records: AuditEntry[] = [];
    const verdict = await judge(flow, await secretOf(tx, flowId, flow.round));
    await tx('proof_attempts').insert({ flow_id: flowId, update_id: updateId, verdict: JSON.stringify(verdict) });
    // The end of the audit's chain is locked until the transaction ends: its records come after every other row.
    await appendAudit(tx, ...records);
    return verdict;

    async function end(outcome: ResetEnding, action: string): Promise<Verdict> {
      await updateOpenFlow(tx, flowId, { step: outcome, outcome });
      await dropMessagesOf(tx, flowId, ['reset-undelivered']);
      audit(action);
      return { result: 'ended', outcome };
    }
    function audit(action: string): void {
      records.push({ at: now, action, accountCode: flow!.account_code, flowId, subject: flow!.person });
    }
    async function judge(open: FlowRow, secret: SecretRow | undefined): Promise<Verdict> {
      if (open.outcome !== null) return { result: 'ended', outcome: open.outcome as ResetEnding };
      // Who was later with the same secret guessed nothing: it is refused and not counted, and the winner goes on.
      if (open.proven_at !== null) return { result: 'wrong', attemptsLeft: limits.wrongSecretsPerRound - (secret?.wrong ?? 0), provenBefore: true };
      if (open.variant === 'code' && (await codeLock(tx, open.person, now)).until !== null) return end('locked', 'reset.locked');
      if (!secret) return { result: 'wrong', attemptsLeft: limits.wrongSecretsPerRound };
      if (secret.expires_at < now) {
        await moveSecret(tx, secret, 'expired');
        return end('expired', 'reset.expired');
      }
      if (secret.state === 'live' && isRight(secret, attempt) && (await moveSecret(tx, secret, 'consumed'))) return accept(open, secret);
      return countWrong(open, secret);
    }
    async function accept(open: FlowRow, secret: SecretRow): Promise<Verdict> {
      if (open.variant === 'code') await clearCodeFailures(tx, open.person);
      await rotateHandle(tx, open, {
        step: proofStep(secret.purpose), expiresAt: open.expires_at, resendAt: open.resend_at,
        resendsLeft: limits.resendsPerFlow - (open.round - 1), wrongLeft: limits.wrongSecretsPerRound - secret.wrong,
      }, attempt.proofHandle);
      await updateOpenFlow(tx, flowId, { step: 'new-password', proven_at: now, expires_at: now + limits.newPasswordTtlMs });
      audit('reset.proven');
      return { result: 'right' };
    }
    async function countWrong(open: FlowRow, secret: SecretRow): Promise<Verdict> {
      const wrong = secret.wrong + 1;
      await tx('flow_secrets').where({ flow_id: flowId, round: secret.round }).update({ wrong });
      const lock = open.variant === 'code' ? await countWrongCode(tx, open.person, now) : null;
      audit('reset.wrong');
      if (wrong >= limits.wrongSecretsPerRound || (lock && lock.until !== null)) {
        await moveSecret(tx, secret, 'locked');
        return end('locked', 'reset.locked');
      }
      return { result: 'wrong', attemptsLeft: limits.wrongSecretsPerRound - wrong };
    }
  });
}
