import type { Knex } from 'knex';

/** Flows, their handles and secrets, what is sent for them, and what is counted against a person. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('flows', (t) => {
    t.string('id', 64).primary();
    t.string('kind', 30).notNullable();
    t.string('account_code', 12).nullable().index();
    t.string('application', 30).notNullable();
    t.string('address', 254).notNullable();
    t.string('person', 64).notNullable().index();
    t.string('user_id', 36).nullable();
    t.string('initiated_by', 15).notNullable();
    t.string('methods', 40).notNullable();
    t.string('variant', 20).nullable();
    t.string('step', 30).notNullable();
    t.string('outcome', 20).nullable().index();
    t.integer('round').notNullable().defaultTo(1);
    t.string('silent', 20).nullable();
    t.boolean('limits_checked').notNullable().defaultTo(false);
    t.bigInteger('resend_at').nullable();
    // When the secret was asked for: of a person's requests the last one counts, in whatever order workers take them.
    t.bigInteger('asked_at').nullable();
    t.bigInteger('proven_at').nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('expires_at').notNullable().index();
    t.text('captcha').nullable();
  });
  await knex.schema.createTable('flow_handles', (t) => {
    t.string('digest', 64).primary();
    t.string('flow_id', 64).notNullable().references('flows.id').onDelete('CASCADE').index();
    t.string('role', 10).notNullable();
    // What a handle from before the proof goes on showing after it (JSON); null until the proof.
    t.text('frozen').nullable();
  });
  await knex.schema.createTable('flow_secrets', (t) => {
    t.string('flow_id', 64).notNullable().references('flows.id').onDelete('CASCADE');
    t.integer('round').notNullable();
    t.string('purpose', 20).notNullable();
    t.string('person', 64).notNullable().index();
    t.string('key_id', 64).notNullable();
    t.string('digest', 64).notNullable();
    t.string('state', 12).notNullable();
    t.integer('wrong').notNullable().defaultTo(0);
    t.bigInteger('expires_at').notNullable();
    t.primary(['flow_id', 'round']);
  });
  await knex.schema.createTable('proof_attempts', (t) => {
    t.string('flow_id', 64).notNullable().references('flows.id').onDelete('CASCADE');
    t.string('update_id', 100).notNullable();
    t.text('verdict').notNullable();
    t.primary(['flow_id', 'update_id']);
  });
  await knex.schema.createTable('code_failures', (t) => {
    t.string('person', 64).primary();
    t.integer('total').notNullable();
    t.bigInteger('locked_until').nullable();
  });
  // Which request was told that a step was taken: a step is carried out, and answered, once.
  await knex.schema.createTable('step_answers', (t) => {
    t.string('flow_id', 64).notNullable();
    t.string('step', 10).notNullable();
    t.string('request_id', 64).notNullable();
    t.primary(['flow_id', 'step']);
  });
  await knex.schema.createTable('staged_passwords', (t) => {
    t.string('id', 36).primary();
    t.string('flow_id', 64).notNullable().references('flows.id').onDelete('CASCADE').index();
    t.string('hash', 255).notNullable();
  });
  await knex.schema.createTable('messages', (t) => {
    t.string('id', 36).primary();
    t.string('flow_id', 64).notNullable().index();
    t.string('account_code', 12).nullable();
    t.string('purpose', 30).notNullable();
    t.integer('round').notNullable();
    t.string('channel', 5).notNullable();
    t.string('recipient', 254).notNullable();
    t.string('person', 64).notNullable().index();
    t.string('state', 12).notNullable().index();
    t.string('why', 60).nullable();
    t.integer('attempts').notNullable().defaultTo(0);
    t.bigInteger('attempted_at').nullable();
    t.string('provider_id', 64).nullable().index();
    t.text('sealed').nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('expires_at').notNullable();
    t.unique(['flow_id', 'purpose', 'round', 'recipient']);
  });
  // The columns and their order are the limiter library's.
  await knex.schema.createTable('rate_limits', (t) => {
    t.string('key', 255).primary();
    t.integer('points').notNullable().defaultTo(0);
    t.bigInteger('expire').nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['rate_limits', 'messages', 'staged_passwords', 'step_answers', 'code_failures', 'proof_attempts', 'flow_secrets', 'flow_handles', 'flows']) {
    await knex.schema.dropTable(table);
  }
}
