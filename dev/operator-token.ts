import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, openDatabase } from '../db/connection';
import { randomValueDigest } from '../security/digests';

const VALID_MS = 12 * 60 * 60 * 1000;

/** Makes an operator token; only its digest is kept. The token is the last line printed. */
async function main(): Promise<void> {
  const DATABASE_URL = process.env.DATABASE_URL;
  const DATA_DIR = process.env.DATA_DIR ?? 'data';
  if (!DATABASE_URL && !existsSync(join(DATA_DIR, 'postern.sqlite'))) throw new Error(`There is no database in "${DATA_DIR}": run "npm start" first, or set DATA_DIR or DATABASE_URL.`);
  const db = openDatabase({ DATABASE_URL, DATA_DIR });
  try {
    await migrate(db);
    const token = randomBytes(32).toString('base64url');
    const now = Date.now();
    await db('operator_tokens').where('expires_at', '<', now).delete();
    await db('operator_tokens').insert({ digest: randomValueDigest(token), created_at: now, expires_at: now + VALID_MS });
    process.stdout.write(`Operator token, valid until ${new Date(now + VALID_MS).toISOString()}:\n${token}\n`);
  } finally {
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
