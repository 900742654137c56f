import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openDatabase } from '../db/connection';
import { randomValueDigest } from '../security/digests';
import { newOperatorToken } from '../security/secrets';

const TTL_MS = 12 * 60 * 60 * 1_000;

/**
 * Makes an operator's token for the embedded instance of DATA_DIR, or for the database that DATABASE_URL names. The
 * database keeps its digest only; the token is the last line printed.
 */
async function main(): Promise<void> {
  const folder = resolve(process.env.DATA_DIR || 'data');
  const url = process.env.DATABASE_URL || undefined;
  if (!url && !existsSync(join(folder, 'postern.sqlite'))) throw new Error(`There is no instance in ${folder}: run "npm start" first, or set DATA_DIR or DATABASE_URL.`);
  const db = openDatabase({ DATABASE_URL: url, DATA_DIR: folder });
  try {
    if (!(await db.schema.hasTable('operator_tokens'))) throw new Error('The database has no tables yet: start the API once, which makes them.');
    const token = newOperatorToken();
    const now = Date.now();
    await db('operator_tokens').where('expires_at', '<=', now).delete();
    await db('operator_tokens').insert({ digest: randomValueDigest(token), created_at: now, expires_at: now + TTL_MS });
    process.stdout.write(`An operator's token, valid for 12 hours:\n${token}\n`);
  } finally {
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
