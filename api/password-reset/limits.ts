import type { Knex } from 'knex';
import type { Settings } from '../../config';
import { hourlyLimit } from '../limiter';

/** Limits of resets. */
export interface ResetLimits {
  /** Counts one request of an origin. Returns the milliseconds to wait where there were too many, else null. */
  origin(address: string): Promise<number | null>;
  /** Counts one send for a person and, where known, the account. Returns false where it is over a limit. */
  send(person: string, accountCode: string | null): Promise<boolean>;
}

/** Opens the limits of the settings. */
export function createResetLimits(db: Knex, settings: Settings): ResetLimits {
  const perPerson = hourlyLimit(db, 'reset-person', settings.RESETS_PER_ADDRESS_HOURLY);
  const perAccount = hourlyLimit(db, 'reset-account', settings.RESETS_PER_ACCOUNT_HOURLY);
  return {
    origin: hourlyLimit(db, 'reset-origin', settings.RESETS_PER_ORIGIN_HOURLY),
    async send(person, accountCode) {
      if ((await perPerson(person)) !== null) return false;
      return accountCode === null || (await perAccount(accountCode)) === null;
    },
  };
}
