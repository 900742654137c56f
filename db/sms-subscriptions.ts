import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { EndedWhy, OptInEnding, OptInStep, SmsProgram, SubscriptionState } from '../domain/sms-subscription';
import { locking } from './dialect';
import { endFlowRow, type FlowRow } from './flows';
import { dropMessagesOf } from './messages';
import { endSecretsOfFlow } from './secrets';
import { addConsent, type Consent } from './sms-consents';

export type OptInFlow = FlowRow<'sms-subscription'>;

export interface SubscriptionRow {
  id: string;
  account_code: string;
  user_id: string;
  program: SmsProgram;
  e164: string;
  /** ISO 3166, of the number. */
  country: string;
  /** The attribute's value that the number was read from. */
  attribute_value: string;
  state: SubscriptionState;
  /** When it came to this state. */
  since: number;
  ended_why: EndedWhy | null;
  flow_id: string | null;
  reminders: number;
  invited_by: string | null;
  created_at: number;
  updated_at: number;
}

export async function findSubscription(db: Knex, id: string): Promise<SubscriptionRow | undefined> {
  return db<SubscriptionRow>('sms_subscriptions').where({ id }).first();
}

export async function subscriptionOf(db: Knex, userId: string, program: SmsProgram): Promise<SubscriptionRow | undefined> {
  return db<SubscriptionRow>('sms_subscriptions').where({ user_id: userId, program }).first();
}

/** Subscriptions that no other transaction changes until this one ends, in one order. Who locks flows too locks them after. */
export async function lockSubscriptions(tx: Knex.Transaction, where: Partial<Pick<SubscriptionRow, 'id' | 'e164' | 'flow_id' | 'user_id'>>): Promise<SubscriptionRow[]> {
  return locking(tx, tx<SubscriptionRow>('sms_subscriptions').where(where).orderBy('id'));
}

export type NewSubscription = Pick<SubscriptionRow, 'account_code' | 'user_id' | 'program' | 'e164' | 'country' | 'attribute_value' | 'flow_id' | 'invited_by'>;

/** Begins an opt-in: over the row that a person has already, or with a new one. Returns the row's id. */
export async function beginSubscription(tx: Knex, row: NewSubscription, now: number): Promise<string> {
  const begun = { ...row, state: 'pending', since: now, ended_why: null, reminders: 0, updated_at: now };
  const [saved] = await tx('sms_subscriptions').insert({ id: randomUUID(), created_at: now, ...begun }).onConflict(['user_id', 'program']).merge(begun).returning<{ id: string }[]>('id');
  return saved!.id;
}

/** What a change of a subscription leaves as evidence: everything but whose it is. */
export type Evidence = Omit<Consent, 'account_code' | 'user_id' | 'e164' | 'program' | 'at'>;

const ENDING: Record<Exclude<SubscriptionState, 'pending'>, OptInEnding> = { active: 'active', lapsed: 'lapsed', ended: 'ended' };

/**
 * Moves a subscription, in the caller's transaction, with its evidence: whichever opt-in is under way ends with it, and
 * what that had still to send is dropped.
 */
export async function moveSubscription(tx: Knex, row: SubscriptionRow, to: { state: Exclude<SubscriptionState, 'pending'>; why?: EndedWhy }, evidence: Evidence, now: number): Promise<void> {
  await tx('sms_subscriptions').where({ id: row.id }).update({ state: to.state, since: now, ended_why: to.why ?? null, updated_at: now });
  await addConsent(tx, { account_code: row.account_code, user_id: row.user_id, e164: row.e164, program: row.program, at: now, ...evidence });
  if (row.flow_id === null || !(await endFlowRow(tx, { id: row.flow_id }, ENDING[to.state]))) return;
  await endSecretsOfFlow(tx, row.flow_id, to.state === 'active' ? 'consumed' : 'superseded');
  await dropMessagesOf(tx, row.flow_id, []);
}

/** The step of an opt-in's row; null where it has none. */
export async function optInOf(db: Knex, row: Pick<SubscriptionRow, 'flow_id'>): Promise<(OptInFlow & { step: OptInStep }) | undefined> {
  return row.flow_id === null ? undefined : db('flows').where({ id: row.flow_id, kind: 'sms-subscription' }).first<OptInFlow | undefined>();
}

/** Subscriptions whose person is active and whose account has SMS Services, as the `1` of a condition. */
export function served(db: Knex): Knex.QueryBuilder {
  return db('sms_subscriptions').select(db.raw('1'))
    .join('users', 'users.id', 'sms_subscriptions.user_id')
    .join('accounts', 'accounts.code', 'users.account_code')
    .where({ 'users.status': 'active' })
    .where('accounts.subscriptions', 'like', '%"sms-services"%');
}

/** Those of them whose number is still the one in the attribute that the account names. */
function holding(db: Knex): Knex.QueryBuilder {
  return served(db).join('user_attributes', (on) => {
    on.on('user_attributes.user_id', 'sms_subscriptions.user_id').on('user_attributes.name', 'accounts.sms_attribute').on('user_attributes.value', 'sms_subscriptions.attribute_value');
  });
}

/** Whether a subscription's number is still its person's. */
export async function isStillTheNumber(db: Knex, row: Pick<SubscriptionRow, 'id'>): Promise<boolean> {
  return (await holding(db).where({ 'sms_subscriptions.id': row.id }).first()) !== undefined;
}

/**
 * Whether a text of a recurring program may go out now, as one condition (for `whereExists`) on rows that are to be
 * sent: the person is active, the account has SMS Services, the person opted in with this very number, it is still the
 * one in the attribute that the account names, no provider refused it for good, and its country is allowed.
 * @param row - the columns that hold the person's id and the number, with their table: `continuity_deliveries.user_id`
 * @param countries - those that the installation sends to; none: all
 */
export function mayReceiveNotice(db: Knex, row: { readonly userId: string; readonly e164: string }, countries: readonly string[], program: SmsProgram = 'continuity'): Knex.QueryBuilder {
  const query = holding(db)
    .whereRaw('?? = ??', ['sms_subscriptions.user_id', row.userId])
    .whereRaw('?? = ??', ['sms_subscriptions.e164', row.e164])
    .where({ 'sms_subscriptions.program': program, 'sms_subscriptions.state': 'active' })
    .whereNotExists(db('sms_number_marks').select(db.raw('1')).whereRaw('sms_number_marks.e164 = sms_subscriptions.e164'));
  const own = db('sms_allowed_countries').select(db.raw('1')).whereRaw('sms_allowed_countries.account_code = accounts.code');
  query.where((q) => q.whereNotExists(own.clone()).orWhereExists(own.clone().whereRaw('sms_allowed_countries.country = sms_subscriptions.country')));
  return countries.length > 0 ? query.whereIn('sms_subscriptions.country', [...countries]) : query;
}
