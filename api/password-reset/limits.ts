import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes, RateLimiterSQLite, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../config';

const HOUR_S = 60 * 60;

/** Limits of resets, counted in the app's database: they survive restarts and hold across processes. */
export interface ResetLimits {
  /** Counts one request of an origin. Returns the milliseconds to wait where there were too many, else null. */
  origin(address: string): Promise<number | null>;
  /** Counts one send for a person and, where known, the account. Returns false where it is over a limit. */
  send(person: string, accountCode: string | null): Promise<boolean>;
}

function limiter(db: Knex, keyPrefix: string, points: number): Promise<RateLimiterAbstract> {
  return new Promise((resolve, reject) => {
    const options = { storeClient: db, storeType: 'knex', tableName: 'rate_limits', keyPrefix, points, duration: HOUR_S };
    const ready = (error?: Error): void => (error ? reject(error) : resolve(made));
    const made: RateLimiterAbstract = db.client.config.client === 'pg' ? new RateLimiterPostgres(options, ready) : new RateLimiterSQLite(options, ready);
  });
}

async function consume(limit: RateLimiterAbstract, key: string): Promise<number | null> {
  try {
    await limit.consume(key);
    return null;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return refused.msBeforeNext;
    throw refused;
  }
}

/** Opens the limits; their table is made on first use. */
export async function createResetLimits(db: Knex, settings: Settings): Promise<ResetLimits> {
  const perOrigin = await limiter(db, 'reset-origin', settings.RESETS_PER_ORIGIN_HOURLY);
  const perPerson = await limiter(db, 'reset-person', settings.RESETS_PER_ADDRESS_HOURLY);
  const perAccount = await limiter(db, 'reset-account', settings.RESETS_PER_ACCOUNT_HOURLY);
  return {
    origin: (address) => consume(perOrigin, address),
    async send(person, accountCode) {
      if ((await consume(perPerson, person)) !== null) return false;
      return accountCode === null || (await consume(perAccount, accountCode)) === null;
    },
  };
}
