import { codesLockMs } from './password-reset';

/** What people are to the service. Operators may also come with a token instead of a session. */
export const roles = ['user', 'administrator', 'partner', 'recipient', 'operator'] as const;
export type Role = (typeof roles)[number];

/** Where a password is kept: here, or in the account's directory. */
export const authenticationTypes = ['cloud', 'domain'] as const;
export type AuthenticationType = (typeof authenticationTypes)[number];

export const signInEndings = ['done', 'expired', 'locked', 'cancelled'] as const;
export type SignInEnding = (typeof signInEndings)[number];

export const signInSteps = ['enter-password', 'enrol-phone', 'enter-passcode', 'enter-totp', 'change-password', ...signInEndings] as const;
export type SignInStep = (typeof signInSteps)[number];

/** What a flow of this kind is for. All but `sign-in` begin from a session, with its password. */
export const signInPurposes = ['sign-in', 'change-phone', 'enrol-totp', 'recovery-codes', 'change-password'] as const;
export type SignInPurpose = (typeof signInPurposes)[number];

/**
 * What lies between the password and the application, in this order. Two stages may look the same to the person: a
 * passcode proves a saved number, or confirms one that is being enrolled.
 */
export type Stage = 'passcode' | 'totp' | 'enrol-phone' | 'confirm-phone' | 'confirm-totp' | 'change-password';

/** How surely a session's person was told from others. */
export const assurances = ['single', 'two-step'] as const;
export type Assurance = (typeof assurances)[number];

/** What decides about a person's second step: the profile's choice, and what the person enrolled. */
export interface Standing {
  readonly twoStep: 'off' | 'sms' | 'strong';
  readonly phone: boolean;
  readonly totp: boolean;
}

const STEPS: Record<Stage, SignInStep> = {
  passcode: 'enter-passcode', totp: 'enter-totp', 'enrol-phone': 'enrol-phone', 'confirm-phone': 'enter-passcode', 'confirm-totp': 'enter-totp', 'change-password': 'change-password',
};

/** Authentication types offered for an address: by its domain's account, never by the person. */
export function offeredTypes(domainAuthentication: boolean): AuthenticationType[] {
  return domainAuthentication ? ['cloud', 'domain'] : ['cloud'];
}

/** The step that a person sees of a stage; after the last one it is `done`. */
export function stepOf(stage: Stage | undefined): SignInStep {
  return stage === undefined ? 'done' : STEPS[stage];
}

/** What proves the second factor that somebody has. An authenticator app is never passed over for a weaker text message. */
function proofOf({ phone, totp }: Standing): Stage[] {
  if (totp) return ['totp'];
  return phone ? ['passcode'] : [];
}

/**
 * The stages of a sign-in after the right password. What somebody enrolled is asked for (ASVS 6.4.3), but a saved number
 * not where the profile turned two-step authentication off; what the profile asks for and is missing is enrolled.
 * @param guarded - whether the application asks for what somebody enrolled whatever the profile says
 */
export function planSignIn(standing: Standing, forcedChange: boolean, guarded = false): Stage[] {
  const { twoStep, phone, totp } = standing;
  const second: Stage[] = twoStep === 'off' && !totp && !guarded ? [] : proofOf(standing);
  if (twoStep === 'strong' && !totp) second.push('confirm-totp');
  if (twoStep === 'sms' && !totp && !phone) second.push('enrol-phone', 'confirm-phone');
  return forcedChange ? [...second, 'change-password'] : second;
}

/** The stages of a change from a session, after the password: first the second step there is (ASVS 7.5.1), then what is new. */
export function planChange(purpose: Exclude<SignInPurpose, 'sign-in'>, standing: Standing): Stage[] {
  switch (purpose) {
    // Whoever changes a number shows that the old one is at hand, whatever else there is.
    case 'change-phone': return [...(standing.phone ? (['passcode'] as const) : proofOf(standing)), 'enrol-phone', 'confirm-phone'];
    case 'enrol-totp': return [...proofOf(standing), 'confirm-totp'];
    case 'recovery-codes': return proofOf(standing);
    case 'change-password': return [...proofOf(standing), 'change-password'];
  }
}

