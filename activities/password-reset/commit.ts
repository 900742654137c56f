import { randomUUID } from 'node:crypto';
import { appendAudit } from '../../db/audit';
import { clearCodeFailures } from '../../db/code-failures';
import { inTransaction } from '../../db/connection';
import { lockFlow, updateOpenFlow } from '../../db/flows';
import { insertMessage } from '../../db/messages';
import { endSecretsOf } from '../../db/secrets';
import { endSessions, findUser, setPassword, verifiedAddresses } from '../../db/users';
import type { ResetEnding } from '../../domain/password-reset';
import { seal } from '../../security/sealing';
import type { MessageContent } from '../../templates';
import { contentContext } from '../deliver';
import type { ActivityDependencies } from '../dependencies';

/** A notice is worth reading for this long. */
const NOTICE_TTL_MS = 24 * 60 * 60 * 1000;

/**
 * Sets the staged password. One transaction: the password, the end of other sessions and secrets, the notices in the
 * queue and the audit record stand or fall together (ASVS 2.3.3).
 */
export async function commitPassword(deps: ActivityDependencies, input: { flowId: string; stageId: string }): Promise<{ outcome: ResetEnding }> {
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const flow = await lockFlow(tx, input.flowId);
    if (!flow) throw new Error('The flow has no row.');
    if (flow.outcome !== null) return { outcome: flow.outcome as ResetEnding };
    const staged = await tx('staged_passwords').where({ id: input.stageId, flow_id: flow.id }).first<{ hash: string } | undefined>('hash');
    const user = flow.user_id === null ? undefined : await findUser(tx, flow.user_id);
    const audit = { at: now, accountCode: flow.account_code, flowId: flow.id, subject: flow.person };
    const ended = !staged || !user || user.status !== 'active' || flow.expires_at < now;
    if (ended || !(await updateOpenFlow(tx, flow.id, { step: 'done', outcome: 'done' }, { step: 'new-password' }))) {
      const outcome = user?.status === 'disabled' ? 'cancelled' : 'expired';
      await updateOpenFlow(tx, flow.id, { step: outcome, outcome });
      await tx('staged_passwords').where({ flow_id: flow.id }).delete();
      await appendAudit(tx, { ...audit, action: `reset.${outcome}` });
      return { outcome };
    }
    await setPassword(tx, user.id, staged.hash, now);
    const sessions = await endSessions(tx, user.id, now, 'password-reset');
    await endSecretsOf(tx, flow.person);
    await clearCodeFailures(tx, flow.person);
    await tx('staged_passwords').where({ flow_id: flow.id }).delete();
    const content: MessageContent = { purpose: 'password-changed', at: new Date(now).toISOString(), application: flow.application };
    for (const recipient of await verifiedAddresses(tx, user.id)) {
      const id = randomUUID();
      await insertMessage(tx, {
        id, flow_id: flow.id, account_code: flow.account_code, purpose: content.purpose, round: flow.round, channel: 'email', recipient, person: flow.person,
        state: 'queued', why: null, created_at: now, expires_at: now + NOTICE_TTL_MS, sealed: seal(deps.keys, 'seal', JSON.stringify(content), contentContext(id)),
      });
    }
    await appendAudit(tx, { ...audit, action: 'reset.done', details: { sessionsEnded: sessions } });
    return { outcome: 'done' as const };
  });
}
