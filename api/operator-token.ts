import { randomValueDigest } from '../security/digests';
import { newOperatorToken } from '../security/secrets';
import { runCommand } from './command';

const TTL_MS = 12 * 60 * 60 * 1_000;

// The database keeps its digest only; the token is the last line printed.
runCommand(async (db) => {
  const token = newOperatorToken();
  const now = Date.now();
  await db('operator_tokens').where('expires_at', '<=', now).delete();
  await db('operator_tokens').insert({ digest: randomValueDigest(token), created_at: now, expires_at: now + TTL_MS });
  process.stdout.write(`An operator's token, valid for 12 hours:\n${token}\n`);
});
