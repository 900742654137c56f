import type { Knex } from 'knex';

/** Columns that 002 made `messages` without: its text is erased once it is sent, its length and price are reported later. */
const ADDED: readonly (readonly [column: string, add: (t: Knex.AlterTableBuilder) => void])[] = [
  ['segments', (t) => t.integer('segments').nullable()],
  ['encoding', (t) => t.string('encoding', 6).nullable()],
];

/** SMS Services: which attribute holds the number, who opted in to what, the evidence of it, and what numbers answered. */
export async function up(knex: Knex): Promise<void> {
  for (const [, add] of ADDED) await knex.schema.alterTable('messages', add);
  await knex.schema.alterTable('messages', (t) => {
    t.index(['account_code', 'channel', 'created_at'], 'messages_by_account');
    // Caps count what went to a number, and answers to it are given once.
    t.index(['recipient', 'created_at'], 'messages_by_recipient');
  });
  await knex.schema.createTable('user_attribute_definitions', (t) => {
    t.string('account_code', 12).notNullable().references('accounts.code');
    t.string('name', 100).notNullable();
    t.string('label', 100).notNullable();
    t.primary(['account_code', 'name']);
  });
  // Attributes that came with files and directories were in use without being defined.
  await knex('user_attribute_definitions').insert(
    knex('user_attributes').join('users', 'users.id', 'user_attributes.user_id').distinct({ account_code: 'users.account_code', name: 'user_attributes.name', label: 'user_attributes.name' }),
  );
  // How values are looked at, and which of an account's have the attribute: in the order of its people.
  await knex.schema.alterTable('user_attributes', (t) => {
    t.index(['name', 'user_id'], 'user_attributes_by_name');
  });
  // An account without a row has the defaults.
  await knex.schema.createTable('sms_settings', (t) => {
    t.string('account_code', 12).primary().references('accounts.code');
    // What a number without a country code is understood in; null: in none.
    t.string('default_country', 2).nullable();
    // Texts in 24 hours: of recurring programs, and of codes; null: no limit of the account's own.
    t.integer('daily_cap').nullable();
    t.integer('codes_daily_cap').nullable();
    // Whether a second administrator approves a continuity event.
    t.boolean('approval_required').notNullable().defaultTo(false);
    // HH:MM in the account's time zone; null: notices of planned events go out at any time.
    t.string('quiet_from', 5).nullable();
    t.string('quiet_to', 5).nullable();
    t.bigInteger('updated_at').notNullable();
  });
  // The countries that an account sends to; none: all that the installation sends to.
  await knex.schema.createTable('sms_allowed_countries', (t) => {
    t.string('account_code', 12).notNullable().references('accounts.code');
    t.string('country', 2).notNullable();
    t.primary(['account_code', 'country']);
  });
  await knex.schema.createTable('sms_subscriptions', (t) => {
    t.string('id', 36).primary();
    t.string('account_code', 12).notNullable().references('accounts.code');
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE');
    t.string('program', 20).notNullable();
    t.string('e164', 20).notNullable();
    t.string('country', 2).notNullable();
    // The attribute's value that the number was read from: another one is another number, which nobody opted in with.
    t.string('attribute_value', 500).notNullable();
    // `pending`, `active`, `lapsed` or `ended`, since when, and why it is no longer active.
    t.string('state', 10).notNullable();
    t.bigInteger('since').notNullable();
    t.string('ended_why', 20).nullable();
    // The opt-in that is or was last under way; null for one that came otherwise.
    t.string('flow_id', 64).nullable().index();
    t.integer('reminders').notNullable().defaultTo(0);
    t.string('invited_by', 36).nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('updated_at').notNullable();
    t.unique(['user_id', 'program']);
    t.index(['account_code', 'program', 'state']);
    t.index(['e164']);
  });
  // Evidence: rows are only added. It outlives the person's user.
  await knex.schema.createTable('sms_consents', (t) => {
    t.increments('seq').primary();
    t.string('id', 36).notNullable().unique();
    t.string('account_code', 12).notNullable();
    t.string('user_id', 36).notNullable();
    t.string('e164', 20).notNullable();
    t.string('program', 20).notNullable();
    t.string('action', 20).notNullable();
    t.string('source', 15).notNullable();
    // Who did it: a user's id, or a digest of an operator's token; null for a number or the clock.
    t.string('actor', 64).nullable();
    t.bigInteger('at').notNullable();
    t.string('text_version', 20).nullable();
    t.string('origin', 64).nullable();
    t.string('keyword', 20).nullable();
    t.string('inbound_id', 64).nullable();
    t.index(['user_id', 'program', 'seq']);
  });
  // Texts that came in, by the provider's id: one that is reported again is known.
  await knex.schema.createTable('sms_inbound', (t) => {
    t.string('provider_id', 64).primary();
    t.string('from_e164', 20).notNullable();
    t.string('to_number', 34).notNullable();
    t.string('body_digest', 64).notNullable();
    t.string('kind', 10).notNullable();
    t.bigInteger('at').notNullable();
    // The message that answers it, when that was queued.
    t.bigInteger('answered_at').nullable();
    t.index(['from_e164', 'kind', 'at']);
  });
  // Numbers that a provider refused for good.
  await knex.schema.createTable('sms_number_marks', (t) => {
    t.string('e164', 20).primary();
    t.string('reason', 200).notNullable();
    t.string('code', 10).nullable();
    t.bigInteger('at').notNullable();
  });
  // A look at all values of an attribute. Its work goes on after the last user it has seen.
  await knex.schema.createTable('number_checks', (t) => {
    t.string('id', 36).primary();
    t.string('account_code', 12).notNullable().references('accounts.code').index();
    t.string('attribute', 100).notNullable();
    t.string('default_country', 2).nullable();
    // `running`, `done`, `applying` or `applied`.
    t.string('state', 10).notNullable();
    t.string('cursor', 36).notNullable().defaultTo('');
    t.integer('total').notNullable();
    t.integer('looked_at').notNullable().defaultTo(0);
    t.integer('usable').notNullable().defaultTo(0);
    t.integer('proposed').notNullable().defaultTo(0);
    t.integer('unusable').notNullable().defaultTo(0);
    t.integer('applied').notNullable().defaultTo(0);
    t.bigInteger('created_at').notNullable();
    t.bigInteger('updated_at').notNullable();
  });
  // Values that are not usable as they are: with a proposal, or why there is none.
  await knex.schema.createTable('number_check_values', (t) => {
    t.string('check_id', 36).notNullable().references('number_checks.id').onDelete('CASCADE');
    t.string('user_id', 36).notNullable();
    t.string('value', 500).notNullable();
    t.string('proposal', 20).nullable();
    t.string('reason', 20).notNullable();
    t.primary(['check_id', 'user_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['number_check_values', 'number_checks', 'sms_number_marks', 'sms_inbound', 'sms_consents', 'sms_subscriptions', 'sms_allowed_countries', 'sms_settings', 'user_attribute_definitions']) {
    await knex.schema.dropTable(table);
  }
  await knex.schema.alterTable('user_attributes', (t) => {
    t.dropIndex(['name', 'user_id'], 'user_attributes_by_name');
  });
  await knex.schema.alterTable('messages', (t) => {
    t.dropIndex(['account_code', 'channel', 'created_at'], 'messages_by_account');
    t.dropIndex(['recipient', 'created_at'], 'messages_by_recipient');
  });
  for (const [column] of ADDED) await knex.raw('ALTER TABLE messages DROP COLUMN ??', [column]);
}
