import type { Knex } from 'knex';

/** Columns that 002 and 009 made their tables without: what a text costs goes by the country of its number, which SQL cannot read from it. */
const TABLES = ['messages', 'continuity_deliveries'] as const;

/** The country that a text went to; null where it was never attempted, or before there was this column. */
export async function up(knex: Knex): Promise<void> {
  for (const table of TABLES) await knex.schema.alterTable(table, (t) => t.string('country', 2).nullable());
}

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES) await knex.raw('ALTER TABLE ?? DROP COLUMN country', [table]);
}
