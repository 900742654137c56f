import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findFlow } from '../../db/flows';
import type { SessionRow } from '../../db/sessions';
import { findSignIn, insertSignIn } from '../../db/sign-ins';
import type { UserRow } from '../../db/users';
import type { SignInPurpose } from '../../domain/sign-in';
import { addressDigest, randomValueDigest } from '../../security/digests';
import { proofHandle } from '../../security/secrets';
import { Problem } from '../problems';
import { checkCredential } from './credential';
import type { SignInDependencies } from './dependencies';
import { beginProven, limitPasscodes, planFor, proven } from './proceed';
import { newSignIn } from './start';

/** Who asks for a change, and for what. */
export interface Change {
  readonly session: SessionRow;
  readonly user: UserRow;
  readonly purpose: Exclude<SignInPurpose, 'sign-in'>;
  readonly password: string;
  readonly origin: string;
}

/**
 * Begins a change of somebody's second step or password, from their session: the password again (ASVS 6.2.3), then the
 * second step there is, then the change (ASVS 7.5.1). It is a sign-in of its own and ends with a new session in the place of this one.
 * @returns its handle, already proven
 * @throws Problem `credentials-wrong`, `too-many-requests`, or `method-not-offered` where there is nothing to change
 */
export async function beginChange(deps: SignInDependencies, { session, user, purpose, password, origin }: Change, requestId: string): Promise<string> {
  const { db, keys, clock } = deps;
  const handle = proofHandle(keys, session.id, requestId);
  const id = randomValueDigest(handle);
  const person = addressDigest(keys, user.email);
  const credential = await checkCredential(deps, { address: user.email, person, accountCode: user.account_code, flowId: id, authentication: user.authentication, password, origin });
  if (!credential || credential.mustChange) throw new Problem('credentials-wrong');
  if (purpose === 'change-password' && user.authentication === 'domain') throw new Problem('method-not-offered', { detail: "Your password is kept in your organisation's directory. Change it there." });
  const { plan, passcodeTtlMs } = await planFor(deps, user, { purpose, application: session.application, mustChange: false });
  if (plan.length === 0) throw new Problem('method-not-offered', { detail: 'Enrol a mobile number or an authenticator app first.' });
  if (!(await findFlow(db, id, 'sign-in'))) {
    await limitPasscodes(deps, person, plan);
    const rows = newSignIn(deps, { id, account_code: user.account_code, application: session.application, address: user.email, user_id: user.id, purpose, session_id: session.id });
    const change = proven(deps, id, purpose, plan, passcodeTtlMs);
    await inTransaction(db, async (tx) => {
      await insertSignIn(tx, { ...rows.flow, ...change.flow }, { ...rows.signIn, ...change.signIn, authentication: user.authentication }, [{ digest: id, role: 'proof' }]);
      await appendAudit(tx, { at: clock(), action: 'sign-in.proven', accountCode: user.account_code, flowId: id, subject: person, details: { stage: 'password', purpose } });
    });
  }
  await beginProven(deps, (await findFlow(db, id, 'sign-in'))!, await findSignIn(db, id), passcodeTtlMs);
  return handle;
}
