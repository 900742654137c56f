import type { Knex } from 'knex';

/** Columns that earlier migrations made tables without. */
const ADDED: readonly (readonly [table: string, column: string, add: (t: Knex.AlterTableBuilder) => void])[] = [
  ['accounts', 'region', (t) => t.string('region', 2).notNullable().defaultTo('eu')],
  // Lists are JSON.
  ['accounts', 'subscriptions', (t) => t.text('subscriptions').notNullable().defaultTo('[]')],
  // Where notices about the account go; null: to its administrators.
  ['accounts', 'notices', (t) => t.text('notices').nullable()],
  // What it was created with, so that the same request is known again; null for one that came otherwise.
  ['accounts', 'created_with', (t) => t.string('created_with', 64).nullable()],
  ['domains', 'verified_at', (t) => t.bigInteger('verified_at').nullable()],
  // A logon in a holding domain has no mailbox: its mail goes here.
  ['users', 'contact_address', (t) => t.string('contact_address', 254).nullable()],
];

/** Accounts that come on board: what they entered, where each task stands, and until when. */
export async function up(knex: Knex): Promise<void> {
  for (const [table, , add] of ADDED) await knex.schema.alterTable(table, add);
  // Whoever had an account before was known.
  await knex('domains').update({ verified_at: 0 });
  await knex.schema.createTable('application_dates', (t) => {
    t.string('application', 30).primary();
    // The last day of the application, for every account that has none of its own.
    t.string('last_day', 10).notNullable();
    t.bigInteger('set_at').notNullable();
  });
  await knex.schema.createTable('onboardings', (t) => {
    t.string('account_code', 12).primary().references('accounts.code');
    t.boolean('begun').notNullable().defaultTo(false);
    // Mirrors of the tasks, for lists: what comes next, and what it waits for.
    t.string('next_task', 20).nullable();
    t.string('blocked_by', 15).nullable();
    t.integer('completed_tasks').notNullable().defaultTo(0);
    // The account's own last day, where it was extended.
    t.string('last_day', 10).nullable();
    t.string('time_zone', 60).notNullable();
    // The last day that the workflow was told of, empty for none; null where it is to be started.
    t.string('told_last_day', 10).nullable();
    // How many times work went on, and when last.
    t.integer('work_count').notNullable().defaultTo(0);
    t.bigInteger('last_work_at').notNullable();
    // How many supplied passwords were asked for, how many of them the workflow was told of, and how many were made.
    t.integer('passwords_asked').notNullable().defaultTo(1);
    t.integer('passwords_told').notNullable().defaultTo(0);
    t.integer('passwords_made').notNullable().defaultTo(0);
    t.string('outcome', 15).nullable();
    t.bigInteger('ended_at').nullable();
    t.bigInteger('created_at').notNullable();
    t.index(['outcome', 'last_work_at', 'account_code']);
    // Of what is open the list is read in this order; a database does not take "is null" for one value that an order can begin with.
    t.index(['last_work_at', 'account_code'], 'onboardings_open', { predicate: knex.whereNull('outcome') });
    t.index(['outcome', 'next_task', 'blocked_by']);
  });
  await knex.schema.createTable('onboarding_tasks', (t) => {
    t.string('account_code', 12).notNullable().references('onboardings.account_code').onDelete('CASCADE');
    t.string('task', 20).notNullable();
    t.string('state', 15).notNullable();
    // Counts what was saved: whoever saves or submits names the version they have seen.
    t.integer('version').notNullable().defaultTo(0);
    t.text('draft').notNullable().defaultTo('{}');
    // What was entered and is never shown again, sealed; null once it was used.
    t.text('secrets').nullable();
    t.bigInteger('validating_since').nullable();
    t.bigInteger('checked_at').nullable();
    t.bigInteger('next_check_at').nullable();
    t.text('reason').nullable();
    t.text('what_to_do').nullable();
    t.text('facts').nullable();
    t.bigInteger('completed_at').nullable();
    t.string('updated_by', 200).nullable();
    t.bigInteger('updated_at').notNullable();
    t.primary(['account_code', 'task']);
  });
  await knex.schema.createTable('directories', (t) => {
    t.string('account_code', 12).primary().references('accounts.code');
    t.string('url', 300).notNullable();
    t.string('base_dn', 500).notNullable();
    t.string('bind_dn', 500).notNullable();
    t.text('sealed_password').notNullable();
    t.string('filter', 500).notNullable();
    t.text('attributes').notNullable();
    t.bigInteger('updated_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['directories', 'onboarding_tasks', 'onboardings', 'application_dates']) await knex.schema.dropTable(table);
  // The builder would copy an SQLite table to drop a column of it, which its foreign keys do not survive.
  for (const [table, column] of ADDED) await knex.raw('ALTER TABLE ?? DROP COLUMN ??', [table, column]);
}
