import type { Knex } from 'knex';
import type { AlertReader } from '../domain/continuity/alerts';
import { channelOf } from '../domain/continuity/events';
import { newId, whoGot, type PhaseKey } from './continuity-deliveries';
import { isPostgres } from './dialect';
import { smsSettingsOf } from './sms-settings';
import type { UserRow } from './users';

/** Statistics of other days would have the database read all of a new audience to find its first people. */
const ANALYZE_FROM = 5_000;

/** The people of groups and of the groups in them, each once. Groups that hold each other are no trouble. */
function membersOf(db: Knex, groupIds: readonly string[]): { withChosen: (query: Knex.QueryBuilder) => Knex.QueryBuilder; members: Knex.QueryBuilder } {
  const chosen = db('groups').whereIn('id', [...groupIds]).select('id')
    .union(db('group_groups').join('chosen', 'chosen.id', 'group_groups.group_id').select('group_groups.member_group_id'));
  return {
    withChosen: (query) => query.withRecursive('chosen', ['id'], chosen),
    members: db('group_members').join('chosen', 'chosen.id', 'group_members.group_id').select('group_members.user_id'),
  };
}

/** Of people, those who have a second address, which the account's own attribute holds: `second.value`. The first one is down. */
function withSecondAddress(people: Knex.QueryBuilder): Knex.QueryBuilder {
  return people.join('sms_settings', 'sms_settings.account_code', 'users.account_code')
    .join('user_attributes as second', (on) => void on.on('second.user_id', 'users.id').on('second.name', 'sms_settings.email_attribute'))
    .where('second.value', 'like', '%_@_%').whereRaw('LOWER(second.value) <> LOWER(users.email)');
}

/** Who is subscribed to notices of an account, as their deliveries begin. */
function subscribed(db: Knex, accountCode: string): Knex.QueryBuilder {
  const attribute = (alias: string, name: string) => function join(this: Knex.JoinClause) {
    this.on(`${alias}.user_id`, 'users.id').andOnVal(`${alias}.name`, name);
  };
  return db('sms_subscriptions').join('users', 'users.id', 'sms_subscriptions.user_id')
    .leftJoin('user_attributes as language', attribute('language', 'language')).leftJoin('user_attributes as zone', attribute('zone', 'timeZone'))
    .where({ 'sms_subscriptions.account_code': accountCode, 'sms_subscriptions.program': 'continuity', 'sms_subscriptions.state': 'active', 'users.status': 'active', 'users.account_code': accountCode });
}

/** One person as a reader of notices. */
export async function readerOf(db: Knex, { id, name }: Pick<UserRow, 'id' | 'name'>): Promise<AlertReader> {
  const rows = await db('user_attributes').where({ user_id: id }).whereIn('name', ['language', 'timeZone']).select<{ name: string; value: string }[]>('name', 'value');
  const valueOf = (attribute: string): string | null => rows.find((row) => row.name === attribute)?.value ?? null;
  return { name, language: valueOf('language'), timeZone: valueOf('timeZone') };
}

const COLUMNS = ['id', 'event_id', 'phase', 'account_code', 'user_id', 'e164', 'country', 'name', 'language', 'time_zone', 'state', 'attempts', 'position', 'address'];

/** Who an audience is made of: the people of groups, or with null those who got an earlier notice of the event. */
export interface Audience extends PhaseKey {
  readonly accountCode: string;
  readonly groupIds: readonly string[] | null;
}

/** Writes down whom a phase is for, each person once, by e-mail those who have a second address, and returns how many they are. */
export async function fixAudience(tx: Knex.Transaction, audience: Audience): Promise<number> {
  const { eventId, phase, accountCode, groupIds } = audience;
  const channel = channelOf(phase);
  const people = subscribed(tx, accountCode).select(
    tx.raw(newId(tx)), tx.raw('?', [eventId]), tx.raw('?', [phase]), 'sms_subscriptions.account_code', 'users.id', 'sms_subscriptions.e164', 'sms_subscriptions.country', 'users.name',
    tx.raw('SUBSTR(language.value, 1, 20)'), tx.raw('SUBSTR(zone.value, 1, 60)'), tx.raw("'queued'"), tx.raw('0'), tx.raw('ROW_NUMBER() OVER ()'),
    channel === 'email' ? 'second.value' : tx.raw('NULL'),
  );
  if (channel === 'email') withSecondAddress(people);
  const { withChosen, members } = membersOf(tx, groupIds ?? []);
  const chosen = groupIds === null ? people.whereIn('users.id', whoGot(tx, eventId, channel)) : withChosen(people.whereIn('users.id', members));
  await tx(tx.raw('continuity_deliveries (??)', [COLUMNS])).insert(chosen);
  const [row] = await tx('continuity_deliveries').where({ event_id: eventId, phase }).count<{ n: number | string }[]>({ n: '*' });
  const audienceSize = Number(row!.n);
  if (audienceSize >= ANALYZE_FROM && isPostgres(tx)) await tx.raw('ANALYZE continuity_deliveries');
  return audienceSize;
}

