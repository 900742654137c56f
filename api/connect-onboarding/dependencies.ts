import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { DirectoryClient } from '../../directory/ldap';
import type { MailTargets } from '../../domain/onboarding/records';
import type { KeyRing } from '../../security/keys';

/** What the onboarding's side of the API needs. */
export interface OnboardingServiceDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** What holding domains end with. */
  readonly connectDomain: string;
  readonly directory: DirectoryClient;
  readonly mail: MailTargets;
}
