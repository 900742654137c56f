import type { Knex } from 'knex';
import { locking } from './dialect';

/** What wrong entries of a kind lead to. */
export interface FailurePolicy {
  /** How long entries are refused after so many wrong ones in a row; Infinity until somebody clears the count. */
  readonly lockMs: (total: number) => number;
  /** After so long without a wrong entry the count begins anew. */
  readonly forgetMs?: number;
}

interface FailureRow {
  key: string;
  total: number;
  last_at: number;
  locked_until: number | null;
}

const UNIT_MS = 24 * 60 * 60 * 1000;
const ORIGIN_KEPT_MS = UNIT_MS;
const FEW_KEPT_MS = 30 * UNIT_MS;

/** By what wrong entries are counted. Persons and origins are digests, known or not. */
export const failureKey = {
  person: (person: string): string => `password/${person}`,
  origin: (digest: string): string => `origin/${digest}`,
  factor: (kind: 'passcode' | 'totp' | 'recovery-code', userId: string): string => `${kind}/${userId}`,
} as const;

function lockOf(row: FailureRow | undefined, now: number, policy: FailurePolicy): number | null {
  if (!row) return null;
  if (policy.lockMs(row.total) === Infinity) return Infinity;
  return row.locked_until !== null && row.locked_until > now ? row.locked_until : null;
}

/** Until when entries are refused: Infinity where somebody must clear the count, null where they are accepted. */
export async function failureLock(db: Knex, key: string, now: number, policy: FailurePolicy): Promise<number | null> {
  return lockOf(await db<FailureRow>('sign_in_failures').where({ key }).first(), now, policy);
}

/** The same for several keys at once: those that are refused. */
export async function failureLocks(db: Knex, keys: readonly string[], now: number, policy: FailurePolicy): Promise<Map<string, number>> {
  const rows = await db<FailureRow>('sign_in_failures').whereIn('key', keys);
  return new Map(rows.flatMap((row) => {
    const until = lockOf(row, now, policy);
    return until === null ? [] : [[row.key, until] as const];
  }));
}

/**
 * Counts an entry as wrong. Called before it is judged, so that parallel ones cannot pass a limit together; a right one
 * clears the count, or gives this one back.
 * @returns until when it is refused: then it was not counted
 */
export async function countFailure(tx: Knex.Transaction, key: string, now: number, policy: FailurePolicy): Promise<number | null> {
  await tx('sign_in_failures').insert({ key, total: 0, last_at: now }).onConflict('key').ignore();
  const row = (await locking(tx, tx<FailureRow>('sign_in_failures').where({ key })).first())!;
  const until = lockOf(row, now, policy);
  if (until !== null) return until;
  const forgotten = policy.forgetMs !== undefined && row.last_at + policy.forgetMs <= now;
  const total = forgotten ? 1 : row.total + 1;
  const lockMs = policy.lockMs(total);
  await tx('sign_in_failures').where({ key }).update({ total, last_at: now, locked_until: lockMs === 0 || lockMs === Infinity ? null : now + lockMs });
  return null;
}

/** Takes back what was counted of an entry that was not wrong: nobody could judge it, or others share the count. */
export async function giveBackFailure(tx: Knex, key: string): Promise<void> {
  await tx('sign_in_failures').where({ key }).where('total', '>', 0).update({ total: tx.raw('total - 1'), locked_until: null });
}

/** A right entry, a new secret in its place, or an administrator ends the count. */
export async function clearFailures(tx: Knex, ...keys: readonly string[]): Promise<void> {
  await tx('sign_in_failures').whereIn('key', keys).delete();
}

/** Drops what nobody is held back by any more: origins after a day, a wrong password or two after a month. */
export async function forgetFailures(db: Knex, now: number, few: number): Promise<void> {
  await db('sign_in_failures').where('key', 'like', 'origin/%').where('last_at', '<', now - ORIGIN_KEPT_MS).delete();
  await db('sign_in_failures').where('total', '<', few).where('last_at', '<', now - FEW_KEPT_MS).delete();
}