/** Of the people of groups: how many there are, who would get a notice now, and how many would not for which reason. */
export interface AudiencePreview {
  readonly people: number;
  readonly subscribed: number;
  /** Those who are subscribed, by the country of their number. */
  readonly countries: readonly { readonly country: string; readonly people: number }[];
  readonly without: Readonly<Record<'disabled' | 'never-asked' | 'pending' | 'ended' | 'number-refused' | 'number-changed' | 'country', number>>;
}

/** How many of the people of groups would get notices by e-mail as well. */
export async function countSecondAddresses(db: Knex, accountCode: string, groupIds: readonly string[]): Promise<number> {
  const { withChosen, members } = membersOf(db, groupIds);
  const [row] = (await withSecondAddress(withChosen(subscribed(db, accountCode).whereIn('users.id', members))).count({ n: '*' })) as { n: number | string }[];
  return Number(row!.n);
}

/** @param countries - those that the installation sends to; none: all */
export async function previewAudience(db: Knex, accountCode: string, groupIds: readonly string[], countries: readonly string[]): Promise<AudiencePreview> {
  const { withChosen, members } = membersOf(db, groupIds);
  const rows = (await withChosen(db('users').where({ 'users.account_code': accountCode }).whereIn('users.id', members)
    .leftJoin('sms_subscriptions', function join(this: Knex.JoinClause) {
      this.on('sms_subscriptions.user_id', 'users.id').andOnVal('sms_subscriptions.program', 'continuity');
    })
    .join('accounts', 'accounts.code', 'users.account_code')
    .leftJoin('user_attributes as number', (on) => void on.on('number.user_id', 'users.id').on('number.name', 'accounts.sms_attribute'))
    .leftJoin('sms_number_marks', 'sms_number_marks.e164', 'sms_subscriptions.e164')
    .groupByRaw('1, 2')
    .select(db.raw(`CASE WHEN users.status <> 'active' THEN 'disabled' WHEN sms_subscriptions.id IS NULL THEN 'never-asked' WHEN sms_subscriptions.state = 'pending' THEN 'pending'
      WHEN sms_subscriptions.state <> 'active' THEN 'ended' WHEN sms_number_marks.e164 IS NOT NULL THEN 'number-refused'
      WHEN number.value IS NULL OR number.value <> sms_subscriptions.attribute_value THEN 'number-changed' ELSE 'subscribed' END AS what`), 'sms_subscriptions.country')
    .count({ n: '*' }))) as { what: keyof AudiencePreview['without'] | 'subscribed'; country: string; n: number | string }[];
  const allowed = [countries, (await smsSettingsOf(db, accountCode)).countries].filter(({ length }) => length > 0);
  for (const row of rows) if (row.what === 'subscribed' && !allowed.every((some) => some.includes(row.country))) row.what = 'country';
  const of = (what: (typeof rows)[number]['what']) => rows.filter((row) => row.what === what);
  const sum = (some: typeof rows): number => some.reduce((total, { n }) => total + Number(n), 0);
  return {
    people: sum(rows), subscribed: sum(of('subscribed')), countries: of('subscribed').map(({ country, n }) => ({ country, people: Number(n) })),
    without: {
      disabled: sum(of('disabled')), 'never-asked': sum(of('never-asked')), pending: sum(of('pending')), ended: sum(of('ended')), 'number-refused': sum(of('number-refused')),
      'number-changed': sum(of('number-changed')), country: sum(of('country')),
    },
  };
}
