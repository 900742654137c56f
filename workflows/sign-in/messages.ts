import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Application } from '../../domain/password-reset';
import type { SignInEnding, SignInPurpose, SignInStep, Stage } from '../../domain/sign-in';

/** The workflow's name, so that the API starts it without importing its code. */
export const SIGN_IN = 'signIn';

export interface SignInInput {
  /** Digest of the flow's first handle. */
  readonly flowId: string;
  readonly accountCode: string | null;
  readonly application: Application;
  readonly purpose: SignInPurpose;
  /** What lies between the password, which is proven, and the application. */
  readonly plan: readonly Stage[];
  /** How long each passcode is valid, in milliseconds. */
  readonly passcodeTtlMs: number;
}

/** Where a sign-in stands. Times are milliseconds since the epoch. */
export interface SignInState {
  readonly step: SignInStep;
  readonly round: number;
  readonly expiresAt: number;
  readonly resendAt: number;
  readonly resendsLeft: number;
}

interface Digest {
  readonly keyId: string;
  readonly digest: string;
}

/** What goes with every step that may be the last one. All of it digests. */
interface Passing {
  readonly stage: Stage;
  /** Of what was entered: whoever enters the same again, because no answer came, is known by it. */
  readonly entry: string;
  /** Of the token of the session that the last step makes. */
  readonly session: string;
}

/** What a person entered: one digest per live key. */
export interface Entry extends Passing {
  readonly kind: 'passcode' | 'totp' | 'recovery-code';
  readonly round: number;
  readonly digests: readonly Digest[];
  /** Of the recovery codes that the person is shown if this enrols an authenticator, asks for them, or uses one up. */
  readonly recoveryCodes: readonly Digest[];
}

export interface NewPassword extends Passing {
  readonly stageId: string;
}

/** Where a sign-in stands after a step was taken, as its row says. */
export interface Moved {
  readonly position: number;
  readonly step: SignInStep;
  readonly expiresAt: number;
}

/** `elsewhere`: the row has moved on by another request, of which the workflow may not know: the task that judged it was lost. */
export type Verdict =
  | ({ readonly result: 'right'; readonly notices: boolean } & Moved)
  | { readonly result: 'wrong'; readonly attemptsLeft: number }
  | ({ readonly result: 'elsewhere' } & Moved)
  | { readonly result: 'ended'; readonly outcome: SignInEnding };

/** What became of a new password. `completed`: the reset whose temporary password it replaced. */
export type Change = Verdict & { readonly completed?: string };

/** Sent with the start: answers the first step after the password. */
export const beginUpdate = defineUpdate<SignInState>('begin');
/** The number to enrol, in E.164: a passcode goes to it. */
export const enrolPhoneUpdate = defineUpdate<SignInState, [{ readonly number: string }]>('enrolPhone');
/** A passcode, an authenticator's code or a recovery code was entered. */
export const proveUpdate = defineUpdate<Verdict, [Entry]>('prove');
/** Another passcode is asked for; the one before is no longer accepted. */
export const resendUpdate = defineUpdate<SignInState>('resend');
/** Saves the staged new password in the place of one that was given. */
export const changePasswordUpdate = defineUpdate<Verdict, [NewPassword]>('changePassword');
export const cancelUpdate = defineUpdate<{ readonly outcome: SignInEnding }>('cancel');
/** Nobody waits for it: the person was disabled, or an administrator reset the second step. */
export const endSignal = defineSignal<[SignInEnding]>('end');
/** Nobody waits for it: the carrier reports that the passcode of this round, which it had taken, reached nobody. */
export const undeliveredSignal = defineSignal<[{ readonly round: number }]>('undelivered');
export const stateQuery = defineQuery<SignInState>('state');

/** Types of the failures with which an Update is refused; what they mean over HTTP is the API's affair. */
export type Refusal = 'wrong-step' | 'request-in-progress' | 'resend-too-soon' | 'no-resend-left' | 'ended';
