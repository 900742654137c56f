import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { OptInEnding, OptInStep, SmsProgram } from '../../domain/sms-subscription';

/** The workflow's name, so that the API starts it without importing its code. */
export const SMS_SUBSCRIPTION = 'smsSubscription';

export interface SmsSubscriptionInput {
  readonly flowId: string;
  readonly accountCode: string;
  readonly program: SmsProgram;
  /** An administrator invites by e-mail: the number gets nothing until the person has said that it may. */
  readonly invited: boolean;
}

/** Where an opt-in stands. Times are milliseconds since the epoch. */
export interface OptInState {
  readonly step: OptInStep;
  readonly round: number;
  readonly expiresAt: number;
  readonly remindersLeft: number;
}

/** The code that a person entered: one digest per live key. */
export interface CodeEntry {
  readonly digests: readonly { readonly keyId: string; readonly digest: string }[];
  /** Where it came from, as evidence. */
  readonly origin: string | null;
}

/** `locked`: the code takes no more entries; an answer by text is still taken. */
export type OptInVerdict =
  | { readonly result: 'right' }
  | { readonly result: 'wrong' | 'locked'; readonly attemptsLeft: number }
  | { readonly result: 'ended'; readonly outcome: OptInEnding };

/** Sent with the start: answers the first step. */
export const beginUpdate = defineUpdate<OptInState>('begin');
/** The person who was invited wants the confirmation text. */
export const acceptUpdate = defineUpdate<OptInState, [{ readonly origin: string | null }]>('accept');
export const enterCodeUpdate = defineUpdate<OptInVerdict, [CodeEntry]>('enterCode');
/** The confirmation text is asked for again; it is the one reminder, and its code is the valid one. */
export const remindUpdate = defineUpdate<OptInState>('remind');
/** Nobody waits for it: the row was moved elsewhere, by an answer by text, on a page, or because the number changed. */
export const endSignal = defineSignal<[OptInEnding]>('end');
export const stateQuery = defineQuery<OptInState>('state');

/** Types of the failures with which an Update is refused; what they mean over HTTP is the API's affair. */
export type Refusal = 'wrong-step' | 'request-in-progress' | 'resend-too-soon' | 'no-resend-left' | 'ended';

/** What became of a round's message. `ended`: the opt-in ended with it, as nothing can be sent to its number. */
export interface Sent {
  readonly delivery: 'sent' | 'undeliverable';
  readonly ended: boolean;
}
