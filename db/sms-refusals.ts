import type { Knex } from 'knex';
import { appendAudit } from './audit';
import { markNumber } from './sms-settings';
import { lockSubscriptions, moveSubscription, type SubscriptionRow } from './sms-subscriptions';

/** The provider's codes: an opt-out that it keeps itself, and numbers that nothing can be sent to. */
const OPTED_OUT = '21610';
const NO_NUMBER = ['21211', '21612', '21614'];

/** The provider's code in the reason that a message's row gives; undefined where it has none. */
export function providerCode(why: string | null): string | undefined {
  return /^provider (\d+)$/.exec(why ?? '')?.[1];
}

/**
 * Honours what a provider says of a number: its own opt-out ends every subscription as STOP does (21610), a number that
 * does not exist is marked, and nothing more is sent to it.
 * @returns what it ended, whose opt-ins under way have to be told
 */
export async function honourRefusal(tx: Knex.Transaction, e164: string, code: string, now: number): Promise<SubscriptionRow[]> {
  if (NO_NUMBER.includes(code)) await markNumber(tx, e164, { reason: 'refused by the provider', code }, now);
  else if (code !== OPTED_OUT) return [];
  const live = (await lockSubscriptions(tx, { e164 })).filter(({ state }) => state === 'pending' || (state === 'active' && code === OPTED_OUT));
  for (const row of live) {
    const why = code === OPTED_OUT ? 'provider-opt-out' : 'number-refused';
    await moveSubscription(tx, row, { state: 'ended', why }, { action: code === OPTED_OUT ? 'provider-opt-out' : 'refused', source: 'provider', keyword: code }, now);
  }
  await appendAudit(tx, ...live.map((row) => ({ at: now, action: 'sms-subscription.ended', accountCode: row.account_code, flowId: row.flow_id, subject: row.user_id, details: { why: `provider ${code}` } })));
  return live;
}
