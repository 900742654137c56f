import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findFlow } from '../../db/flows';
import { moveSession, type SessionRow } from '../../db/sessions';
import { findSignIn, insertSignIn } from '../../db/sign-ins';
import type { UserRow } from '../../db/users';
import { mayOpen } from '../../domain/applications';
import type { Application } from '../../domain/password-reset';
import { enrols } from '../../domain/sign-in';
import { randomValueDigest } from '../../security/digests';
import { proofHandle } from '../../security/secrets';
import { Problem } from '../problems';
import type { SignInDependencies } from './dependencies';
import { beginProven, limitPasscodes, planFor, proven } from './proceed';
import { openApplications } from './standing';
import { newSignIn } from './start';

/** Who wants to go where. */
export interface Switch {
  readonly session: SessionRow;
  readonly user: UserRow;
  readonly application: Application;
}

async function move({ db, clock }: SignInDependencies, { session, user, application }: Switch): Promise<void> {
  if (session.application === application) return;
  await inTransaction(db, async (tx) => {
    if (!(await moveSession(tx, session, application))) throw new Problem('unauthenticated');
    await appendAudit(tx, { at: clock(), action: 'session.switched', accountCode: user.account_code, subject: user.id, details: { session: session.id, from: session.application, to: application } });
  });
}

/**
 * Begins a sign-in from a session that is worth less than the application asks for: only what is missing is asked for, and a
 * new session takes the place of this one. Where something has to be enrolled, the password comes first, as whenever a
 * second step is changed.
 * @returns its handle
 */
async function stepUp(deps: SignInDependencies, { session, user, application }: Switch, requestId: string): Promise<string> {
  const { db, keys, clock } = deps;
  const handle = proofHandle(keys, session.id, requestId);
  const id = randomValueDigest(handle);
  const { plan, passcodeTtlMs } = await planFor(deps, user, { purpose: 'sign-in', application, mustChange: false });
  const askPassword = enrols(plan);
  if (!(await findFlow(db, id, 'sign-in'))) {
    const rows = newSignIn(deps, { id, account_code: user.account_code, application, address: user.email, user_id: user.id, purpose: 'sign-in', session_id: session.id });
    if (!askPassword) await limitPasscodes(deps, rows.flow.person, plan);
    const begun = askPassword ? { flow: {}, signIn: {} } : proven(deps, id, 'sign-in', plan, passcodeTtlMs);
    await inTransaction(db, async (tx) => {
      await insertSignIn(tx, { ...rows.flow, ...begun.flow }, { ...rows.signIn, ...begun.signIn, authentication: askPassword ? null : user.authentication }, [{ digest: id, role: askPassword ? 'start' : 'proof' }]);
      await appendAudit(tx, { at: clock(), action: 'sign-in.step-up', accountCode: user.account_code, flowId: id, subject: rows.flow.person, details: { session: session.id, application } });
    });
  }
  if (!askPassword) await beginProven(deps, (await findFlow(db, id, 'sign-in'))!, await findSignIn(db, id), passcodeTtlMs);
  return handle;
}

/**
 * Moves somebody who is signed in to another application: role and assurance are checked again, as they are now.
 * @returns the handle of a sign-in where the application asks for more than the session is worth; else null
 * @throws Problem `application-not-open`, `too-many-requests`, `engine-unavailable`
 */
export async function switchApplication(deps: SignInDependencies, asked: Switch, requestId: string): Promise<string | null> {
  if (!mayOpen(asked.user.role, asked.application)) throw new Problem('application-not-open');
  const open = await openApplications(deps.db, asked);
  if (open.some(({ application, stepUp: weak }) => application === asked.application && weak)) return stepUp(deps, asked, requestId);
  await move(deps, asked);
  return null;
}
