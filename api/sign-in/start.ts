import { insertSignIn, type SignInFlow, type SignInRow } from '../../db/sign-ins';
import { inTransaction } from '../../db/connection';
import { findUserByEmail, normaliseAddress } from '../../db/users';
import type { Application } from '../../domain/password-reset';
import { offeredTypes, signInLimits, type AuthenticationType } from '../../domain/sign-in';
import { addressDigest, randomValueDigest } from '../../security/digests';
import { newHandle } from '../../security/secrets';
import { Problem } from '../problems';
import type { SignInDependencies } from './dependencies';

/** The account of an address's domain, and the authentication types it offers: they tell nothing of a person. */
export async function accountOfAddress({ db }: Pick<SignInDependencies, 'db'>, address: string): Promise<{ code: string | null; types: AuthenticationType[] }> {
  const domain = normaliseAddress(address).split('@').pop() ?? '';
  const account = await db('accounts').join('domains', 'domains.account_code', 'accounts.code').where('domains.name', domain)
    .first<{ code: string; domain_authentication: boolean | number } | undefined>('accounts.code', 'accounts.domain_authentication');
  return { code: account?.code ?? null, types: offeredTypes(Boolean(account?.domain_authentication)) };
}

/** A flow's rows before anything is known of it but who asks, and for what. */
export function newSignIn(deps: SignInDependencies, given: Pick<SignInFlow, 'id' | 'account_code' | 'application' | 'address' | 'user_id'> & Pick<SignInRow, 'purpose' | 'session_id'>): { flow: SignInFlow; signIn: SignInRow } {
  const now = deps.clock();
  const { purpose, session_id, ...of } = given;
  return {
    flow: {
      ...of, kind: 'sign-in', person: addressDigest(deps.keys, given.address), initiated_by: 'self', methods: '', variant: null, step: 'enter-password', outcome: null, round: 0,
      silent: null, limits_checked: false, resend_at: null, asked_at: null, proven_at: null, created_at: now, expires_at: now + signInLimits.passwordTtlMs, captcha: null,
    },
    signIn: {
      flow_id: given.id, purpose, session_id, authentication: null, plan: null, position: 0, completes: null, phone: null, enrolment: null,
      resends_left: signInLimits.resendsPerFlow, wrong: 0,
    },
  };
}

/**
 * Starts a sign-in for an address, known or not.
 * @returns its handle
 * @throws Problem `too-many-requests` for an origin that asks too often
 */
export async function startSignIn(deps: SignInDependencies, input: { email: string; application: Application; origin: string }): Promise<string> {
  const waitMs = await deps.limits.origin(input.origin);
  if (waitMs !== null) throw new Problem('too-many-requests', { detail: 'Too many people of this network sign in at once. Try again later.', headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } });
  const address = normaliseAddress(input.email);
  const handle = newHandle();
  const id = randomValueDigest(handle);
  const { code } = await accountOfAddress(deps, address);
  const user = await findUserByEmail(deps.db, address);
  const { flow, signIn } = newSignIn(deps, { id, account_code: code, application: input.application, address, user_id: user?.id ?? null, purpose: 'sign-in', session_id: null });
  await inTransaction(deps.db, (tx) => insertSignIn(tx, flow, signIn, [{ digest: id, role: 'start' }]));
  return handle;
}
