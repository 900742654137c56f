import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { KeyRing } from '../../security/keys';
import type { DirectoryAuthenticator } from './directory';
import type { SignInLimits } from './limits';

/** What signing in needs of the API. */
export interface SignInDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  readonly limits: SignInLimits;
  readonly directory: DirectoryAuthenticator;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly brand: string;
  /** Countries whose numbers may be enrolled; none: all. */
  readonly smsCountries: readonly string[];
  /** What is answered before the proof is answered no sooner than this, in milliseconds. */
  readonly steadyAnswerMs: number;
}
