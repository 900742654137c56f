import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, findFlow, lockFlowsOf } from '../../db/flows';
import { findUser } from '../../db/users';
import type { ResetEnding } from '../../domain/password-reset';
import type { ActivityDependencies } from '../dependencies';
import { replacePassword } from '../replace-password';

/** What became of a new password: how its flow ended, and whether this is the password that was saved. */
export interface Commit {
  readonly outcome: ResetEnding;
  readonly saved: boolean;
}

/**
 * Sets the staged password. One transaction: the password, the end of other sessions and secrets, the notices in the
 * queue and the audit record stand or fall together (ASVS 2.3.3). A repeat with the same stage gets the first answer;
 * another stage learns that the flow is over and that its password is not the one.
 */
export async function commitPassword(deps: ActivityDependencies, input: { flowId: string; stageId: string }): Promise<Commit> {
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const person = (await findFlow(tx, input.flowId))?.person ?? '';
    const flows = await lockFlowsOf(tx, person);
    const signIns = await lockFlowsOf(tx, person, 'sign-in');
    const flow = flows.find(({ id }) => id === input.flowId);
    if (!flow) throw new Error('The flow has no row.');
    const stage = { id: input.stageId, flow_id: flow.id };
    const staged = await tx('staged_passwords').where(stage).first<{ hash: string } | undefined>('hash');
    if (flow.outcome !== null) return { outcome: flow.outcome as ResetEnding, saved: flow.outcome === 'done' && staged !== undefined };
    const user = flow.user_id === null ? undefined : await findUser(tx, flow.user_id);
    if (!staged || user?.status !== 'active' || flow.step !== 'new-password' || flow.expires_at < now) {
      const outcome = user?.status === 'disabled' ? 'cancelled' : 'expired';
      await endFlowRow(tx, flow, outcome);
      await appendAudit(tx, { at: now, action: `reset.${outcome}`, accountCode: flow.account_code, flowId: flow.id, subject: flow.person });
      return { outcome, saved: false };
    }
    const { sessions, notices, ended } = await replacePassword(deps, tx, { userId: user.id, hash: staged.hash, by: flow, resets: flows, signIns, why: 'password-reset' });
    await endFlowRow(tx, flow, 'done');
    // The one that was saved leaves its id, for a repeat to be known by.
    await tx('staged_passwords').insert({ ...stage, hash: '' });
    await appendAudit(tx, { at: now, action: 'reset.done', accountCode: flow.account_code, flowId: flow.id, subject: flow.person, details: { sessionsEnded: sessions, notices } }, ...ended);
    return { outcome: 'done', saved: true };
  });
}
