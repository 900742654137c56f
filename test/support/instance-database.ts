import type { Knex } from 'knex';
import { openDatabase } from '../../db/connection';
import type { Instance } from './instance';

/** Does something with an instance's database, as an operator with access to it would. */
export async function inDatabaseOf<T>({ dataDir }: Pick<Instance, 'dataDir'>, work: (db: Knex) => Promise<T>): Promise<T> {
  const db = openDatabase({ DATA_DIR: dataDir });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
