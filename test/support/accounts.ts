import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { bounds } from '../../domain/password-reset';

/** Writes an account with this domain and no users. */
export async function createAccount(db: Knex, code: string, domain: string): Promise<void> {
  const id = randomUUID();
  await db('authentication_profiles').insert({
    id, account_code: code, name: 'Default', code_ttl_ms: bounds.codeTtlMs, link_ttl_ms: bounds.linkTtlMs, temporary_password_ttl_ms: bounds.temporaryPasswordTtlMs, help_contact: 'Ask.',
  });
  await db('accounts').insert({ code, name: code, default_profile_id: id, sms_attribute: 'mobile' });
  await db('domains').insert({ name: domain, account_code: code });
}

/** Somebody to write into an account. */
export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly status?: 'active' | 'disabled';
  readonly attributes?: Readonly<Record<string, string>>;
  /** Addresses beside the first. */
  readonly others?: readonly string[];
}

/** Writes a user. @returns its id */
export async function createUser(db: Knex, code: string, { email, name, status = 'active', attributes = {}, others = [] }: NewUser): Promise<string> {
  const id = randomUUID();
  await db('users').insert({ id, account_code: code, email, name, role: 'user', authentication: 'cloud', status });
  await db('user_addresses').insert([email, ...others].map((address) => ({ user_id: id, address, verified: true })));
  const rows = Object.entries(attributes).map(([attribute, value]) => ({ user_id: id, name: attribute, value }));
  if (rows.length > 0) await db('user_attributes').insert(rows);
  return id;
}

/** The users of an account with their attributes, by address. */
export async function usersOf(db: Knex, code: string): Promise<Record<string, { name: string; authentication: string } & Record<string, string>>> {
  const users = await db('users').where({ account_code: code }).orderBy('email').select<{ id: string; email: string; name: string; authentication: string }[]>('id', 'email', 'name', 'authentication');
  const attributes = await db('user_attributes').whereIn('user_id', db('users').where({ account_code: code }).select('id')).select<{ user_id: string; name: string; value: string }[]>('user_id', 'name', 'value');
  return Object.fromEntries(users.map(({ id, email, name, authentication }) => [email, { name, authentication, ...Object.fromEntries(attributes.filter(({ user_id }) => user_id === id).map((row) => [row.name, row.value])) }]));
}
