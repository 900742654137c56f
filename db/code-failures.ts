import type { Knex } from 'knex';
import { codesLockMs, limits } from '../domain/password-reset';

export interface CodeLock {
  readonly total: number;
  /** Milliseconds since the epoch; Infinity where only an administrator can lift it; null where codes are accepted. */
  readonly until: number | null;
}

interface CodeFailureRow {
  readonly person: string;
  readonly total: number;
  readonly locked_until: number | null;
}

function lockOf({ total, locked_until }: CodeFailureRow, now: number): CodeLock {
  if (total >= limits.codesOffAt) return { total, until: Infinity };
  return { total, until: locked_until !== null && locked_until > now ? locked_until : null };
}

/** Whether a person's codes are refused now. Keyed by the address's digest, known or not. */
export async function codeLock(db: Knex, person: string, now: number): Promise<CodeLock> {
  const row = await db('code_failures').where({ person }).first<CodeFailureRow | undefined>('person', 'total', 'locked_until');
  return row ? lockOf(row, now) : { total: 0, until: null };
}

/** Until when whose codes are refused, of several persons: those whose are. */
export async function codeLocks(db: Knex, persons: readonly string[], now: number): Promise<Map<string, number>> {
  const rows = await db('code_failures').whereIn('person', persons).select<CodeFailureRow[]>('person', 'total', 'locked_until');
  return new Map(rows.flatMap((row) => {
    const { until } = lockOf(row, now);
    return until === null ? [] : [[row.person, until] as const];
  }));
}

/** Counts a wrong code; a new code or flow never resets the count (NIST SP 800-63B-4, 3.1.3.2). */
export async function countWrongCode(tx: Knex, person: string, now: number): Promise<CodeLock> {
  await tx('code_failures').insert({ person, total: 1 }).onConflict('person').merge({ total: tx.raw('code_failures.total + 1') });
  const row = await tx('code_failures').where({ person }).first<{ total: number }>('total');
  const lockMs = codesLockMs(row.total);
  if (lockMs > 0 && lockMs !== Infinity) await tx('code_failures').where({ person }).update({ locked_until: now + lockMs });
  return { total: row.total, until: lockMs === 0 ? null : now + lockMs };
}

/** A right code, or an administrator, ends the count. */
export async function clearCodeFailures(tx: Knex, person: string): Promise<void> {
  await tx('code_failures').where({ person }).delete();
}
