import type { Knex } from 'knex';

/** Columns that 001 and 002 made tables without. */
const ADDED: readonly (readonly [table: string, column: string, add: (t: Knex.AlterTableBuilder) => void])[] = [
  ['users', 'password_temporary', (t) => t.boolean('password_temporary').notNullable().defaultTo(false)],
  // When a supplied password ends; null for one that its person chose.
  ['users', 'password_expires_at', (t) => t.bigInteger('password_expires_at').nullable()],
  // Whether the account has set up its directory: only then is Domain authentication offered.
  ['accounts', 'domain_authentication', (t) => t.boolean('domain_authentication').notNullable().defaultTo(false)],
  ['authentication_profiles', 'session_idle_ms', (t) => t.bigInteger('session_idle_ms').notNullable().defaultTo(3_600_000)],
  ['authentication_profiles', 'session_absolute_ms', (t) => t.bigInteger('session_absolute_ms').notNullable().defaultTo(86_400_000)],
  // An answer that signs in sets a cookie: its repeat does too.
  ['idempotency_keys', 'sealed_cookie', (t) => t.text('sealed_cookie').nullable()],
];

/** Signing in: its flows, the second steps that people enrolled, what is counted against them, and their sessions. */
export async function up(knex: Knex): Promise<void> {
  for (const [table, , add] of ADDED) await knex.schema.alterTable(table, add);
  // Nobody could sign in before: the table is empty.
  await knex.schema.dropTable('sessions');
  await knex.schema.createTable('sessions', (t) => {
    t.string('id', 36).primary();
    t.string('digest', 64).notNullable().unique();
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE').index();
    t.string('application', 30).notNullable();
    t.string('assurance', 10).notNullable();
    // The sign-in that made it: it makes one.
    t.string('flow_id', 64).notNullable().unique();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('last_seen_at').notNullable();
    t.bigInteger('idle_ms').notNullable();
    t.bigInteger('expires_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.string('ended_why', 40).nullable();
  });
  // What only a sign-in's flow has, beside its row in `flows`.
  await knex.schema.createTable('sign_ins', (t) => {
    t.string('flow_id', 64).primary().references('flows.id').onDelete('CASCADE');
    t.string('purpose', 20).notNullable();
    t.string('authentication', 10).nullable();
    // The stages from the password to the application, by comma, and which of them is next; null until the password.
    t.string('plan', 120).nullable();
    t.integer('position').notNullable().defaultTo(0);
    // The reset whose temporary password was entered: choosing a new one completes it.
    t.string('completes', 64).nullable();
    t.string('session_id', 36).nullable();
    t.string('phone', 20).nullable();
    t.text('enrolment').nullable();
    t.integer('resends_left').notNullable();
    t.integer('wrong').notNullable().defaultTo(0);
  });
  // A stage that was passed, with what, and which request was told so: it is answered once.
  await knex.schema.createTable('sign_in_stages', (t) => {
    t.string('flow_id', 64).notNullable().references('flows.id').onDelete('CASCADE');
    t.string('stage', 20).notNullable();
    t.string('entry', 64).notNullable();
    t.string('update_id', 100).notNullable();
    t.string('request_id', 100).nullable();
    t.primary(['flow_id', 'stage']);
  });
  await knex.schema.createTable('user_factors', (t) => {
    t.string('id', 36).primary();
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE').index();
    t.string('kind', 15).notNullable();
    t.string('e164', 20).nullable();
    t.text('sealed').nullable();
    t.string('key_id', 64).nullable();
    t.string('digest', 64).nullable();
    // Of an authenticator's codes those up to this time step are used.
    t.bigInteger('last_counter').nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('used_at').nullable();
  });
  // Wrong entries, by what they were tried on: a person or an origin, known or not, or a user's second step.
  await knex.schema.createTable('sign_in_failures', (t) => {
    t.string('key', 80).primary();
    t.integer('total').notNullable();
    t.bigInteger('last_at').notNullable();
    t.bigInteger('locked_until').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['sign_in_failures', 'user_factors', 'sign_in_stages', 'sign_ins', 'sessions']) await knex.schema.dropTable(table);
  await knex.schema.createTable('sessions', (t) => {
    t.string('digest', 64).primary();
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE').index();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.string('ended_why', 40).nullable();
  });
  // The builder would copy an SQLite table to drop a column of it, which its foreign keys do not survive.
  for (const [table, column] of ADDED) await knex.raw('ALTER TABLE ?? DROP COLUMN ??', [table, column]);
}
