import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { inTransaction } from '../db/connection';
import { bounds } from '../domain/password-reset';

const HOUR_MS = 60 * 60 * 1000;
const USERS = 50;
const SMS_ATTRIBUTE = 'mobile';

interface DemoUser {
  readonly local: string;
  readonly name: string;
  readonly role?: string;
  readonly number?: string;
  readonly authentication?: string;
  readonly status?: string;
}

interface DemoAccount {
  readonly code: string;
  readonly name: string;
  readonly domain: string;
  readonly email: boolean;
  readonly users: readonly DemoUser[];
}

/** Fictitious numbers: 555-0100 to 555-0199 of an area code are set aside for that. */
const number = (area: string, index: number): string => `+1${area}55501${String(index).padStart(2, '0')}`;

const accounts: readonly DemoAccount[] = [
  {
    code: 'CEU11A1', name: 'Lighthouse', domain: 'lighthouse.example', email: true,
    users: [
      { local: 'admin', name: 'Administrator', role: 'administrator', number: number('202', 99) },
      ...Array.from({ length: USERS }, (_, index) => index + 1).map((index): DemoUser => ({ local: `user${index}`, name: `User ${index}`, ...(index % 2 === 1 ? { number: number('202', index) } : {}) })),
      { local: 'directory1', name: 'Directory 1', authentication: 'domain' },
      { local: 'disabled1', name: 'Disabled 1', status: 'disabled', number: number('202', 98) },
    ],
  },
  {
    code: 'CUS22B2', name: 'Harbour', domain: 'harbour.example', email: false,
    users: [
      { local: 'admin', name: 'Administrator', role: 'administrator', number: number('312', 99) },
      ...Array.from({ length: 5 }, (_, index) => index + 1).map((index): DemoUser => ({ local: `user${index}`, name: `User ${index}`, number: number('312', index) })),
    ],
  },
];

/** Loads the demo accounts, once. */
export async function loadDemoData(db: Knex, demoPassword: string): Promise<boolean> {
  if (await db('accounts').where({ code: accounts[0]!.code }).first('code')) return false;
  const passwordHash = await hash(demoPassword);
  await inTransaction(db, async (tx) => {
    for (const account of accounts) {
      const profileId = randomUUID();
      await tx('authentication_profiles').insert({
        id: profileId, account_code: account.code, name: 'Default', reset_self_service: true, reset_by_sms: true, reset_by_email: account.email,
        // Said explicitly: a text message may reset and be the second step alike.
        sms_sole_factor_accepted: true, two_step: 'sms', legacy_complexity: false, password_min_length: null,
        code_ttl_ms: bounds.codeTtlMs, link_ttl_ms: HOUR_MS, temporary_password_ttl_ms: 72 * HOUR_MS, help_contact: `Ask the help desk of ${account.name}.`,
      });
      await tx('accounts').insert({ code: account.code, name: account.name, default_profile_id: profileId, sms_attribute: SMS_ATTRIBUTE });
      await tx('domains').insert({ name: account.domain, account_code: account.code });
      for (const user of account.users) {
        const id = randomUUID();
        const email = `${user.local}@${account.domain}`;
        await tx('users').insert({
          id, account_code: account.code, email, name: user.name, role: user.role ?? 'user', authentication: user.authentication ?? 'cloud', status: user.status ?? 'active',
          password_hash: user.authentication === 'domain' ? null : passwordHash, password_changed_at: null,
        });
        await tx('user_addresses').insert({ user_id: id, address: email, verified: true });
        if (user.number) await tx('user_attributes').insert({ user_id: id, name: SMS_ATTRIBUTE, value: user.number });
      }
    }
  });
  return true;
}
