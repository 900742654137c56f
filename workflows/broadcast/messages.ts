import { defineQuery } from '@temporalio/workflow';

/** The workflow's name. */
export const BROADCAST = 'broadcast';

/** What a broadcast has done so far, over all its runs. */
export interface Progress {
  /** Null until the audience is fixed. */
  readonly audience: number | null;
  readonly accepted: number;
  readonly failed: number;
  readonly suppressed: number;
  /** Outcomes that had to be looked up. */
  readonly unknown: number;
  readonly batches: number;
}

/** A phase to be told; with ids and counters only, whoever the people are. */
export interface BroadcastInput {
  readonly eventId: string;
  readonly accountCode: string;
  readonly phase: string;
  readonly round: number;
  readonly progress?: Progress;
  /** A run goes on as a new one after so many events; without it at a number that keeps histories short. */
  readonly continueAfterEvents?: number;
}

/** How a phase came out, by the states of its notices. */
export interface Report {
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
}

export const progressQuery = defineQuery<Progress>('progress');
