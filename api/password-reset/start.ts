import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { insertFlow, type FlowRow } from '../../db/flows';
import { findUser, findUserByEmail, normaliseAddress, profileOfAddress, profileOfUser, resetOptions, secretTtlMs } from '../../db/users';
import { allowedMethods, limits, offeredMethods, proofStep, variantFor, type Application, type ResetMethod } from '../../domain/password-reset';
import { addressDigest, randomValueDigest } from '../../security/digests';
import { linkHandle, newHandle } from '../../security/secrets';
import { Problem } from '../problems';
import { newCaptcha } from './captcha';
import type { ResetDependencies } from './dependencies';
import { begin } from './engine';

interface NewFlow {
  readonly address: string;
  readonly application: Application;
  readonly initiatedBy: FlowRow['initiated_by'];
  readonly accountCode: string | null;
  readonly methods: readonly ResetMethod[];
  readonly variant: FlowRow['variant'];
  readonly step: FlowRow['step'];
  readonly expiresAt: number;
}

/** Writes a flow's row and its first handles; only digests of handles are kept. */
async function createFlow(deps: ResetDependencies, input: NewFlow): Promise<{ handle: string; flow: FlowRow }> {
  const handle = newHandle();
  const id = randomValueDigest(handle);
  const now = deps.clock();
  const captcha = input.step === 'captcha' ? await newCaptcha(deps.keys, id) : null;
  const user = await findUserByEmail(deps.db, input.address);
  const flow: FlowRow = {
    id, kind: 'password-reset', account_code: input.accountCode, application: input.application, address: input.address,
    person: addressDigest(deps.keys, input.address), user_id: user?.id ?? null, initiated_by: input.initiatedBy, methods: input.methods.join(','),
    variant: input.variant, step: input.step, outcome: null, round: 1, silent: null, limits_checked: false,
    resend_at: now + limits.resendAfterMs, asked_at: input.variant === null ? null : now, proven_at: null, created_at: now, expires_at: input.expiresAt, captcha,
  };
  await inTransaction(deps.db, async (tx) => {
    await insertFlow(tx, flow, [
      { digest: id, role: 'start' },
      { digest: randomValueDigest(linkHandle(deps.keys, id)), role: 'link' },
    ]);
    await appendAudit(tx, { at: now, action: 'reset.requested', accountCode: flow.account_code, flowId: id, subject: flow.person, details: { by: flow.initiated_by, application: flow.application } });
  });
  return { handle, flow };
}

/** Whether an administrator has asked this person to reset by SMS, and the invitation still stands. */
async function isInvited(deps: ResetDependencies, address: string): Promise<boolean> {
  const invitation = await deps.db('flows').where({ person: addressDigest(deps.keys, address), variant: 'invitation' }).whereNull('outcome').where('expires_at', '>', deps.clock()).first('id');
  return invitation !== undefined;
}

/**
 * Starts a reset for an address. What is offered follows the profile of the address's domain; where self-service is
 * off, only who was invited by an administrator goes on.
 * @throws Problem `too-many-requests` for an origin that asks too often
 */
export async function startReset(deps: ResetDependencies, input: { email: string; application: Application; origin: string }): Promise<string> {
  const waitMs = await deps.limits.origin(input.origin);
  if (waitMs !== null) throw new Problem('too-many-requests', { detail: 'This network has asked for too many resets. Try again later.', headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } });
  const address = normaliseAddress(input.email);
  const { accountCode, profile } = await profileOfAddress(deps.db, address);
  const options = resetOptions(profile);
  const invited = !options.selfService && (await isInvited(deps, address));
  const methods = invited ? allowedMethods(options).filter((method) => method === 'sms') : offeredMethods(options);
  const { handle } = await createFlow(deps, {
    address, application: input.application, initiatedBy: 'self', accountCode, methods, variant: null, step: 'captcha', expiresAt: deps.clock() + limits.preparationTtlMs,
  });
  return handle;
}

/**
 * An administrator asks for a person's reset. By e-mail the secret goes to its owner; by SMS an invitation goes, and the
 * code only when the person asks. The administrator gets neither a secret nor a handle.
 * @throws Problem `not-found`, or `method-not-offered` where the person cannot be reset this way
 */
export async function requestByAdministrator(deps: ResetDependencies, input: { userId: string; method: ResetMethod; application: Application }): Promise<{ requested: true; method: ResetMethod }> {
  const user = await findUser(deps.db, input.userId);
  if (!user) throw new Problem('not-found', { detail: 'There is no user with this id.' });
  if (user.status !== 'active') throw new Problem('method-not-offered', { detail: 'This user is disabled. Enable the user first.' });
  if (user.authentication === 'domain') throw new Problem('method-not-offered', { detail: "This user's password is kept in the organisation's directory. Reset it there." });
  const profile = await profileOfUser(deps.db, user);
  if (!allowedMethods(resetOptions(profile)).includes(input.method)) throw new Problem('method-not-offered', { detail: 'The authentication profile of this user does not allow this method.' });
  const variant = input.method === 'sms' ? 'invitation' : variantFor(input.application, input.method);
  const ttlMs = secretTtlMs(profile, variant);
  const step = variant === 'invitation' ? 'choose-method' : proofStep(variant);
  const { flow } = await createFlow(deps, {
    address: user.email, application: input.application, initiatedBy: 'administrator', accountCode: user.account_code,
    methods: [input.method], variant, step, expiresAt: deps.clock() + ttlMs,
  });
  await begin(deps.temporal, flow, { flowId: flow.id, accountCode: flow.account_code, application: flow.application, variant, ttlMs }, step);
  return { requested: true, method: input.method };
}
