import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

const CODE = 'CSM33C3';
const PEOPLE = 500;
const SUBSCRIBED = 300;
const AREA_CODES = ['212', '415', '617', '718', '303'] as const;
const PER_AREA_CODE = 100;
const BATCH = 250;
/** Of those who are subscribed, the first so many get alerts at home as well. */
const WITH_SECOND_ADDRESS = 20;
const SECOND_ADDRESS = 'second-email';

/** What there is to see under "Verifying Numbers", of people who are not subscribed. */
const UNUSABLE = ['07700 900123', '+1 555', 'see stationery', '+44 20 7946 0018', '+1 (0) 212 555 0199'] as const;

/** The number of a numbered person of Beacon; from the ranges of area codes that are kept for fiction. */
export function beaconNumber(number: number): string {
  const index = number - 1;
  return `+1${AREA_CODES[Math.floor(index / PER_AREA_CODE)]}55501${String(index % PER_AREA_CODE).padStart(2, '0')}`;
}

/** 300 with a number in long format, 60 more who did not opt in, 80 without the country code, 20 of no use, 40 with none. */
function valueOf(number: number): string | undefined {
  const e164 = beaconNumber(number);
  if (number <= 360) return e164;
  if (number <= 440) return `(${e164.slice(2, 5)}) ${e164.slice(5, 8)}-${e164.slice(8)}`;
  return number <= 460 ? UNUSABLE[number % UNUSABLE.length] : undefined;
}

const people = Array.from({ length: PEOPLE }, (_, index) => {
  const mobile = valueOf(index + 1);
  return { local: `user${index + 1}`, name: `User ${index + 1}`, ...(mobile === undefined ? {} : { mobile }) };
});

/** An account with SMS Services, of 500 people in one group. 300 of them get its notices. */
export const beacon = {
  code: CODE, name: 'Beacon', domain: 'beacon.example', byEmail: true, subscriptions: ['sms-services'],
  people: [{ local: 'admin', name: 'Administrator', role: 'administrator', mobile: '+13035550199' }, ...people],
} as const;

/** Puts everybody but the administrator into the group `Everyone`, subscribes the first 300, and gives some a second address. */
export async function insertBeaconPrograms(tx: Knex, ids: ReadonlyMap<string, string>, at: number): Promise<void> {
  const groupId = randomUUID();
  const members = people.map(({ local, mobile }) => ({ userId: ids.get(local)!, mobile }));
  await tx('groups').insert({ id: groupId, account_code: CODE, name: 'Everyone', profile_id: null });
  await tx.batchInsert('group_members', members.map(({ userId }) => ({ group_id: groupId, user_id: userId })), BATCH);
  const subscribed = members.slice(0, SUBSCRIBED).map(({ userId, mobile }) => ({ user_id: userId, account_code: CODE, program: 'continuity', e164: mobile! }));
  await tx.batchInsert('sms_subscriptions', subscribed.map((row) => ({ id: randomUUID(), ...row, country: 'US', attribute_value: row.e164, state: 'active', since: at, created_at: at, updated_at: at })), BATCH);
  await tx.batchInsert('sms_consents', subscribed.map((row) => ({ id: randomUUID(), ...row, action: 'confirmed', source: 'demo', at })), BATCH);
  await tx('user_attribute_definitions').insert({ account_code: CODE, name: SECOND_ADDRESS, label: 'Second e-mail address' });
  await tx('sms_settings').insert({ account_code: CODE, email_attribute: SECOND_ADDRESS, updated_at: at });
  await tx('user_attributes').insert(people.slice(0, WITH_SECOND_ADDRESS).map(({ local }) => ({ user_id: ids.get(local)!, name: SECOND_ADDRESS, value: `${local}@home.example` })));
}
