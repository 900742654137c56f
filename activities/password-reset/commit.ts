import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, findFlow, lockFlowsOf, type FlowRow } from '../../db/flows';
import { dropSecretsOf, insertMessage } from '../../db/messages';
import { endSecretsOf } from '../../db/secrets';
import { endSessions } from '../../db/sessions';
import { findUser, setPassword, verifiedAddresses } from '../../db/users';
import type { ResetEnding } from '../../domain/password-reset';
import { seal } from '../../security/sealing';
import type { MessageContent } from '../../templates';
import { contentContext } from '../deliver';
import type { ActivityDependencies } from '../dependencies';

/** A notice is worth reading for this long. */
const NOTICE_TTL_MS = 24 * 60 * 60 * 1000;

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
    const flows = await lockFlowsOf(tx, (await findFlow(tx, input.flowId))?.person ?? '');
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
    await setPassword(tx, user.id, staged.hash, now);
    const sessions = await endSessions(tx, user.id, now, 'password-reset');
    await endSecretsOf(tx, flow.person);
    await dropSecretsOf(tx, flow.person);
    await endFlowRow(tx, flow, 'done');
    // The one that was saved leaves its id, for a repeat to be known by.
    await tx('staged_passwords').insert({ ...stage, hash: '' });
    // A proof given for another flow would set the password once more.
    const others = flows.filter((other) => other.id !== flow.id && other.outcome === null && other.proven_at !== null);
    for (const other of others) await endFlowRow(tx, other, 'superseded');
    const notices = await queueNotices(deps, tx, flow, user.id);
    const audit = { at: now, accountCode: flow.account_code, subject: flow.person };
    await appendAudit(tx, { ...audit, flowId: flow.id, action: 'reset.done', details: { sessionsEnded: sessions, notices } }, ...others.map(({ id }) => ({ ...audit, flowId: id, action: 'reset.superseded' })));
    return { outcome: 'done', saved: true };
  });
}

/** Tells every verified address. Returns how many there are. */
async function queueNotices(deps: ActivityDependencies, tx: Knex, flow: FlowRow, userId: string): Promise<number> {
  const now = deps.clock();
  const content: MessageContent = { purpose: 'password-changed', at: new Date(now).toISOString(), application: flow.application };
  const recipients = await verifiedAddresses(tx, userId);
  for (const recipient of recipients) {
    const id = randomUUID();
    await insertMessage(tx, {
      id, flow_id: flow.id, account_code: flow.account_code, purpose: content.purpose, round: flow.round, channel: 'email', recipient, person: flow.person,
      state: 'queued', why: null, created_at: now, expires_at: now + NOTICE_TTL_MS, sealed: seal(deps.keys, 'seal', JSON.stringify(content), contentContext(id)),
    });
  }
  return recipients.length;
}
