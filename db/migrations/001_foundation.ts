import type { Knex } from 'knex';

/** Times are milliseconds since the epoch, UTC. Digests are hexadecimal. */
export async function up(knex: Knex): Promise<void> {
  // One row that SQLite transactions update first: it makes them writers from their first statement.
  await knex.schema.createTable('write_lock', (t) => {
    t.integer('held').notNullable();
  });
  await knex('write_lock').insert({ held: 0 });
  await knex.schema.createTable('authentication_profiles', (t) => {
    t.string('id', 36).primary();
    t.string('account_code', 12).notNullable().index();
    t.string('name', 100).notNullable();
    t.boolean('reset_self_service').notNullable().defaultTo(true);
    t.boolean('reset_by_sms').notNullable().defaultTo(false);
    t.boolean('reset_by_email').notNullable().defaultTo(true);
    t.boolean('sms_sole_factor_accepted').notNullable().defaultTo(false);
    t.string('two_step', 10).notNullable().defaultTo('off');
    t.boolean('legacy_complexity').notNullable().defaultTo(false);
    t.integer('password_min_length').nullable();
    t.bigInteger('code_ttl_ms').notNullable();
    t.bigInteger('link_ttl_ms').notNullable();
    t.bigInteger('temporary_password_ttl_ms').notNullable();
    t.string('help_contact', 300).notNullable();
    t.unique(['account_code', 'name']);
  });
  await knex.schema.createTable('accounts', (t) => {
    t.string('code', 12).primary();
    t.string('name', 200).notNullable();
    t.string('default_profile_id', 36).notNullable().references('authentication_profiles.id');
    t.string('sms_attribute', 100).nullable();
  });
  await knex.schema.createTable('domains', (t) => {
    t.string('name', 253).primary();
    t.string('account_code', 12).notNullable().references('accounts.code');
  });
  await knex.schema.createTable('users', (t) => {
    t.string('id', 36).primary();
    t.string('account_code', 12).notNullable().references('accounts.code').index();
    t.string('email', 254).notNullable().unique();
    t.string('name', 200).notNullable();
    t.string('role', 20).notNullable().defaultTo('user');
    t.string('authentication', 10).notNullable().defaultTo('cloud');
    t.string('status', 10).notNullable().defaultTo('active');
    t.string('password_hash', 255).nullable();
    t.bigInteger('password_changed_at').nullable();
  });
  await knex.schema.createTable('user_addresses', (t) => {
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE');
    t.string('address', 254).notNullable();
    t.boolean('verified').notNullable();
    t.primary(['user_id', 'address']);
  });
  await knex.schema.createTable('user_attributes', (t) => {
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE');
    t.string('name', 100).notNullable();
    t.string('value', 500).notNullable();
    t.primary(['user_id', 'name']);
  });
  await knex.schema.createTable('groups', (t) => {
    t.string('id', 36).primary();
    t.string('account_code', 12).notNullable().references('accounts.code');
    t.string('name', 100).notNullable();
    t.string('profile_id', 36).nullable().references('authentication_profiles.id');
    t.unique(['account_code', 'name']);
  });
  await knex.schema.createTable('group_members', (t) => {
    t.string('group_id', 36).notNullable().references('groups.id').onDelete('CASCADE');
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE');
    t.primary(['group_id', 'user_id']);
  });
  await knex.schema.createTable('sessions', (t) => {
    t.string('digest', 64).primary();
    t.string('user_id', 36).notNullable().references('users.id').onDelete('CASCADE').index();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.string('ended_why', 40).nullable();
  });
  await knex.schema.createTable('operator_tokens', (t) => {
    t.string('digest', 64).primary();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('expires_at').notNullable();
  });
  await knex.schema.createTable('audit', (t) => {
    t.increments('seq').primary();
    t.bigInteger('at').notNullable();
    t.string('action', 60).notNullable().index();
    t.string('account_code', 12).nullable();
    t.string('flow_id', 64).nullable().index();
    t.string('subject', 64).nullable().index();
    t.text('details').notNullable();
    t.string('previous_hash', 64).notNullable().unique();
    t.string('hash', 64).notNullable();
  });
  await knex.schema.createTable('idempotency_keys', (t) => {
    t.string('digest', 64).primary();
    t.string('body_digest', 64).notNullable();
    t.integer('status').nullable();
    t.text('sealed_body').nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('expires_at').notNullable().index();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['idempotency_keys', 'audit', 'operator_tokens', 'sessions', 'group_members', 'groups', 'user_attributes', 'user_addresses', 'users', 'domains', 'accounts', 'authentication_profiles', 'write_lock']) {
    await knex.schema.dropTable(table);
  }
}