/** What too many wrong entries lead to: passwords, second steps or codes of a reset are refused for a while, or until somebody lifts it. */
export const lockKinds = ['password', 'second-step', 'reset-code'] as const;
export type LockKind = (typeof lockKinds)[number];

/** What a session is worth whose sign-in passed these stages. */
export function assuranceOf(plan: readonly Stage[]): Assurance {
  return plan.some((stage) => stage !== 'change-password') ? 'two-step' : 'single';
}

/** Whether something is enrolled on the way: that asks for the password, however fresh the session is (ASVS 7.5.1). */
export function enrols(plan: readonly Stage[]): boolean {
  return plan.some((stage) => stage === 'enrol-phone' || stage === 'confirm-totp');
}

/** Whether a one-time recovery code may stand for what is lost. */
export function canRecover(stage: Stage | undefined): boolean {
  return stage === 'passcode' || stage === 'totp';
}

export function isSignInEnding(step: string): step is SignInEnding {
  return (signInEndings as readonly string[]).includes(step);
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Bounds of sessions that no profile can exceed (NIST SP 800-63B-4, 2.2.3). */
export const sessionBounds = { leastMs: 5 * MINUTE_MS, idleMs: HOUR_MS, absoluteMs: 24 * HOUR_MS } as const;

export const signInLimits = {
  /** From the address to the right password. */
  passwordTtlMs: 30 * MINUTE_MS,
  enrolTtlMs: 30 * MINUTE_MS,
  totpTtlMs: 10 * MINUTE_MS,
  changeTtlMs: 30 * MINUTE_MS,
  wrongEntries: 5,
  resendAfterMs: MINUTE_MS,
  resendsPerFlow: 3,
  /** Wrong passwords of a person in a row: from the third a delay, from the tenth a lock, at a hundred only a reset or an administrator helps. */
  delayFrom: 3,
  lockFrom: 10,
  lockFirstMs: 15 * MINUTE_MS,
  lockMostMs: 24 * HOUR_MS,
  offAt: 100,
  /** An origin's wrong passwords are forgotten after so long without another. */
  originForgetMs: HOUR_MS,
  recoveryCodes: 10,
} as const;

/** How long a stage may take. */
export function stageTtlMs(stage: Stage | undefined, passcodeTtlMs: number): number {
  switch (stage) {
    case 'passcode':
    case 'confirm-phone': return passcodeTtlMs;
    case 'totp':
    case 'confirm-totp': return signInLimits.totpTtlMs;
    case 'enrol-phone': return signInLimits.enrolTtlMs;
    case 'change-password':
    case undefined: return signInLimits.changeTtlMs;
  }
}

function doubled(firstMs: number, times: number): number {
  return Math.min(firstMs * 2 ** times, signInLimits.lockMostMs);
}

/** How long a person's passwords are refused after `total` wrong ones in a row: 0 where they are not, Infinity where only a reset or an administrator helps. */
export function passwordLockMs(total: number): number {
  if (total >= signInLimits.offAt) return Infinity;
  if (total >= signInLimits.lockFrom) return doubled(signInLimits.lockFirstMs, total - signInLimits.lockFrom);
  return total < signInLimits.delayFrom ? 0 : doubled(SECOND_MS, total - signInLimits.delayFrom);
}

/** How long an origin's passwords are refused: many people may share one, so only from `limit` wrong ones on, and longer at each multiple. */
export function originLockMs(total: number, limit: number): number {
  return total < limit || total % limit !== 0 ? 0 : doubled(signInLimits.lockFirstMs, total / limit - 1);
}

/** How long a second step is refused after `total` wrong entries in a row; at a hundred until an administrator resets it. */
export const factorLockMs = codesLockMs;

/** The last two digits of a number: all that is shown of a saved one. */
export function lastDigits(e164: string): string {
  return e164.slice(-2);
}
