import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { KeyRing } from '../../security/keys';
import type { ResetLimits } from './limits';

/** What the reset's side of the API needs. */
export interface ResetDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  readonly limits: ResetLimits;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly brand: string;
  /** Steps before the proof are answered no sooner than this, in milliseconds: how much was done for somebody is not to be measured. */
  readonly steadyAnswerMs: number;
}
