import type { Knex } from 'knex';
import type { AuditEntry } from '../db/audit';
import { endFlowRow, type FlowKind, type FlowRow } from '../db/flows';
import { dropSecretsOf } from '../db/messages';
import { NOTICE_ROUND, queueNotices } from '../db/notices';
import { endSecretsOf } from '../db/secrets';
import { endSessions, type SessionEnd } from '../db/sessions';
import { clearFailures, failureKey } from '../db/sign-in-failures';
import type { SignInFlow } from '../db/sign-ins';
import { setPassword } from '../db/users';
import type { ActivityDependencies } from './dependencies';

/** A password that takes the place of another one. */
export interface Replacement {
  readonly userId: string;
  readonly hash: string;
  /** The flow in which it was chosen. */
  readonly by: FlowRow<FlowKind>;
  /** The person's flows, locked: resets first, as everybody does who locks both. */
  readonly resets: readonly FlowRow[];
  readonly signIns: readonly SignInFlow[];
  readonly why: SessionEnd;
}

/**
 * Sets a password, and ends whatever goes back to the one before: sessions, secrets that are out, wrong entries, and the
 * person's other flows that are proven. Queues the notices. In the caller's transaction.
 * @returns how many sessions and notices there were, and the audit records of the flows it ended, for the caller to append
 */
export async function replacePassword(deps: ActivityDependencies, tx: Knex, replacement: Replacement): Promise<{ sessions: number; notices: number; ended: AuditEntry[] }> {
  const { userId, hash, by, why } = replacement;
  const now = deps.clock();
  await setPassword(tx, userId, hash, now);
  const sessions = await endSessions(tx, userId, now, why);
  for (const kind of ['password-reset', 'sign-in'] as const) {
    await endSecretsOf(tx, by.person, kind);
    await dropSecretsOf(tx, by.person, undefined, kind);
  }
  await clearFailures(tx, failureKey.person(by.person));
  const ended: AuditEntry[] = [];
  const others = [...replacement.resets, ...replacement.signIns].filter((other) => other.id !== by.id && other.outcome === null && other.proven_at !== null);
  for (const other of others) {
    // A proof given for another flow would set the password once more, or sign in by the one before.
    const [outcome, action] = other.kind === 'password-reset' ? (['superseded', 'reset.superseded'] as const) : (['cancelled', 'sign-in.cancelled'] as const);
    await endFlowRow(tx, other, outcome);
    ended.push({ at: now, action, accountCode: other.account_code, flowId: other.id, subject: other.person });
  }
  const of = { flow_id: by.id, account_code: by.account_code, person: by.person, round: by.kind === 'sign-in' ? NOTICE_ROUND : by.round, userId };
  const notices = await queueNotices(tx, deps.keys, of, { purpose: 'password-changed', at: new Date(now).toISOString(), application: by.application }, now);
  return { sessions, notices, ended };
}
