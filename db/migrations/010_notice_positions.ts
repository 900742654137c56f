import type { Knex } from 'knex';
import { isPostgres } from '../dialect';

/** What of 009 changed with every step of a notice's life. */
const MOVING: readonly (readonly string[])[] = [['event_id', 'phase', 'state', 'id'], ['provider_id'], ['account_code', 'attempted_at']];

/**
 * Gives each notice its place in its phase, which is the order it is sent in, and drops the indexes that every step of it
 * had to be written to: what a step changes is in none any more, so that PostgreSQL writes it beside the old version alone.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('continuity_deliveries', (t) => {
    t.integer('position').notNullable().defaultTo(0);
  });
  await knex.raw(`UPDATE continuity_deliveries SET position = placed.position
    FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY event_id, phase ORDER BY id) AS position FROM continuity_deliveries) AS placed WHERE placed.id = continuity_deliveries.id`);
  await knex.schema.alterTable('continuity_deliveries', (t) => {
    for (const columns of MOVING) t.dropIndex([...columns]);
    t.unique(['event_id', 'phase', 'position']);
    // Look-ups ask which messages to a number are known.
    t.index(['e164']);
  });
  // Room on each page for one more version of every notice on it.
  if (isPostgres(knex)) await knex.raw('ALTER TABLE continuity_deliveries SET (fillfactor = 50)');
}

export async function down(knex: Knex): Promise<void> {
  if (isPostgres(knex)) await knex.raw('ALTER TABLE continuity_deliveries RESET (fillfactor)');
  await knex.schema.alterTable('continuity_deliveries', (t) => {
    t.dropIndex(['e164']);
    t.dropUnique(['event_id', 'phase', 'position']);
    for (const columns of MOVING) t.index([...columns]);
  });
  await knex.schema.alterTable('continuity_deliveries', (t) => t.dropColumn('position'));
}
