import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Application, ResetEnding, ResetStep, ResetVariant } from '../../domain/password-reset';

/** The workflow's name, so that the API starts it without importing its code. */
export const PASSWORD_RESET = 'passwordReset';

export interface PasswordResetInput {
  /** Digest of the flow's first handle. */
  readonly flowId: string;
  readonly accountCode: string | null;
  readonly application: Application;
  /** What is sent. `invitation`: an administrator's text that asks the person to reset; it carries no secret. */
  readonly variant: ResetVariant | 'invitation';
  /** How long each secret is valid, in milliseconds. */
  readonly ttlMs: number;
}

/** Where a reset stands. Times are milliseconds since the epoch. */
export interface ResetState {
  readonly step: ResetStep;
  readonly round: number;
  readonly expiresAt: number;
  readonly resendAt: number;
  readonly resendsLeft: number;
}

/** What a person entered, as digests: one per live key. */
export interface Proof {
  readonly round: number;
  readonly digests: readonly { readonly keyId: string; readonly digest: string }[];
  /** Digest of the handle that goes on when the proof is right. */
  readonly proofHandle: string;
}

export type Verdict =
  | { readonly result: 'right' }
  /** `provenBefore`: the flow's row holds a proof already, of which the workflow may not know: the task that judged it was lost. */
  | { readonly result: 'wrong'; readonly attemptsLeft: number; readonly provenBefore?: true }
  | { readonly result: 'ended'; readonly outcome: ResetEnding };

/** Sent with the start: answers the first step of the workflow. */
export const beginUpdate = defineUpdate<ResetState>('begin');
/** A code, a link's token or a temporary password was entered. */
export const proveUpdate = defineUpdate<Verdict, [Proof]>('prove');
/** Another secret is asked for; the one before is no longer accepted. */
export const resendUpdate = defineUpdate<ResetState>('resend');
/** Saves the staged new password and ends the flow. `saved`: it is this password, not another one entered at the same time. */
export const setPasswordUpdate = defineUpdate<{ readonly outcome: ResetEnding; readonly saved: boolean }, [{ readonly stageId: string }]>('setPassword');
export const cancelUpdate = defineUpdate<{ readonly outcome: ResetEnding }>('cancel');
/** Nobody waits for it: a newer request replaced this one, or the person was disabled. */
export const endSignal = defineSignal<[ResetEnding]>('end');
/** Nobody waits for it: the carrier reports that the text of this round, which it had taken, reached nobody. */
export const undeliveredSignal = defineSignal<[{ readonly round: number }]>('undelivered');
export const stateQuery = defineQuery<ResetState>('state');

/** Types of the failures with which an Update is refused; what they mean over HTTP is the API's affair. */
export type Refusal = 'wrong-step' | 'request-in-progress' | 'resend-too-soon' | 'no-resend-left' | 'ended';
