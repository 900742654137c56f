import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { SmsPrices } from '../../domain/sms-prices';
import type { KeyRing } from '../../security/keys';

/** What the continuity side of the API needs. */
export interface ContinuityDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly publicUrl: string;
  /** Countries that the installation sends to; none: all. */
  readonly smsCountries: readonly string[];
  /** Texts that one number may get in 24 hours. */
  readonly smsPerNumberDaily: number;
  readonly prices: SmsPrices;
}
