import type { Knex } from 'knex';
import type { SubscriptionState } from '../domain/sms-subscription';
import type { SubscriptionRow } from './sms-subscriptions';

export type ListedSubscription = SubscriptionRow & { readonly email: string; readonly name: string };

interface Asked {
  readonly account: string | undefined;
  readonly state?: SubscriptionState | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

function ofAccount(db: Knex, account: string | undefined): Knex.QueryBuilder {
  const query = db('sms_subscriptions');
  return account === undefined ? query : query.where({ 'sms_subscriptions.account_code': account });
}

/** A page of subscriptions in the order of their ids, and where the next one begins. */
export async function listSubscriptions(db: Knex, { account, state, after, limit }: Asked): Promise<{ items: ListedSubscription[]; next: string | null }> {
  const query = ofAccount(db, account).join('users', 'users.id', 'sms_subscriptions.user_id').orderBy('sms_subscriptions.id').limit(limit + 1);
  if (state !== undefined) query.where({ state });
  if (after !== undefined) query.where('sms_subscriptions.id', '>', after);
  const rows = await query.select<ListedSubscription[]>('sms_subscriptions.*', 'users.email', 'users.name');
  return { items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null };
}

/** How many subscriptions are in each state. */
export async function countSubscriptions(db: Knex, account: string | undefined): Promise<Record<SubscriptionState, number>> {
  const counted = (await ofAccount(db, account).groupBy('state').select('state').count({ n: '*' })) as { state: SubscriptionState; n: number | string }[];
  return { pending: 0, active: 0, lapsed: 0, ended: 0, ...Object.fromEntries(counted.map(({ state, n }) => [state, Number(n)])) };
}
