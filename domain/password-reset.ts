/** Where a reset is asked for. */
export const applications = ['connect', 'personal-portal', 'secure-messaging', 'partner-portal', 'administration-console'] as const;
export type Application = (typeof applications)[number];

/** What a person chooses between. */
export const resetMethods = ['sms', 'email'] as const;
export type ResetMethod = (typeof resetMethods)[number];

/** What the method becomes in an application: the secret that is sent. */
export type ResetVariant = 'code' | 'link' | 'temporary-password';

export const endings = ['done', 'expired', 'locked', 'cancelled', 'superseded', 'undeliverable'] as const;
/** How a reset ends. `undeliverable` is for operators: before the first proof a person is shown `expired` instead. */
export type ResetEnding = (typeof endings)[number];

export type ResetStep =
  | 'captcha' | 'choose-method'
  | 'enter-code' | 'follow-link' | 'enter-temporary-password'
  | 'new-password' | ResetEnding;

/** "Password Reset Options" of an authentication profile. */
export interface ResetOptions {
  readonly selfService: boolean;
  readonly sms: boolean;
  readonly email: boolean;
  /** SMS may reset although SMS is also the only second step; the profile's owner has accepted the risk. */
  readonly smsSoleFactorAccepted: boolean;
  readonly twoStep: 'off' | 'sms' | 'strong';
}

/** The methods a profile offers. They follow the profile of the address's domain, never the person. */
export function offeredMethods(options: ResetOptions): ResetMethod[] {
  if (!options.selfService) return [];
  return allowedMethods(options);
}

/** The methods an administrator may trigger: self-service or not. */
export function allowedMethods(options: ResetOptions): ResetMethod[] {
  const smsAllowed = options.sms && (options.twoStep !== 'sms' || options.smsSoleFactorAccepted);
  return resetMethods.filter((method) => (method === 'sms' ? smsAllowed : options.email));
}

/** What the owner of a profile accepts with its options, in plain words (ASVS 6.6.1). */
export function risksOf(options: ResetOptions): string[] {
  const bySms = allowedMethods(options).includes('sms');
  return [
    ...(bySms || options.twoStep === 'sms' ? ['Text messages can be read by whoever takes over a number or the network it is in: an authenticator app is stronger.'] : []),
    ...(bySms && options.twoStep === 'sms' ? ['A text message resets the password and is the second step as well: whoever has the phone needs nothing else.'] : []),
    ...(options.twoStep === 'off' ? ['Nothing but the password protects these people.'] : []),
  ];
}

/** E-mail carries a temporary password in Secure Messaging and a one-time link everywhere else. */
export function variantFor(application: Application, method: ResetMethod): ResetVariant {
  if (method === 'sms') return 'code';
  return application === 'secure-messaging' ? 'temporary-password' : 'link';
}

/** The step at which the secret of a variant is entered. */
export function proofStep(variant: ResetVariant): 'enter-code' | 'follow-link' | 'enter-temporary-password' {
  if (variant === 'code') return 'enter-code';
  return variant === 'link' ? 'follow-link' : 'enter-temporary-password';
}

/** Whether a step is an ending: nothing can be done any more. */
export function isEnding(step: string): step is ResetEnding {
  return (endings as readonly string[]).includes(step);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Bounds that no profile can exceed: NIST SP 800-63B-4 sections 3.1.3.2 and 4.2.1.2 for codes and links. */
export const bounds = {
  codeTtlMs: 10 * MINUTE_MS,
  linkTtlMs: 24 * HOUR_MS,
  temporaryPasswordTtlMs: 14 * 24 * HOUR_MS,
} as const;

export const limits = {
  wrongSecretsPerRound: 5,
  resendAfterMs: MINUTE_MS,
  resendsPerFlow: 3,
  /** From the first request to the method, and from the proof to the saved password. */
  preparationTtlMs: 30 * MINUTE_MS,
  newPasswordTtlMs: 30 * MINUTE_MS,
  /** Wrong codes of a person, across codes and flows, before that person's codes are refused for a while. */
  codesLockEvery: 5,
  codesLockFirstMs: 15 * MINUTE_MS,
  codesLockMostMs: 24 * HOUR_MS,
  /** After so many wrong codes reset by code is off until an administrator lifts it. */
  codesOffAt: 100,
} as const;

/** How long codes are refused after `total` consecutive wrong ones: 0 where they are not, Infinity where an administrator must act. */
export function codesLockMs(total: number): number {
  if (total >= limits.codesOffAt) return Infinity;
  if (total === 0 || total % limits.codesLockEvery !== 0) return 0;
  const doublings = total / limits.codesLockEvery - 1;
  return Math.min(limits.codesLockFirstMs * 2 ** doublings, limits.codesLockMostMs);
}
