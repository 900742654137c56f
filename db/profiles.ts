import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { ProfileRow } from './users';

export async function listProfiles(db: Knex, accountCode?: string): Promise<ProfileRow[]> {
  const query = db<ProfileRow>('authentication_profiles').orderBy(['account_code', 'name']);
  return accountCode === undefined ? query : query.where({ account_code: accountCode });
}

export async function findProfile(db: Knex, id: string): Promise<ProfileRow | undefined> {
  return db<ProfileRow>('authentication_profiles').where({ id }).first();
}

/** @returns the new profile's id, or null where the account has one of this name */
export async function insertProfile(db: Knex, profile: Omit<ProfileRow, 'id'>): Promise<string | null> {
  const id = randomUUID();
  const made = await db('authentication_profiles').insert({ id, ...profile }).onConflict(['account_code', 'name']).ignore().returning('id');
  return made.length === 1 ? id : null;
}

/** A profile stays with its account. */
export async function updateProfile(db: Knex, id: string, profile: Omit<ProfileRow, 'id'>): Promise<boolean> {
  const { account_code, ...change } = profile;
  return (await db('authentication_profiles').where({ id, account_code }).update(change)) === 1;
}
