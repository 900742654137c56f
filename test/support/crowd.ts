import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { isPostgres } from '../../db/dialect';
import { createAccount } from './accounts';

const BATCH = 400;
const AREA_CODES = ['202', '212', '312', '415', '617', '718', '303'] as const;
const PER_AREA_CODE = 100;

/** A number that is kept for fiction. There are not many: of a crowd several have the same. */
export function crowdNumber(index: number): string {
  const number = index % (AREA_CODES.length * PER_AREA_CODE);
  return `+1${AREA_CODES[Math.floor(number / PER_AREA_CODE)]}55501${String(number % PER_AREA_CODE).padStart(2, '0')}`;
}

/** Many people of one account with SMS Services: all in one group, all of whom get its notices. */
export async function addCrowd(db: Knex, code: string, people: number): Promise<{ readonly groupId: string }> {
  await createAccount(db, code, `${code.toLowerCase()}.example`);
  await db('accounts').where({ code }).update({ subscriptions: '["sms-services"]' });
  const groupId = randomUUID();
  await db('groups').insert({ id: groupId, account_code: code, name: 'Everyone' });
  for (let first = 0; first < people; first += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, people - first) }, (_, offset) => ({ id: randomUUID(), index: first + offset }));
    await db.transaction(async (tx) => {
      await tx('users').insert(some.map(({ id, index }) => ({ id, account_code: code, email: `p${index}@${code.toLowerCase()}.example`, name: `Person ${index}` })));
      await tx('user_attributes').insert(some.map(({ id, index }) => ({ user_id: id, name: 'mobile', value: crowdNumber(index) })));
      await tx('group_members').insert(some.map(({ id }) => ({ group_id: groupId, user_id: id })));
      await tx('sms_subscriptions').insert(some.map(({ id, index }) => ({
        id: randomUUID(), account_code: code, user_id: id, program: 'continuity', e164: crowdNumber(index), country: 'US', attribute_value: crowdNumber(index), state: 'active', since: 0, created_at: 0, updated_at: 0,
      })));
    });
  }
  if (isPostgres(db)) await db.raw('ANALYZE');
  return { groupId };
}

/** The rows of an unplanned event of the group, with its start about to be told. Returns its id. */
export async function addEvent(db: Knex, code: string, groupId: string, alert: string, at: number): Promise<string> {
  const id = randomUUID();
  await db('continuity_events').insert({
    id, account_code: code, kind: 'unplanned', state: 'active', starts_at: at, time_zone: 'Europe/Berlin', alert_start: alert, groups: JSON.stringify([{ id: groupId, name: 'Everyone' }]),
    created_by: 'ada', created_by_name: 'Ada', started_at: at, created_at: at, told_at: at,
  });
  await db('continuity_phases').insert({
    event_id: id, phase: 'start', number: 1, text: alert, facts: JSON.stringify({ eventName: null, startsAt: at, endsAt: null, timeZone: 'Europe/Berlin' }), state: 'waiting', request_id: 'start', created_at: at,
  });
  return id;
}
