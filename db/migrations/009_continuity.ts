import type { Knex } from 'knex';

/** Continuity events, what each of their phases says, to whom, and what became of it. */
export async function up(knex: Knex): Promise<void> {
  // A group's people are its own members and those of the groups in it, each once.
  await knex.schema.createTable('group_groups', (t) => {
    t.string('group_id', 36).notNullable().references('groups.id').onDelete('CASCADE');
    t.string('member_group_id', 36).notNullable().references('groups.id').onDelete('CASCADE').index();
    t.primary(['group_id', 'member_group_id']);
  });
  await knex.schema.createTable('continuity_events', (t) => {
    t.string('id', 36).primary();
    t.string('account_code', 12).notNullable().references('accounts.code');
    t.string('kind', 10).notNullable();
    t.string('name', 200).nullable();
    t.string('state', 20).notNullable();
    t.bigInteger('starts_at').notNullable();
    // Null: it is ended by hand.
    t.bigInteger('ends_at').nullable();
    t.string('time_zone', 60).notNullable();
    t.text('alert_start').notNullable();
    // Null: nobody is told of the end.
    t.text('alert_end').nullable();
    // The chosen groups, as JSON: id and the name they had.
    t.text('groups').notNullable();
    t.string('created_by', 64).notNullable();
    t.string('created_by_name', 200).notNullable();
    t.string('approved_by', 64).nullable();
    t.bigInteger('approved_at').nullable();
    t.bigInteger('started_at').nullable();
    t.bigInteger('ended_at').nullable();
    // Counts what was changed: whoever changes it names the version they have seen.
    t.integer('version').notNullable().defaultTo(1);
    // When its workflow was known to run; null where it is to be started.
    t.bigInteger('told_at').nullable().index();
    t.bigInteger('created_at').notNullable();
    t.index(['account_code', 'created_at', 'id']);
    t.index(['created_at', 'id']);
  });
  await knex.schema.createTable('continuity_phases', (t) => {
    t.string('event_id', 36).notNullable().references('continuity_events.id').onDelete('CASCADE');
    // `start`, `end`, or `update-1` and so on.
    t.string('phase', 12).notNullable();
    t.integer('number').notNullable();
    t.text('text').notNullable();
    // Times and name as they were when the phase began, for merge fields (JSON).
    t.text('facts').notNullable();
    // `waiting`, `sending`, `done`, or why nothing more goes out: `superseded`, `stopped`, `halted`.
    t.string('state', 12).notNullable();
    t.string('why', 60).nullable();
    // Which request began it: its repeat begins no other.
    t.string('request_id', 100).notNullable();
    // Runs of the broadcast after the first one.
    t.integer('round').notNullable().defaultTo(0);
    t.integer('segments').notNullable().defaultTo(0);
    t.bigInteger('created_at').notNullable();
    t.bigInteger('started_at').nullable();
    t.bigInteger('ended_at').nullable();
    t.primary(['event_id', 'phase']);
    t.unique(['event_id', 'request_id']);
    t.index(['state']);
  });
  // One notice to one person. Its id is that of the message: the provider reports under it.
  await knex.schema.createTable('continuity_deliveries', (t) => {
    t.string('id', 36).primary();
    t.string('event_id', 36).notNullable().references('continuity_events.id').onDelete('CASCADE');
    t.string('phase', 12).notNullable();
    t.string('account_code', 12).notNullable();
    t.string('user_id', 36).notNullable();
    t.string('e164', 20).notNullable();
    // As they were when the audience was fixed: a look-up at the provider needs the very text that was sent.
    t.string('name', 200).notNullable();
    t.string('language', 20).nullable();
    t.string('time_zone', 60).nullable();
    t.string('state', 12).notNullable();
    t.string('why', 60).nullable();
    t.integer('attempts').notNullable().defaultTo(0);
    t.bigInteger('attempted_at').nullable();
    t.string('provider_id', 64).nullable().index();
    t.integer('segments').nullable();
    t.unique(['event_id', 'phase', 'user_id']);
    // Claims go by it, and counts need nothing else.
    t.index(['event_id', 'phase', 'state', 'id']);
    t.index(['account_code', 'attempted_at']);
  });
  // When each sender is free again: texts are spaced by it, whichever worker sends them.
  await knex.schema.createTable('sms_senders', (t) => {
    t.string('sender', 40).primary();
    // Segments a second; null: as the settings say.
    t.float('rate_per_s').nullable();
    t.double('free_at').notNullable();
    // How many times in a row the provider took nothing.
    t.integer('strikes').notNullable().defaultTo(0);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['sms_senders', 'continuity_deliveries', 'continuity_phases', 'continuity_events', 'group_groups']) await knex.schema.dropTable(table);
}
