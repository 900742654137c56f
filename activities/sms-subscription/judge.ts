import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { moveSecret, secretOf } from '../../db/secrets';
import { lockSubscriptions, moveSubscription, optInOf } from '../../db/sms-subscriptions';
import { optInLimits, type OptInEnding } from '../../domain/sms-subscription';
import { SMS_TEXT_VERSION } from '../../domain/sms-texts';
import { digestsEqual } from '../../security/digests';
import type { CodeEntry, OptInVerdict } from '../../workflows/sms-subscription/messages';
import type { ActivityDependencies } from '../dependencies';

/**
 * Judges the code of an opt-in, in one transaction: of parallel entries one is right, and a repeat of the same Update gets
 * the first verdict and counts nothing twice. Five wrong ones close the code; an answer by text is still taken.
 */
export async function judgeOptInCode(deps: ActivityDependencies, attempt: CodeEntry & { readonly flowId: string; readonly updateId: string }): Promise<OptInVerdict> {
  const { flowId, updateId, digests, origin } = attempt;
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const [row] = await lockSubscriptions(tx, { flow_id: flowId });
    const earlier = await tx('proof_attempts').where({ flow_id: flowId, update_id: updateId }).first<{ verdict: string } | undefined>('verdict');
    if (earlier) return JSON.parse(earlier.verdict) as OptInVerdict;
    const flow = row && (await optInOf(tx, row));
    if (!row || !flow) return { result: 'ended', outcome: 'ended' };
    const verdict = await judge();
    await tx('proof_attempts').insert({ flow_id: flowId, update_id: updateId, verdict: JSON.stringify(verdict) });
    await appendAudit(tx, { at: now, action: `sms-subscription.${verdict.result === 'right' ? 'confirmed' : verdict.result}`, accountCode: row.account_code, flowId, subject: row.user_id });
    return verdict;

    async function judge(): Promise<OptInVerdict> {
      if (flow!.outcome !== null) return { result: 'ended', outcome: flow!.outcome as OptInEnding };
      if (flow!.expires_at < now) {
        await moveSubscription(tx, row!, { state: 'lapsed' }, { action: 'lapsed', source: 'clock' }, now);
        return { result: 'ended', outcome: 'lapsed' };
      }
      const secret = await secretOf<'opt-in-code'>(tx, flowId, flow!.round);
      if (!secret || secret.state !== 'live') return { result: secret?.state === 'locked' ? 'locked' : 'wrong', attemptsLeft: 0 };
      if (digests.some(({ keyId, digest }) => keyId === secret.key_id && digestsEqual(digest, secret.digest))) {
        await moveSubscription(tx, row!, { state: 'active' }, { action: 'confirmed', source: 'page', actor: row!.user_id, origin, text_version: SMS_TEXT_VERSION }, now);
        return { result: 'right' };
      }
      const wrong = secret.wrong + 1;
      await tx('flow_secrets').where({ flow_id: flowId, round: secret.round }).update({ wrong });
      if (wrong >= optInLimits.wrongCodes) await moveSecret(tx, secret, 'locked');
      return { result: wrong >= optInLimits.wrongCodes ? 'locked' : 'wrong', attemptsLeft: optInLimits.wrongCodes - wrong };
    }
  });
}
