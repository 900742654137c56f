import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

/** A second step that a person enrolled: a number, an authenticator's sealed key, or the keyed digest of a recovery code. */
export interface FactorRow {
  id: string;
  user_id: string;
  kind: 'phone' | 'totp' | 'recovery-code';
  e164: string | null;
  sealed: string | null;
  key_id: string | null;
  digest: string | null;
  last_counter: number | null;
  created_at: number;
  used_at: number | null;
}

/** What a person has enrolled. */
export interface Factors {
  readonly phone: (FactorRow & { readonly e164: string }) | undefined;
  readonly totp: (FactorRow & { readonly sealed: string }) | undefined;
  readonly recoveryCodes: readonly FactorRow[];
}

export async function factorsOf(db: Knex, userId: string): Promise<Factors> {
  const rows = await db<FactorRow>('user_factors').where({ user_id: userId }).orderBy('created_at');
  return {
    phone: rows.find((row): row is FactorRow & { e164: string } => row.kind === 'phone' && row.e164 !== null),
    totp: rows.find((row): row is FactorRow & { sealed: string } => row.kind === 'totp' && row.sealed !== null),
    recoveryCodes: rows.filter(({ kind }) => kind === 'recovery-code'),
  };
}

/** What an authenticator's key is sealed for: its person. */
export function totpContext(userId: string): string {
  return `totp/${userId}`;
}

const EMPTY = { e164: null, sealed: null, key_id: null, digest: null, last_counter: null, used_at: null };

/** Enrols a number or an authenticator in the place of the one before. */
export async function saveFactor(tx: Knex, factor: Pick<FactorRow, 'user_id' | 'kind' | 'created_at'> & Partial<FactorRow>): Promise<void> {
  await tx('user_factors').where({ user_id: factor.user_id, kind: factor.kind }).delete();
  await tx('user_factors').insert({ ...EMPTY, id: randomUUID(), ...factor });
}

/** Gives a person new recovery codes; those before are no longer accepted. */
export async function saveRecoveryCodes(tx: Knex, userId: string, digests: readonly { keyId: string; digest: string }[], now: number): Promise<void> {
  await tx('user_factors').where({ user_id: userId, kind: 'recovery-code' }).delete();
  if (digests.length === 0) return;
  await tx('user_factors').insert(digests.map(({ keyId, digest }) => ({ ...EMPTY, id: randomUUID(), user_id: userId, kind: 'recovery-code', key_id: keyId, digest, created_at: now })));
}

/** Puts a new recovery code in the place of one that was just used (NIST SP 800-63B-4, 4.2.1.1). Returns whether it was there: only one of two can use it. */
export async function replaceRecoveryCode(tx: Knex, used: FactorRow, by: { keyId: string; digest: string }, now: number): Promise<boolean> {
  return (await tx('user_factors').where({ id: used.id, digest: used.digest }).update({ key_id: by.keyId, digest: by.digest, created_at: now })) === 1;
}

/** Uses an authenticator's time step: it, and those before, are not accepted again (RFC 6238, 5.2). */
export async function takeCounter(tx: Knex, id: string, counter: number, now: number): Promise<boolean> {
  const unused = tx('user_factors').where({ id }).where((query) => query.whereNull('last_counter').orWhere('last_counter', '<', counter));
  return (await unused.update({ last_counter: counter, used_at: now })) === 1;
}

export async function noteFactorUsed(tx: Knex, id: string, now: number): Promise<void> {
  await tx('user_factors').where({ id }).update({ used_at: now });
}

/** Removes everything a person enrolled. Returns how much there was. */
export async function removeFactors(tx: Knex, userId: string): Promise<number> {
  return tx('user_factors').where({ user_id: userId }).delete();
}
