import type { Knex } from 'knex';
import { bounds, type ResetOptions } from '../domain/password-reset';
import { sessionBounds, type Role } from '../domain/sign-in';
import { locking } from './dialect';

export interface UserRow {
  id: string;
  account_code: string;
  email: string;
  name: string;
  role: Role;
  authentication: 'cloud' | 'domain';
  status: 'active' | 'disabled';
  password_hash: string | null;
  password_changed_at: number | null;
  /** It was given to the person, who must change it. */
  password_temporary: boolean | number;
  /** When a password that was given ends; null for one that the person chose. */
  password_expires_at: number | null;
  /** Where mail goes when the logon has no mailbox. */
  contact_address: string | null;
}

export interface ProfileRow {
  id: string;
  account_code: string;
  name: string;
  reset_self_service: boolean | number;
  reset_by_sms: boolean | number;
  reset_by_email: boolean | number;
  sms_sole_factor_accepted: boolean | number;
  two_step: 'off' | 'sms' | 'strong';
  legacy_complexity: boolean | number;
  password_min_length: number | null;
  code_ttl_ms: number;
  link_ttl_ms: number;
  temporary_password_ttl_ms: number;
  help_contact: string;
  session_idle_ms: number;
  session_absolute_ms: number;
}

/** Addresses are stored and compared in lower case. */
export function normaliseAddress(address: string): string {
  return address.trim().toLowerCase();
}

export async function findUserByEmail(db: Knex, email: string): Promise<UserRow | undefined> {
  return db<UserRow>('users').where({ email: normaliseAddress(email) }).first();
}

export async function findUser(db: Knex, id: string): Promise<UserRow | undefined> {
  return db<UserRow>('users').where({ id }).first();
}

/** A person whose password, status and role no other transaction changes until this one ends. Who locks flows too locks them before. */
export async function lockUser(tx: Knex.Transaction, id: string): Promise<UserRow | undefined> {
  return locking(tx, tx<UserRow>('users').where({ id })).first();
}

/** Whether an account has another administrator who can sign in. */
export async function hasOtherAdministrator(tx: Knex, { id, account_code }: Pick<UserRow, 'id' | 'account_code'>): Promise<boolean> {
  return (await tx('users').where({ account_code, role: 'administrator', status: 'active' }).whereNot({ id }).first('id')) !== undefined;
}

/** What applies where an address belongs to no account: it looks like any other. */
const UNKNOWN_DOMAIN: Omit<ProfileRow, 'id' | 'account_code' | 'name'> = {
  reset_self_service: true, reset_by_sms: true, reset_by_email: true, sms_sole_factor_accepted: true, two_step: 'off',
  legacy_complexity: false, password_min_length: null, help_contact: '',
  code_ttl_ms: bounds.codeTtlMs, link_ttl_ms: bounds.linkTtlMs / 24, temporary_password_ttl_ms: 72 * 60 * 60 * 1000,
  session_idle_ms: sessionBounds.idleMs, session_absolute_ms: sessionBounds.absoluteMs,
};

/** The authentication profile an address is handled by before anything is proven: its domain's. */
export async function profileOfAddress(db: Knex, address: string): Promise<{ accountCode: string | null; profile: ProfileRow }> {
  const domain = normaliseAddress(address).split('@').pop() ?? '';
  const profile = await db<ProfileRow>('authentication_profiles')
    .whereIn('id', db('accounts').select('default_profile_id').whereIn('code', db('domains').select('account_code').where({ name: domain })))
    .first();
  if (profile) return { accountCode: profile.account_code, profile };
  return { accountCode: null, profile: { id: '', account_code: '', name: '', ...UNKNOWN_DOMAIN } };
}

/** The profile that judges a person's new password: of a group, the first one by name that names a profile, else the account's. */
export async function profileOfUser(db: Knex, user: UserRow): Promise<ProfileRow> {
  const ofGroup = await db('authentication_profiles').join('groups', 'groups.profile_id', 'authentication_profiles.id').join('group_members', 'group_members.group_id', 'groups.id')
    .where({ 'group_members.user_id': user.id }).orderBy('groups.name').first<ProfileRow | undefined>('authentication_profiles.*');
  const profile = ofGroup ?? (await db<ProfileRow>('authentication_profiles').whereIn('id', db('accounts').select('default_profile_id').where({ code: user.account_code })).first());
  if (!profile) throw new Error(`Account ${user.account_code} has no authentication profile.`);
  return profile;
}

/** "Password Reset Options" of a profile, as the rules in domain/ read them. */
export function resetOptions(profile: ProfileRow): ResetOptions {
  return {
    selfService: Boolean(profile.reset_self_service),
    sms: Boolean(profile.reset_by_sms),
    email: Boolean(profile.reset_by_email),
    smsSoleFactorAccepted: Boolean(profile.sms_sole_factor_accepted),
    twoStep: profile.two_step,
  };
}

/** How long what a variant sends is valid, within the bounds no profile can exceed. */
export function secretTtlMs(profile: ProfileRow, variant: 'code' | 'link' | 'temporary-password' | 'invitation'): number {
  if (variant === 'code') return Math.min(profile.code_ttl_ms, bounds.codeTtlMs);
  if (variant === 'link') return Math.min(profile.link_ttl_ms, bounds.linkTtlMs);
  if (variant === 'invitation') return bounds.linkTtlMs;
  return Math.min(profile.temporary_password_ttl_ms, bounds.temporaryPasswordTtlMs);
}

/** The number a reset code goes to: the attribute that the account names. */
export async function smsNumberOf(db: Knex, user: UserRow): Promise<string | null> {
  const account = await db('accounts').where({ code: user.account_code }).first<{ sms_attribute: string | null }>('sms_attribute');
  if (!account?.sms_attribute) return null;
  const attribute = await db('user_attributes').where({ user_id: user.id, name: account.sms_attribute }).first<{ value: string } | undefined>('value');
  return attribute?.value ?? null;
}

/** Where a notice about the account goes: every verified address. */
export async function verifiedAddresses(db: Knex, userId: string): Promise<string[]> {
  return db('user_addresses').where({ user_id: userId, verified: true }).orderBy('address').pluck('address');
}

/** Where a person reads mail: a logon in a holding domain has no mailbox. */
export function mailboxOf(user: Pick<UserRow, 'email' | 'contact_address'>): string {
  return user.contact_address ?? user.email;
}

/** Sets the password that a person chose. */
export async function setPassword(tx: Knex, userId: string, hash: string, at: number): Promise<void> {
  await tx('users').where({ id: userId }).update({ password_hash: hash, password_changed_at: at, password_temporary: false, password_expires_at: null });
}

/** Gives a person a password to choose their own with, until `expiresAt`. The one before stops at once. */
export async function supplyPassword(tx: Knex, userId: string, hash: string, at: number, expiresAt: number): Promise<void> {
  await tx('users').where({ id: userId }).update({ password_hash: hash, password_changed_at: at, password_temporary: true, password_expires_at: expiresAt });
}
