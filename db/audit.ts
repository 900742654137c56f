import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { isPostgres } from './dialect';

/** What happened, to whom, in which flow. Never a secret, never a handle. */
export interface AuditEntry {
  readonly at: number;
  /** Dotted, subject first: `reset.code.wrong`. */
  readonly action: string;
  readonly accountCode?: string | null;
  readonly flowId?: string | null;
  /** Digest of the person's address, or a user's id. */
  readonly subject?: string | null;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

const GENESIS = '0'.repeat(64);
const LOCK_ID = 7_305_671;

interface AuditRow {
  seq: number; at: number; action: string; account_code: string | null; flow_id: string | null;
  subject: string | null; details: string; previous_hash: string; hash: string;
}

function hashOf(row: Omit<AuditRow, 'seq' | 'hash'>): string {
  const fields = [row.previous_hash, String(row.at), row.action, row.account_code, row.flow_id, row.subject, row.details];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/**
 * Adds entries to the chain, in the caller's transaction: what is audited and its record stand or fall together.
 * Each record holds its predecessor's hash (ASVS 16.4.1); the chain's end is locked until the transaction ends.
 */
export async function appendAudit(tx: Knex.Transaction, ...entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_ID]);
  const last = await tx<AuditRow>('audit').orderBy('seq', 'desc').first('hash');
  let previous = last?.hash ?? GENESIS;
  for (const entry of entries) {
    const row = {
      at: entry.at, action: entry.action, account_code: entry.accountCode ?? null, flow_id: entry.flowId ?? null,
      subject: entry.subject ?? null, details: JSON.stringify(entry.details ?? {}), previous_hash: previous,
    };
    previous = hashOf(row);
    await tx('audit').insert({ ...row, hash: previous });
  }
}

/** Walks the chain. Returns the first record that does not fit, or null when all do. */
export async function firstBrokenAuditRecord(db: Knex): Promise<number | null> {
  let previous = GENESIS;
  for (const row of await db<AuditRow>('audit').orderBy('seq')) {
    if (row.previous_hash !== previous || hashOf(row) !== row.hash) return row.seq;
    previous = row.hash;
  }
  return null;
}
