import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

const HOUR_S = 60 * 60;

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

/** A limit by the hour, counted in the app's database: it survives restarts and holds across processes. */
export function hourlyLimit(db: Knex, keyPrefix: string, points: number): (key: string) => Promise<number | null> {
  const limit = new RateLimiterPostgres({ storeClient: statementsOf(db), storeType: 'client', tableName: 'rate_limits', tableCreated: true, keyPrefix, points, duration: HOUR_S });
  return async (key) => {
    try {
      await limit.consume(key);
      return null;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return refused.msBeforeNext;
      throw refused;
    }
  };
}
