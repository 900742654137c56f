import type { Knex } from 'knex';
import { codesLockMs, limits } from '../domain/password-reset';

export interface CodeLock {
  readonly total: number;
  /** Milliseconds since the epoch; Infinity where only an administrator can lift it; null where codes are accepted. */
  readonly until: number | null;
}

/** Whether a person's codes are refused now. Keyed by the address's digest, known or not. */
export async function codeLock(db: Knex, person: string, now: number): Promise<CodeLock> {
  const row = await db('code_failures').where({ person }).first<{ total: number; locked_until: number | null } | undefined>('total', 'locked_until');
  if (!row) return { total: 0, until: null };
  if (row.total >= limits.codesOffAt) return { total: row.total, until: Infinity };
  return { total: row.total, until: row.locked_until !== null && row.locked_until > now ? row.locked_until : null };
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
