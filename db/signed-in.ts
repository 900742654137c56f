import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { arrivesAt } from '../domain/applications';
import { assuranceOf } from '../domain/sign-in';
import type { AuditEntry } from './audit';
import { endFlowRow } from './flows';
import { endSession, insertSession, sessionTimes } from './sessions';
import { planOf, type SignInFlow, type SignInRow } from './sign-ins';
import { profileOfUser, type UserRow } from './users';

/** What a sign-in that has everything it asked for ends with. */
export interface SignedIn {
  readonly flow: SignInFlow;
  readonly signIn: SignInRow;
  readonly user: UserRow;
  /** Of the session's token. */
  readonly session: string;
  readonly now: number;
}

/**
 * Ends a sign-in's row as `done` and makes its session, in the caller's transaction: there is one exactly when everything
 * was given. It is in the application that was asked for only where the person's role opens it: that is told after the
 * proof and never before. The session that a change or a step-up began from is replaced (ASVS 7.2.4).
 * @returns the audit record, for the caller to append
 */
export async function finishSignIn(tx: Knex, { flow, signIn, user, session, now }: SignedIn): Promise<AuditEntry> {
  const assurance = assuranceOf(planOf(signIn));
  const application = arrivesAt(user.role, flow.application);
  const { idleMs, absoluteMs } = sessionTimes(await profileOfUser(tx, user));
  await endFlowRow(tx, flow, 'done');
  if (signIn.session_id !== null) await endSession(tx, { id: signIn.session_id, user_id: user.id }, now, 'replaced');
  await insertSession(tx, {
    id: randomUUID(), digest: session, user_id: user.id, application, assurance, flow_id: flow.id,
    created_at: now, last_seen_at: now, idle_ms: idleMs, expires_at: now + absoluteMs,
  });
  return {
    at: now, action: 'sign-in.done', accountCode: flow.account_code, flowId: flow.id, subject: flow.person,
    details: { purpose: signIn.purpose, application: flow.application, open: application === flow.application, authentication: signIn.authentication, assurance },
  };
}
