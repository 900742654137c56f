import { factorsOf } from '../../db/factors';
import type { FlowByHandle } from '../../db/flows';
import { messagesOf, type MessageState } from '../../db/messages';
import { enrolmentContext, planOf, stageOf, type SignInRow } from '../../db/sign-ins';
import { findUser } from '../../db/users';
import { mayOpen } from '../../domain/applications';
import { smsRisk } from '../../domain/texts';
import type { FlowEnvelope } from '../../domain/flow';
import { evaluatePassword } from '../../domain/password-policy';
import { parseMobileNumber } from '../../domain/phone';
import { assuranceOf, canRecover, isSignInEnding, lastDigits, type SignInStep } from '../../domain/sign-in';
import { open } from '../../security/sealing';
import { totpUri } from '../../security/totp';
import { iso } from '../iso';
import { policyFor } from '../passwords';
import type { SignInDependencies } from './dependencies';
import { accountOfAddress } from './start';

export type SignInByHandle = FlowByHandle<'sign-in'> & { readonly signIn: SignInRow };
export type SignInEnvelope = FlowEnvelope<SignInStep>;

/** What a handle shows now. One from before the proof never tells that proof was given. */
export interface Visible {
  readonly step: SignInStep;
  readonly expiresAt: number;
}

/** Whether a handle is one from before a proof that was given since. */
export function isFrozen(found: SignInByHandle): boolean {
  return found.role !== 'proof' && found.frozen !== null;
}

export function visibleState(found: SignInByHandle, now: number): Visible {
  const { step, expiresAt } = found.frozen && isFrozen(found) ? found.frozen : { step: found.flow.step, expiresAt: found.flow.expires_at };
  return { step: !isSignInEnding(step) && expiresAt <= now ? 'expired' : step, expiresAt };
}

/** The names of what may be done at a step, in the order a page offers them. */
export function actionsAt({ signIn }: SignInByHandle, { step }: Visible, recoverable: boolean): string[] {
  const stage = stageOf(signIn);
  const recover = recoverable && canRecover(stage) ? ['recovery-code'] : [];
  const resend = signIn.resends_left > 0 ? ['resend'] : [];
  switch (step) {
    case 'enter-password': return ['password', 'cancel'];
    case 'enrol-phone': return ['phone', ...(signIn.enrolment === null ? [] : ['totp']), 'cancel'];
    case 'enter-passcode': return ['passcode', ...(stage === 'confirm-phone' && signIn.resends_left > 0 ? ['phone'] : []), ...recover, ...resend, 'cancel'];
    case 'enter-totp': return ['totp', ...recover, 'cancel'];
    case 'change-password': return ['new-password', 'cancel'];
    default: return [];
  }
}

const DELIVERY: Partial<Record<MessageState, 'sending' | 'sent'>> = { queued: 'sending', attempting: 'sending', unknown: 'sending', accepted: 'sent', sent: 'sent', delivered: 'sent' };

/** The number a passcode goes to: as it was understood where it is being enrolled, its last two digits where it is saved. */
async function passcodeDetails(deps: SignInDependencies, { flow, signIn }: SignInByHandle): Promise<Record<string, unknown>> {
  const enrolling = stageOf(signIn) === 'confirm-phone' && signIn.phone !== null ? parseMobileNumber(signIn.phone) : undefined;
  const saved = enrolling ? undefined : (await factorsOf(deps.db, flow.user_id!)).phone?.e164;
  const e164 = enrolling?.ok ? enrolling.e164 : saved;
  const [message] = await messagesOf(deps.db, flow.id, ['sign-in-passcode'], flow.round);
  return {
    number: { ...(enrolling?.ok ? { display: enrolling.display, country: enrolling.country } : {}), ...(e164 ? { lastDigits: lastDigits(e164) } : {}) },
    delivery: message ? (DELIVERY[message.state] ?? 'failed') : 'sending',
    resend: { availableAt: iso(flow.resend_at), left: signIn.resends_left },
  };
}

/** The key of the authenticator that is being enrolled: for a picture to scan, or to type. */
function enrolmentDetails(deps: SignInDependencies, { flow, signIn }: SignInByHandle): Record<string, unknown> {
  if (signIn.enrolment === null) return {};
  const secret = open(deps.keys, 'seal', signIn.enrolment, enrolmentContext(flow.id));
  return { enrolment: { uri: totpUri(secret, { issuer: deps.brand, label: flow.address }), secret } };
}

async function detailsOf(deps: SignInDependencies, found: SignInByHandle, { step }: Visible): Promise<Record<string, unknown>> {
  switch (step) {
    case 'enter-password': return { authenticationTypes: (await accountOfAddress(deps, found.flow.address)).types };
    case 'enrol-phone': return { ...(deps.smsCountries.length > 0 ? { countries: deps.smsCountries } : {}), risk: smsRisk, ...enrolmentDetails(deps, found) };
    case 'enter-passcode': return passcodeDetails(deps, found);
    case 'enter-totp': return enrolmentDetails(deps, found);
    case 'change-password': {
      const policy = await policyFor(deps.db, found.flow, deps.brand);
      return { policy: evaluatePassword('', policy).map(({ id, label }) => ({ id, label })), policyContext: policy };
    }
    case 'done': {
      const user = await findUser(deps.db, found.flow.user_id!);
      return { assurance: assuranceOf(planOf(found.signIn)), open: user !== undefined && mayOpen(user.role, found.flow.application) };
    }
    default: return {};
  }
}

/** The envelope that every answer of a sign-in is. */
export async function envelopeOf(deps: SignInDependencies, handle: string, found: SignInByHandle): Promise<SignInEnvelope> {
  const { flow, signIn } = found;
  const visible = visibleState(found, deps.clock());
  const recoverable = ['enter-passcode', 'enter-totp'].includes(visible.step) && (await factorsOf(deps.db, flow.user_id!)).recoveryCodes.length > 0;
  return {
    id: handle,
    kind: 'sign-in',
    step: visible.step,
    expiresAt: isSignInEnding(visible.step) ? null : iso(visible.expiresAt),
    actions: actionsAt(found, visible, recoverable).map((name) => ({ name, method: 'POST', href: `/api/sign-ins/${handle}/${name}` })),
    details: { application: flow.application, purpose: signIn.purpose, ...(await detailsOf(deps, found, visible)) },
  };
}
