import type { Knex } from 'knex';
import { isPostgres } from '../dialect';

const LAST_WORD = "lower(replace(name, rtrim(name, replace(name, ' ', '')), ''))";

/** Users are listed by address, and found by how their address, name or last name begins. */
const indexes: readonly (readonly [name: string, first: string, expression: string])[] = [
  ['users_by_email', '', 'email'],
  ['users_of_account_by_email', 'account_code, ', 'email'],
  ['users_of_account_by_name', 'account_code, ', 'lower(name)'],
  ['users_of_account_by_last_name', 'account_code, ', LAST_WORD],
];

export async function up(knex: Knex): Promise<void> {
  // By bytes, as SQLite does: what begins alike is then side by side, whatever the language of the database.
  const collation = isPostgres(knex) ? ' COLLATE "C"' : '';
  for (const [name, first, expression] of indexes) await knex.raw(`CREATE INDEX ${name} ON users (${first}(${expression})${collation})`);
  // Of open onboardings those that have a last day of their own, for operators who look for what ends soon.
  await knex.schema.alterTable('onboardings', (t) => {
    t.index(['last_day'], 'onboardings_open_by_last_day', { predicate: knex.whereNull('outcome').whereNotNull('last_day') });
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('onboardings', (t) => {
    t.dropIndex(['last_day'], 'onboardings_open_by_last_day');
  });
  for (const [name] of indexes) await knex.raw(`DROP INDEX ${name}`);
}
