import { firstBrokenAuditRecord } from '../db/audit';
import { runCommand } from './command';

// Walks the whole chain: for an operator who wants to know, and for a job that asks every night.
runCommand(async (db) => {
  const last = await db('audit').orderBy('seq', 'desc').first<{ seq: number; hash: string } | undefined>('seq', 'hash');
  const broken = await firstBrokenAuditRecord(db);
  if (broken !== null) throw new Error(`The audit record number ${broken} does not fit the one before: it, or one before it, was changed or removed. Compare it with a backup.`);
  process.stdout.write(last ? `The audit chain is whole. Its last record is number ${last.seq}, with the hash\n${last.hash}\n` : 'The audit chain has no record yet.\n');
});
