import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Tally } from '../../domain/continuity/counts';
import type { EventStep, PhaseState } from '../../domain/continuity/events';

/** The workflow's name, so that the API starts it without importing its code. */
export const CONTINUITY_EVENT = 'continuityEvent';

/** A phase of an event, as far as its workflow knows of it. */
export interface PhaseKnown {
  readonly phase: string;
  readonly state: PhaseState;
  readonly round: number;
}

/** What became of a phase's notices, and the commonest reasons why some failed. */
export interface PhaseCounts extends Tally {
  readonly phase: string;
  readonly reasons: readonly { readonly why: string; readonly count: number }[];
}

/** Where an event stands, as its rows say. Times are milliseconds since the epoch. */
export interface EventState {
  readonly step: EventStep;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly phases: readonly PhaseKnown[];
}

export interface EventInput {
  readonly eventId: string;
  readonly accountCode: string;
  readonly state: EventState;
}

/** Who asks. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

export interface Asked {
  readonly by: Actor;
}

/** With the text in the place of the one that was planned; null: nobody is told. */
export interface EndAsked extends Asked {
  readonly text?: string | null;
}

export interface UpdateAsked extends Asked {
  readonly text: string;
}

/** What is to be different. Times are milliseconds since the epoch. */
export interface ChangeAsked extends Asked {
  readonly change: {
    readonly version: number;
    readonly name?: string | null;
    readonly startsAt?: number;
    readonly endsAt?: number | null;
    readonly timeZone?: string;
    readonly groups?: readonly { readonly id: string; readonly name: string }[];
    readonly alerts?: { readonly start: string; readonly end: string | null };
    readonly byEmail?: boolean;
  };
}

export const approveUpdate = defineUpdate<EventState, [Asked]>('approve');
export const startUpdate = defineUpdate<EventState, [Asked]>('start');
export const changeUpdate = defineUpdate<EventState, [ChangeAsked]>('change');
/** Tells everybody something in between. */
export const updateUpdate = defineUpdate<EventState, [UpdateAsked]>('update');
export const endUpdate = defineUpdate<EventState, [EndAsked]>('end');
export const cancelUpdate = defineUpdate<EventState, [Asked]>('cancel');
/** Nobody waits for it: the database has news, such as broadcasts that were stopped. */
export const wakeSignal = defineSignal('wake');
export const stateQuery = defineQuery<EventState>('state');

/** Types of the failures with which an Update is refused; what they mean over HTTP is the API's affair. */
export type Refusal = 'wrong-step' | 'ended';
