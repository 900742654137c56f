import type { Knex } from 'knex';

/** What an account chose for its texts. Booleans are 0 and 1 on SQLite. */
export interface SmsSettingsRow {
  account_code: string;
  default_country: string | null;
  /** Texts of recurring programs in 24 hours; null: no limit of the account's own. */
  daily_cap: number | null;
  /** Codes and passcodes in 24 hours; null: the installation's limit. */
  codes_daily_cap: number | null;
  approval_required: boolean | number;
  quiet_from: string | null;
  quiet_to: string | null;
  /** The attribute of users that holds a second e-mail address; null: none. */
  email_attribute: string | null;
  updated_at: number;
}

/** Settings, with the countries that the account sends to; none: all that the installation sends to. */
export type SmsSettings = Omit<SmsSettingsRow, 'account_code' | 'updated_at'> & { readonly countries: readonly string[] };

const DEFAULTS: Omit<SmsSettings, 'countries'> = { default_country: null, daily_cap: null, codes_daily_cap: null, approval_required: false, quiet_from: null, quiet_to: null, email_attribute: null };

/** An account's settings; the defaults where it chose none. */
export async function smsSettingsOf(db: Knex, accountCode: string): Promise<SmsSettings> {
  const row = await db<SmsSettingsRow>('sms_settings').where({ account_code: accountCode }).first();
  const countries = (await db('sms_allowed_countries').where({ account_code: accountCode }).orderBy('country').pluck('country')) as string[];
  return { ...DEFAULTS, ...row, countries };
}

/** Saves an account's settings as a whole. */
export async function saveSmsSettings(tx: Knex, accountCode: string, { countries, ...row }: SmsSettings, now: number): Promise<void> {
  const saved = { ...row, updated_at: now };
  await tx('sms_settings').insert({ account_code: accountCode, ...saved }).onConflict('account_code').merge(saved);
  await tx('sms_allowed_countries').where({ account_code: accountCode }).delete();
  if (countries.length > 0) await tx('sms_allowed_countries').insert(countries.map((country) => ({ account_code: accountCode, country })));
}

/** A number that a provider refused for good. */
export async function markNumber(tx: Knex, e164: string, mark: { reason: string; code: string | null }, now: number): Promise<void> {
  await tx('sms_number_marks').insert({ e164, ...mark, at: now }).onConflict('e164').ignore();
}

export async function isMarked(db: Knex, e164: string): Promise<boolean> {
  return (await db('sms_number_marks').where({ e164 }).first('e164')) !== undefined;
}
