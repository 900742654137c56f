import type { Knex } from 'knex';

/** Columns that earlier migrations made tables without. */
const ADDED: readonly (readonly [table: string, column: string, add: (t: Knex.AlterTableBuilder) => void])[] = [
  ['directories', 'sign_in', (t) => t.string('sign_in', 30).notNullable().defaultTo('search')],
  ['directories', 'start_tls', (t) => t.boolean('start_tls').notNullable().defaultTo(false)],
  ['directories', 'certificate_authority', (t) => t.text('certificate_authority').nullable()],
  // Where mail for a domain went when it was verified: a list in JSON; null where it could not be looked up.
  ['domains', 'mx_before', (t) => t.text('mx_before').nullable()],
];

/** How an account's directory is connected to, and where mail went before. */
export async function up(knex: Knex): Promise<void> {
  for (const [table, , add] of ADDED) await knex.schema.alterTable(table, add);
}

export async function down(knex: Knex): Promise<void> {
  // The builder would copy an SQLite table to drop a column of it, which its foreign keys do not survive.
  for (const [table, column] of ADDED) await knex.raw('ALTER TABLE ?? DROP COLUMN ??', [table, column]);
}
