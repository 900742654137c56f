import type { Knex } from 'knex';
import { defaultTimeZone, type Region } from '../domain/accounts';

export interface AccountRow {
  code: string;
  name: string;
  default_profile_id: string;
  sms_attribute: string | null;
  region: Region;
  /** JSON. */
  subscriptions: string;
  /** JSON; null: notices go to the administrators. */
  notices: string | null;
  created_with: string | null;
  /** Whether passwords of the account's directory are taken. */
  domain_authentication: boolean | number;
}

export async function findAccount(db: Knex, code: string): Promise<AccountRow | undefined> {
  return db<AccountRow>('accounts').where({ code }).first();
}

/** The clock that an account goes by: as it said while it came on board, or its region's. */
export async function accountTimeZone(db: Knex, account: Pick<AccountRow, 'code' | 'region'>): Promise<string> {
  const row = await db('onboardings').where({ account_code: account.code }).first<{ time_zone: string } | undefined>('time_zone');
  return row?.time_zone ?? defaultTimeZone(account.region);
}

export function subscriptionsOf(account: Pick<AccountRow, 'subscriptions'>): string[] {
  return JSON.parse(account.subscriptions) as string[];
}

export async function updateAccount(tx: Knex, code: string, change: Partial<Pick<AccountRow, 'name' | 'sms_attribute' | 'notices'>>): Promise<void> {
  await tx('accounts').where({ code }).update(change);
}

/** The verified domains of an account, its holding domain among them. */
export async function verifiedDomains(db: Knex, code: string): Promise<string[]> {
  return db('domains').where({ account_code: code }).whereNotNull('verified_at').orderBy('name').pluck('name');
}

/** Where notices about an account go: as it said, or to its administrators. */
export async function noticeRecipients(db: Knex, code: string): Promise<string[]> {
  const account = await findAccount(db, code);
  if (account?.notices) return JSON.parse(account.notices) as string[];
  return db('user_addresses').join('users', 'users.id', 'user_addresses.user_id').where({ 'users.account_code': code, 'users.role': 'administrator', 'users.status': 'active', 'user_addresses.verified': true })
    .orderBy('user_addresses.address').distinct().pluck('user_addresses.address');
}

/** The administrator that an account was created with: the one whose logon is in its holding domain. */
export async function firstAdministrator(db: Knex, code: string): Promise<string | undefined> {
  const row = await db('users').where({ account_code: code, role: 'administrator' }).whereNotNull('contact_address').orderBy('id').first<{ id: string } | undefined>('id');
  return row?.id;
}

/**
 * Says how an account's users sign in. Domain takes in those who have no password here and an address of their own: who
 * has a password keeps it, and the first logon is in no directory. Cloud takes in everybody.
 * @returns how many users changed
 */
export async function setAuthentication(tx: Knex, code: string, method: 'cloud' | 'domain'): Promise<number> {
  await tx('accounts').where({ code }).update({ domain_authentication: method === 'domain' });
  const users = tx('users').where({ account_code: code }).whereNot({ authentication: method });
  if (method === 'domain') users.whereNull('password_hash').whereNull('contact_address');
  return users.update({ authentication: method });
}
