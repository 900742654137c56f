import { appendAudit, type AuditEntry } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { addHandle, freezeHandles, lockFlow, updateOpenFlow } from '../../db/flows';
import { sessionOfFlow } from '../../db/sessions';
import { finishSignIn } from '../../db/signed-in';
import { enrolmentContext, findSignIn, planOf, updateSignIn, type SignInFlow, type SignInRow } from '../../db/sign-ins';
import { lockUser, secretTtlMs, type UserRow } from '../../db/users';
import { isGuarded } from '../../domain/applications';
import type { Application } from '../../domain/password-reset';
import { planChange, planSignIn, signInLimits, stageTtlMs, stepOf, type AuthenticationType, type SignInPurpose, type Stage } from '../../domain/sign-in';
import { randomValueDigest } from '../../security/digests';
import { seal } from '../../security/sealing';
import { newTotpKey, proofHandle, sessionToken } from '../../security/secrets';
import { endedProblem, Problem } from '../problems';
import type { Credential } from './credential';
import type { SignInDependencies } from './dependencies';
import { begin } from './engine';
import { standingOf } from './standing';

/** What somebody signs in for, or changes. */
export interface Planned {
  readonly purpose: SignInPurpose;
  readonly application: Application;
  /** The password was given to the person. */
  readonly mustChange: boolean;
}

/** The stages that lie before somebody who gave the right password, by the profile, by what they enrolled, and by where they want to go. */
export async function planFor({ db }: Pick<SignInDependencies, 'db'>, user: UserRow, { purpose, application, mustChange }: Planned): Promise<{ plan: Stage[]; passcodeTtlMs: number }> {
  const { standing, profile } = await standingOf(db, user);
  return { plan: purpose === 'sign-in' ? planSignIn(standing, mustChange, isGuarded(application)) : planChange(purpose, standing), passcodeTtlMs: secretTtlMs(profile, 'code') };
}

/** @throws Problem `too-many-requests` where a person asks for too many passcodes */
export async function limitPasscodes({ limits }: SignInDependencies, person: string, plan: readonly Stage[]): Promise<void> {
  if (!plan.some((stage) => stage === 'passcode' || stage === 'enrol-phone')) return;
  const waitMs = await limits.passcodes(person);
  if (waitMs !== null) throw new Problem('too-many-requests', { detail: 'Too many passcodes were asked for. Try again later.', headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } });
}

/** What the rows of a flow hold from the right password on. */
export function proven(deps: SignInDependencies, flowId: string, purpose: SignInPurpose, plan: readonly Stage[], passcodeTtlMs: number): { flow: Partial<SignInFlow>; signIn: Partial<SignInRow> } {
  const now = deps.clock();
  // Whoever is asked for a first number may enrol an authenticator instead; whoever changes a number changes that.
  const mayEnrolTotp = plan.includes('confirm-totp') || (purpose === 'sign-in' && plan.includes('enrol-phone'));
  return {
    flow: {
      step: stepOf(plan[0]), proven_at: now, asked_at: now, resend_at: now + signInLimits.resendAfterMs, round: plan[0] === 'passcode' ? 1 : 0,
      expires_at: now + stageTtlMs(plan[0], passcodeTtlMs),
    },
    signIn: { plan: plan.join(','), enrolment: mayEnrolTotp ? seal(deps.keys, 'seal', newTotpKey(), enrolmentContext(flowId)) : null },
  };
}

/** Begins the workflow of a flow that is proven. It decides by its own times, which began when a worker took it. */
export async function beginProven({ db, temporal }: SignInDependencies, flow: SignInFlow, signIn: SignInRow, passcodeTtlMs: number): Promise<void> {
  const { step, round, expiresAt, resendAt } = await begin(temporal, flow, signIn, passcodeTtlMs);
  await updateOpenFlow(db, flow.id, { expires_at: expiresAt, resend_at: resendAt }, { step, round });
}

/**
 * Goes on after the right password. The handle rotates; where nothing else is asked for, the person is signed in at once
 * and no workflow hears of it, else the workflow begins. A repeat, or the right password once more, finds what there is.
 * @returns the handle that goes on
 * @throws Problem `credentials-wrong` where the password was replaced, or the person disabled, a moment ago
 */
export async function proceed(deps: SignInDependencies, { id: flowId, person, application }: Pick<SignInFlow, 'id' | 'person' | 'application'>, credential: Credential, authentication: AuthenticationType, requestId: string): Promise<string> {
  const { db, keys, clock } = deps;
  const planned = await planFor(deps, credential.user, { purpose: 'sign-in', application, mustChange: credential.mustChange });
  if ((await findSignIn(db, flowId)).plan === null) await limitPasscodes(deps, person, planned.plan);
  const handle = proofHandle(keys, flowId, requestId);
  const session = randomValueDigest(sessionToken(keys, flowId, requestId));
  const rows = await inTransaction(db, async (tx) => {
    const now = clock();
    const flow = (await lockFlow(tx, flowId, 'sign-in'))!;
    const user = await lockUser(tx, credential.user.id);
    // A password that was replaced while it was being checked is not the right one any more.
    if (user?.status !== 'active' || user.password_hash !== credential.user.password_hash) return null;
    if (flow.outcome !== null && (await sessionOfFlow(tx, flowId))?.digest !== session) throw endedProblem(flow.outcome);
    const records: AuditEntry[] = [];
    if (flow.proven_at === null && flow.outcome === null) {
      const { flow: change, signIn } = proven(deps, flowId, 'sign-in', planned.plan, planned.passcodeTtlMs);
      await freezeHandles(tx, flow, { step: 'enter-password', expiresAt: flow.expires_at, resendAt: null, resendsLeft: 0, wrongLeft: 0 });
      await updateOpenFlow(tx, flowId, { ...change, user_id: user.id });
      await updateSignIn(tx, flowId, { ...signIn, authentication, completes: credential.completes });
      records.push({ at: now, action: 'sign-in.proven', accountCode: flow.account_code, flowId, subject: flow.person, details: { stage: 'password', authentication } });
    }
    await addHandle(tx, flow, { digest: randomValueDigest(handle), role: 'proof' });
    const open = { flow: (await lockFlow(tx, flowId, 'sign-in'))!, signIn: await findSignIn(tx, flowId) };
    if (planOf(open.signIn).length === 0 && open.flow.outcome === null) records.push(await finishSignIn(tx, { ...open, user, session, now }));
    await appendAudit(tx, ...records);
    return open;
  });
  if (!rows) throw new Problem('credentials-wrong');
  if (planOf(rows.signIn).length > 0) await beginProven(deps, rows.flow, rows.signIn, planned.passcodeTtlMs);
  return handle;
}
