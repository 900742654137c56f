import type { Knex } from 'knex';
import type { Settings } from '../../config';
import { hourlyLimit } from '../limiter';

/** Limits of signing in. Each function counts one, and returns the milliseconds to wait where there were too many, else null. */
export interface SignInLimits {
  /** Sign-ins begun by an origin. */
  origin(address: string): Promise<number | null>;
  /** Sign-ins of a person that send passcodes. */
  passcodes(person: string): Promise<number | null>;
  /** How many wrong passwords in a row an origin may enter, whosever they are. */
  readonly wrongPerOrigin: number;
}

/** Opens the limits of the settings. */
export function createSignInLimits(db: Knex, settings: Settings): SignInLimits {
  return {
    origin: hourlyLimit(db, 'sign-in-origin', settings.SIGN_INS_PER_ORIGIN_HOURLY),
    passcodes: hourlyLimit(db, 'sign-in-passcodes', settings.SIGN_INS_WITH_PASSCODE_HOURLY),
    wrongPerOrigin: settings.WRONG_PASSWORDS_PER_ORIGIN,
  };
}
