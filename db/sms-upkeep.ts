import type { Knex } from 'knex';
import { parseMobileNumber } from '../domain/phone';
import { isLive } from '../domain/sms-subscription';
import { inTransaction } from './connection';
import { lockSubscriptions, moveSubscription, type SubscriptionRow } from './sms-subscriptions';

/** A workflow lapses its opt-in when its time is over, or at the latest so much later: what is older has none. */
const LATE_MS = 60 * 60 * 1000;
const PAGE = 2_000;
const MOST_LAPSED = 200;

type Held = SubscriptionRow & { readonly value: string };

/** A page of live subscriptions after `after`: those whose attribute now holds another value, and where the next page begins. */
async function movedOnPage(db: Knex, after: string): Promise<{ moved: Held[]; last: string | undefined }> {
  const page = db('sms_subscriptions').whereIn('state', ['pending', 'active']).where('id', '>', after).orderBy('id').limit(PAGE);
  const last = (await page.clone().pluck('id')).at(PAGE - 1) as string | undefined;
  const moved = await db.from(page.clone().as('page')).join('accounts', 'accounts.code', 'page.account_code')
    .join('user_attributes', (on) => void on.on('user_attributes.user_id', 'page.user_id').on('user_attributes.name', 'accounts.sms_attribute'))
    .whereRaw('user_attributes.value <> page.attribute_value').select<Held[]>('page.*', 'user_attributes.value');
  return { moved, last };
}

/**
 * Ends subscriptions whose person has another number now: that one has not opted in. The same number, written another way,
 * goes on. Where there is no number any more nothing is sent, and nothing ended: it may come back.
 * @returns what it ended, and where to go on; undefined after the last
 */
export async function endMovedNumbers(db: Knex, after: string, now: number): Promise<{ ended: SubscriptionRow[]; next: string | undefined }> {
  const { moved, last } = await movedOnPage(db, after);
  const ended: SubscriptionRow[] = [];
  for (const { id, value, attribute_value: before } of moved) {
    const number = parseMobileNumber(value);
    if (!number.ok) continue;
    await inTransaction(db, async (tx) => {
      const [row] = await lockSubscriptions(tx, { id });
      if (!row || !isLive(row.state) || row.attribute_value !== before) return;
      if (number.e164 === row.e164) await tx('sms_subscriptions').where({ id }).update({ attribute_value: value, updated_at: now });
      else {
        await moveSubscription(tx, row, { state: 'ended', why: 'number-changed' }, { action: 'number-changed', source: 'clock' }, now);
        ended.push(row);
      }
    });
  }
  return { ended, next: last };
}

/** Lapses opt-ins whose time is over and that no workflow lapses: its start failed and was not repeated. */
export async function lapseForgotten(db: Knex, now: number): Promise<void> {
  const forgotten = (await db('sms_subscriptions').join('flows', 'flows.id', 'sms_subscriptions.flow_id').where({ 'sms_subscriptions.state': 'pending' })
    .where('flows.expires_at', '<', now - LATE_MS).limit(MOST_LAPSED).pluck('sms_subscriptions.id')) as string[];
  for (const id of forgotten) {
    await inTransaction(db, async (tx) => {
      const [row] = await lockSubscriptions(tx, { id });
      if (row?.state === 'pending') await moveSubscription(tx, row, { state: 'lapsed' }, { action: 'lapsed', source: 'clock' }, now);
    });
  }
}
