import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Knex } from 'knex';
import { openDatabase } from '../db/connection';

/**
 * Runs an operator's command on the embedded instance of DATA_DIR, or on the database that DATABASE_URL names, and ends
 * the process: with 1, and one sentence, where it throws.
 */
export function runCommand(work: (db: Knex) => Promise<void>): void {
  const run = async (): Promise<void> => {
    const folder = resolve(process.env.DATA_DIR || 'data');
    const url = process.env.DATABASE_URL || undefined;
    if (!url && !existsSync(join(folder, 'postern.sqlite'))) throw new Error(`There is no instance in ${folder}: run "npm start" first, or set DATA_DIR or DATABASE_URL.`);
    const db = openDatabase({ DATABASE_URL: url, DATA_DIR: folder });
    try {
      if (!(await db.schema.hasTable('operator_tokens'))) throw new Error('The database has no tables yet: start the API once, which makes them.');
      await work(db);
    } finally {
      await db.destroy();
    }
  };
  run().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
