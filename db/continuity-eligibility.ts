import type { Knex } from 'knex';
import type { Channel } from '../domain/continuity/events';
import { mayReceiveNotice, served } from './sms-subscriptions';

const TABLE = 'continuity_deliveries';
const row = { userId: `${TABLE}.user_id`, e164: `${TABLE}.e164` };

/** Whether an e-mail may go out now: its person is subscribed to the texts that it repeats, and the address is still theirs. */
function mayReceiveEmail(db: Knex): Knex.QueryBuilder {
  return served(db)
    .join('sms_settings', 'sms_settings.account_code', 'accounts.code')
    .join('user_attributes', (on) => void on.on('user_attributes.user_id', 'users.id').on('user_attributes.name', 'sms_settings.email_attribute'))
    .whereRaw(`sms_subscriptions.user_id = ${TABLE}.user_id AND user_attributes.value = ${TABLE}.address`)
    .where({ 'sms_subscriptions.program': 'continuity', 'sms_subscriptions.state': 'active' });
}

/**
 * Whether a delivery may go out at this moment: 1 or 0, as an expression on its row. A bare EXISTS would be a join to a
 * planner, which may begin it with everybody who is subscribed; this is looked up for each delivery that was picked.
 */
export function mayReceive(db: Knex, channel: Channel, countries: readonly string[]): Knex.Raw {
  return db.raw('CASE WHEN EXISTS ? THEN 1 ELSE 0 END', [channel === 'email' ? mayReceiveEmail(db) : mayReceiveNotice(db, row, countries)]);
}

const WHY_NOBODY = `WHEN NOT EXISTS (SELECT 1 FROM users WHERE users.id = ${TABLE}.user_id AND users.status = 'active') THEN 'disabled'
  WHEN NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.code = ${TABLE}.account_code AND accounts.subscriptions LIKE '%"sms-services"%') THEN 'no-sms-services'
  WHEN NOT EXISTS (SELECT 1 FROM sms_subscriptions WHERE sms_subscriptions.user_id = ${TABLE}.user_id AND sms_subscriptions.program = 'continuity' AND sms_subscriptions.state = 'active') THEN 'opted-out'`;

const WHY_NO_TEXT = `WHEN EXISTS (SELECT 1 FROM sms_number_marks WHERE sms_number_marks.e164 = ${TABLE}.e164) THEN 'number-refused'
  WHEN EXISTS (SELECT 1 FROM sms_subscriptions JOIN users ON users.id = sms_subscriptions.user_id JOIN accounts ON accounts.code = users.account_code
    JOIN user_attributes ON user_attributes.user_id = users.id AND user_attributes.name = accounts.sms_attribute AND user_attributes.value = sms_subscriptions.attribute_value
    WHERE sms_subscriptions.user_id = ${TABLE}.user_id AND sms_subscriptions.program = 'continuity' AND sms_subscriptions.e164 = ${TABLE}.e164) THEN 'country'
  ELSE 'number-changed'`;

/** Why somebody may not be sent a notice now, as an expression on a delivery's row. */
export function whyNot(channel: Channel): string {
  return `CASE ${WHY_NOBODY} ${channel === 'email' ? "ELSE 'address-changed'" : WHY_NO_TEXT} END`;
}
