import type { Knex } from 'knex';

/** Recurring programs: texts that people get only after they opted in. */
export const smsPrograms = ['continuity'] as const;
export type SmsProgram = (typeof smsPrograms)[number];

export type SubscriptionState = 'pending' | 'active' | 'lapsed' | 'ended';

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
  ended_why: string | null;
  flow_id: string | null;
  reminders: number;
  invited_by: string | null;
  created_at: number;
  updated_at: number;
}

/**
 * Whether a text of a recurring program may go out now, as one condition (for `whereExists`) on rows that are to be
 * sent: the person is active, the account has SMS Services, the person opted in with this very number, it is still the
 * one in the attribute that the account names, no provider refused it for good, and its country is allowed.
 * @param row - the columns that hold the person's id and the number, with their table: `continuity_deliveries.user_id`
 * @param countries - those that the installation sends to; none: all
 */
export function mayReceiveNotice(db: Knex, row: { readonly userId: string; readonly e164: string }, countries: readonly string[], program: SmsProgram = 'continuity'): Knex.QueryBuilder {
  const query = db('sms_subscriptions').select(db.raw('1'))
    .join('users', 'users.id', 'sms_subscriptions.user_id')
    .join('accounts', 'accounts.code', 'users.account_code')
    .join('user_attributes', (on) => {
      on.on('user_attributes.user_id', 'sms_subscriptions.user_id').on('user_attributes.name', 'accounts.sms_attribute').on('user_attributes.value', 'sms_subscriptions.attribute_value');
    })
    .whereRaw('?? = ??', ['sms_subscriptions.user_id', row.userId])
    .whereRaw('?? = ??', ['sms_subscriptions.e164', row.e164])
    .where({ 'sms_subscriptions.program': program, 'sms_subscriptions.state': 'active', 'users.status': 'active' })
    .where('accounts.subscriptions', 'like', '%"sms-services"%')
    .whereNotExists(db('sms_number_marks').select(db.raw('1')).whereRaw('sms_number_marks.e164 = sms_subscriptions.e164'));
  const own = db('sms_allowed_countries').select(db.raw('1')).whereRaw('sms_allowed_countries.account_code = accounts.code');
  query.where((q) => q.whereNotExists(own.clone()).orWhereExists(own.clone().whereRaw('sms_allowed_countries.country = sms_subscriptions.country')));
  return countries.length > 0 ? query.whereIn('sms_subscriptions.country', [...countries]) : query;
}
