import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { inTransaction } from '../db/connection';
import type { ProfileRow } from '../db/users';
import { bounds } from '../domain/password-reset';
import { sessionBounds } from '../domain/sign-in';
import { beacon, insertBeaconPrograms } from './demo-beacon';
import { hashPassword } from '../security/password-hash';
import { demoAdministrators, insertDemoOnboardings } from './demo-onboardings';

const NUMBERED = 50;
const HOUR_MS = 3_600_000;
const BATCH = 250;
const SMS_ATTRIBUTE = 'mobile';

interface Person {
  readonly local: string;
  readonly name: string;
  readonly role?: 'administrator' | 'operator';
  readonly authentication?: 'domain';
  readonly status?: 'disabled';
  readonly mobile?: string;
}

interface DemoAccount {
  readonly code: string;
  readonly name: string;
  readonly domain: string;
  readonly byEmail: boolean;
  readonly subscriptions?: readonly string[];
  readonly people: readonly Person[];
}

/** Odd numbers have a mobile number, from the range of an area code that is kept for fiction. */
function numbered(areaCode: string): Person[] {
  return Array.from({ length: NUMBERED }, (_, index) => {
    const number = index + 1;
    const mobile = number % 2 === 1 ? { mobile: `+1${areaCode}55501${String(number).padStart(2, '0')}` } : {};
    return { local: `user${number}`, name: `User ${number}`, ...mobile };
  });
}

const accounts: readonly DemoAccount[] = [
  {
    code: 'CEU11A1', name: 'Lighthouse', domain: 'lighthouse.example', byEmail: true,
    people: [
      { local: 'admin', name: 'Administrator', role: 'administrator', mobile: '+12025550199' },
      { local: 'operator', name: 'Operator', role: 'operator', mobile: '+12025550197' },
      ...numbered('202'),
      { local: 'directory1', name: 'Directory user', authentication: 'domain' },
      { local: 'disabled1', name: 'Disabled user', status: 'disabled', mobile: '+12025550198' },
    ],
  },
  {
    code: 'CUS22B2', name: 'Harbour', domain: 'harbour.example', byEmail: false,
    people: [{ local: 'admin', name: 'Administrator', role: 'administrator', mobile: '+13125550199' }, ...numbered('312')],
  },
  beacon,
];

function profileOf(account: DemoAccount): ProfileRow {
  return {
    id: randomUUID(), account_code: account.code, name: 'Default', reset_self_service: true, reset_by_sms: true, reset_by_email: account.byEmail,
    // Said explicitly: SMS may serve reset and second step alike, so that a password is never the only factor.
    sms_sole_factor_accepted: true, two_step: 'sms', legacy_complexity: false, password_min_length: null,
    code_ttl_ms: bounds.codeTtlMs, link_ttl_ms: HOUR_MS, temporary_password_ttl_ms: 72 * HOUR_MS,
    session_idle_ms: sessionBounds.idleMs, session_absolute_ms: sessionBounds.absoluteMs,
    help_contact: `Ask your administrator: admin@${account.domain}.`,
  };
}

/** Writes an account and its people. Returns their ids, by the name of the mailbox. */
async function insertAccount(tx: Knex.Transaction, account: DemoAccount, hashes: ReadonlyMap<string, string>, at: number): Promise<ReadonlyMap<string, string>> {
  const profile = profileOf(account);
  await tx('authentication_profiles').insert(profile);
  await tx('accounts').insert({ code: account.code, name: account.name, default_profile_id: profile.id, sms_attribute: SMS_ATTRIBUTE, subscriptions: JSON.stringify(account.subscriptions ?? []) });
  await tx('domains').insert({ name: account.domain, account_code: account.code, verified_at: at });
  await tx('user_attribute_definitions').insert({ account_code: account.code, name: SMS_ATTRIBUTE, label: 'Mobile number' });
  const people = account.people.map((person) => ({ ...person, id: randomUUID(), email: `${person.local}@${account.domain}` }));
  await tx.batchInsert('users', people.map(({ id, email, name, role = 'user', authentication = 'cloud', status = 'active' }) => {
    const password_hash = hashes.get(email) ?? null;
    return { id, account_code: account.code, email, name, role, authentication, status, password_hash, password_changed_at: password_hash === null ? null : at };
  }), BATCH);
  await tx.batchInsert('user_addresses', people.map(({ id, email }) => ({ user_id: id, address: email, verified: true })), BATCH);
  await tx.batchInsert('user_attributes', people.flatMap(({ id, mobile }) => (mobile === undefined ? [] : [{ user_id: id, name: SMS_ATTRIBUTE, value: mobile }])), BATCH);
  return new Map(people.map(({ local, id }) => [local, id]));
}

/**
 * Loads the demo accounts into an empty database; where there are accounts it changes nothing.
 * @param demoPassword - the password of everybody whose password is kept here
 * @param connectDomain - what the holding domains of accounts that come on board end with
 */
export async function loadDemoData(db: Knex, demoPassword: string, at: number, connectDomain: string): Promise<void> {
  if (await db('accounts').first('code')) return;
  const hashes = new Map<string, string>();
  const passwordHash = await hashPassword(demoPassword);
  for (const account of accounts) {
    for (const { local, authentication } of account.people) {
      // A hash takes tens of milliseconds: the 500 people of one account share theirs.
      if (authentication !== 'domain') hashes.set(`${local}@${account.domain}`, account === beacon ? passwordHash : await hashPassword(demoPassword));
    }
  }
  await inTransaction(db, async (tx) => {
    for (const account of accounts) {
      const ids = await insertAccount(tx, account, hashes, at);
      if (account === beacon) await insertBeaconPrograms(tx, ids, at);
    }
    await insertDemoOnboardings(tx, { connectDomain, passwordHash, at });
  });
}

/** Demo sign-in names, and what each is for. */
export const demoNames = (connectDomain: string): readonly (readonly [name: string, purpose: string])[] => [
  ['user1@lighthouse.example', 'reset by SMS (+12025550101) or e-mail; so all odd numbers to 49'],
  ['user2@lighthouse.example', 'no mobile number: by SMS it gets the explaining e-mail; so all even numbers to 50'],
  ['admin@lighthouse.example', 'administrator of the account CEU11A1'],
  ['operator@lighthouse.example', 'operator of the service: in the Administration Console, the onboardings of every account'],
  ['directory1@lighthouse.example', 'Domain authentication: the password is kept elsewhere'],
  ['disabled1@lighthouse.example', 'disabled: is sent nothing'],
  ['user1@harbour.example', 'account CUS22B2, SMS only (+13125550101)'],
  ['admin@beacon.example', 'administrator of the account CSM33C3, with SMS Services'],
  ['user1@beacon.example', 'gets continuity notices (+12125550100); so all to user300. user301 to user360 have a number and can opt in'],
  ...demoAdministrators(connectDomain),
];
