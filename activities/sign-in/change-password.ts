import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, findFlow, lockFlowsOf } from '../../db/flows';
import { findSignIn, stageOf } from '../../db/sign-ins';
import { lockUser } from '../../db/users';
import type { SignInEnding } from '../../domain/sign-in';
import type { Change, NewPassword } from '../../workflows/sign-in/messages';
import type { ActivityDependencies } from '../dependencies';
import { replacePassword } from '../replace-password';
import { beganIn, movedTo, passStage } from './stages';

type Chosen = NewPassword & { readonly flowId: string; readonly updateId: string };

/**
 * Sets the staged password in the place of one that was given, and completes the reset that gave it. One transaction, like
 * a reset's; a repeat of the same Update gets the first answer.
 */
export async function changePassword(deps: ActivityDependencies, chosen: Chosen): Promise<Change> {
  const { flowId, updateId } = chosen;
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const person = (await findFlow(tx, flowId, 'sign-in'))?.person ?? '';
    const resets = await lockFlowsOf(tx, person);
    const signIns = await lockFlowsOf(tx, person, 'sign-in');
    const flow = signIns.find(({ id }) => id === flowId);
    const earlier = await tx('proof_attempts').where({ flow_id: flowId, update_id: updateId }).first<{ verdict: string } | undefined>('verdict');
    if (earlier) return JSON.parse(earlier.verdict) as Change;
    const user = flow?.user_id ? await lockUser(tx, flow.user_id) : undefined;
    if (!flow || !user) throw new Error('The sign-in has no row, or nobody to sign in.');
    const held = { flow, signIn: await findSignIn(tx, flowId), user };
    const audit = { at: now, accountCode: flow.account_code, flowId, subject: flow.person };
    const change = await save();
    await tx('proof_attempts').insert({ flow_id: flowId, update_id: updateId, verdict: JSON.stringify(change) });
    return change;

    async function end(outcome: SignInEnding): Promise<Change> {
      await endFlowRow(tx, held.flow, outcome);
      await appendAudit(tx, { ...audit, action: `sign-in.${outcome}` });
      return { result: 'ended', outcome };
    }

    async function save(): Promise<Change> {
      if (held.flow.outcome !== null) return { result: 'ended', outcome: held.flow.outcome as SignInEnding };
      if (held.user.status !== 'active' || (await beganIn(tx, held)) === 'ended') return end('cancelled');
      if (stageOf(held.signIn) !== 'change-password') return { result: 'elsewhere', ...movedTo(held) };
      const staged = await tx('staged_passwords').where({ id: chosen.stageId, flow_id: flowId }).first<{ hash: string } | undefined>('hash');
      if (!staged || held.flow.expires_at < now) return end('expired');
      const reset = resets.find(({ id }) => id === held.signIn.completes);
      // What the person signed in with was replaced, used or refused meanwhile.
      if (held.signIn.completes !== null && reset?.outcome !== null) return end(reset?.outcome === 'expired' ? 'expired' : 'cancelled');
      if (reset) await endFlowRow(tx, reset, 'done');
      const { sessions, notices, ended } = await replacePassword(deps, tx, {
        userId: held.user.id, hash: staged.hash, by: held.flow, resets: resets.filter(({ id }) => id !== reset?.id), signIns, why: 'password-changed',
      });
      await tx('staged_passwords').where({ flow_id: flowId }).delete();
      const { records, ...moved } = await passStage(tx, held, { entry: chosen.entry, updateId, session: chosen.session }, now);
      const completed = reset ? [{ ...audit, flowId: reset.id, action: 'reset.done', details: { by: flowId } }] : [];
      await appendAudit(tx, { ...audit, action: 'sign-in.password-changed', details: { sessionsEnded: sessions, notices } }, ...ended, ...completed, ...records);
      return { result: 'right', notices: notices > 0, ...moved, ...(reset ? { completed: reset.id } : {}) };
    }
  });
}
