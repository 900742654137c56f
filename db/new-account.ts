import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { defaultTimeZone, firstLogon, holdingDomain, type Region } from '../domain/accounts';
import { bounds } from '../domain/password-reset';
import { insertOnboarding } from './onboardings';
import { normaliseAddress, type ProfileRow } from './users';

const HOUR_MS = 60 * 60 * 1000;

export interface NewAccount {
  readonly code: string;
  readonly name: string;
  readonly region: Region;
  readonly administrator: { readonly email: string; readonly name: string };
  readonly subscriptions: readonly string[];
}

/** What an account begins with: two steps, and a reset by e-mail. By SMS only once somebody says that it may be, beside SMS as the second step. */
function firstProfile(account: NewAccount): Omit<ProfileRow, 'session_idle_ms' | 'session_absolute_ms'> {
  return {
    id: randomUUID(), account_code: account.code, name: 'Default', reset_self_service: true, reset_by_sms: true, reset_by_email: true, sms_sole_factor_accepted: false,
    two_step: 'sms', legacy_complexity: false, password_min_length: null, code_ttl_ms: bounds.codeTtlMs, link_ttl_ms: HOUR_MS, temporary_password_ttl_ms: 72 * HOUR_MS,
    help_contact: `Ask an administrator of your account, ${account.code}.`,
  };
}

/** Writes a new account: its profile, holding domain and first administrator, who has no password yet, and its onboarding. Returns the administrator's id. */
export async function insertAccount(tx: Knex, account: NewAccount, more: { connectDomain: string; createdWith: string | null; at: number }): Promise<string> {
  const { code, name, region, administrator } = account;
  const profile = firstProfile(account);
  await tx('authentication_profiles').insert(profile);
  await tx('accounts').insert({ code, name, region, subscriptions: JSON.stringify(account.subscriptions), default_profile_id: profile.id, sms_attribute: null, created_with: more.createdWith });
  await tx('domains').insert({ name: holdingDomain(code, more.connectDomain), account_code: code, verified_at: more.at });
  const contact = normaliseAddress(administrator.email);
  const user = { id: randomUUID(), account_code: code, email: firstLogon(contact, code, more.connectDomain), name: administrator.name, role: 'administrator', contact_address: contact };
  await tx('users').insert(user);
  // Whoever ordered the account vouches for it.
  await tx('user_addresses').insert({ user_id: user.id, address: contact, verified: true });
  await insertOnboarding(tx, { accountCode: code, subscriptions: account.subscriptions, timeZone: defaultTimeZone(region), at: more.at });
  return user.id;
}
