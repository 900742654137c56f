import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../config';

const HOUR_S = 60 * 60;

/** Limits of resets, counted in the app's database: they survive restarts and hold across processes. */
export interface ResetLimits {
  /** Counts one request of an origin. Returns the milliseconds to wait where there were too many, else null. */
  origin(address: string): Promise<number | null>;
  /** Counts one send for a person and, where known, the account. Returns false where it is over a limit. */
  send(person: string, accountCode: string | null): Promise<boolean>;
}

/**
 * The limiter's statements, sent through knex. They are the same on both databases, one at a time and without a
 * transaction: the library's own SQLite store leaves a savepoint open after an error, and with it the connection unusable.
 */
function statementsOf(db: Knex) {
  return {
    async query({ text, values = [] }: { text: string; values?: readonly (string | number | null)[] }): Promise<{ rows: unknown[]; rowCount: number }> {
      const bindings = Object.fromEntries(values.map((value, index) => [`v${index + 1}`, value]));
      const answer = (await db.raw(text.replaceAll(/\$(\d+)/g, ':v$1'), bindings)) as unknown[] | { rows: unknown[] };
      const rows = Array.isArray(answer) ? answer : answer.rows;
      return { rows, rowCount: rows.length };
    },
  };
}

function limiter(db: Knex, keyPrefix: string, points: number): RateLimiterAbstract {
  return new RateLimiterPostgres({ storeClient: statementsOf(db), storeType: 'client', tableName: 'rate_limits', tableCreated: true, keyPrefix, points, duration: HOUR_S });
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

/** Opens the limits of the settings. */
export function createResetLimits(db: Knex, settings: Settings): ResetLimits {
  const perOrigin = limiter(db, 'reset-origin', settings.RESETS_PER_ORIGIN_HOURLY);
  const perPerson = limiter(db, 'reset-person', settings.RESETS_PER_ADDRESS_HOURLY);
  const perAccount = limiter(db, 'reset-account', settings.RESETS_PER_ACCOUNT_HOURLY);
  return {
    origin: (address) => consume(perOrigin, address),
    async send(person, accountCode) {
      if ((await consume(perPerson, person)) !== null) return false;
      return accountCode === null || (await consume(perAccount, accountCode)) === null;
    },
  };
}
