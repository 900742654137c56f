import type { Knex } from 'knex';

/** Whether this is PostgreSQL; else it is SQLite. */
export function isPostgres(db: Knex): boolean {
  return db.client.config.client === 'pg';
}

/** Has a query lock the rows it reads until the transaction ends. On SQLite the transaction holds the lock of the file already. */
export function locking<Query extends Knex.QueryBuilder>(tx: Knex.Transaction, query: Query): Query {
  if (isPostgres(tx)) query.forUpdate();
  return query;
}
