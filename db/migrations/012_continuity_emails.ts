import type { Knex } from 'knex';
import { isPostgres } from '../dialect';

const PHASES = ['continuity_phases', 'continuity_deliveries'] as const;

/** Notices by e-mail as well, to the address that an attribute of the account's choice holds. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('sms_settings', (t) => {
    // Which attribute holds a second address; null: none.
    t.string('email_attribute', 100).nullable();
  });
  await knex.schema.alterTable('continuity_events', (t) => {
    t.boolean('by_email').notNullable().defaultTo(false);
  });
  await knex.schema.alterTable('continuity_deliveries', (t) => {
    // Where an e-mail goes; null: it is a text.
    t.string('address', 320).nullable();
  });
  // `update-12-email` is longer than what 009 made room for. SQLite keeps no lengths.
  if (isPostgres(knex)) for (const table of PHASES) await knex.raw('ALTER TABLE ?? ALTER COLUMN phase TYPE varchar(20)', [table]);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of PHASES) await knex(table).where('phase', 'like', '%-email').delete();
  if (isPostgres(knex)) for (const table of PHASES) await knex.raw('ALTER TABLE ?? ALTER COLUMN phase TYPE varchar(12)', [table]);
  await knex.raw('ALTER TABLE continuity_deliveries DROP COLUMN address');
  await knex.raw('ALTER TABLE continuity_events DROP COLUMN by_email');
  await knex.raw('ALTER TABLE sms_settings DROP COLUMN email_attribute');
}
