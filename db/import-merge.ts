import type { Knex } from 'knex';
import { importLimits, type ConflictReason, type ImportCounts } from '../domain/imports';
import { appendAudit } from './audit';
import { holdUntilEnd, inTransaction } from './connection';
import { findImport, type ImportRow } from './imports';

/** Somebody who is left as they are, although the import has them. */
export interface ImportConflict {
  readonly line: number;
  readonly why: ConflictReason;
}

export interface ImportPlan {
  readonly counts: ImportCounts;
  /** The first ones by line, at most `importLimits.told`. */
  readonly conflicts: readonly ImportConflict[];
}

/** There is no such import, or it was not read to its end without errors. */
export class ImportNotReady extends Error {}

const OWN_USER = 'SELECT 1 FROM users u WHERE u.email = import_rows.email AND u.account_code = ?';
const SAME_ATTRIBUTE = 'SELECT 1 FROM user_attributes ua JOIN users u ON u.id = ua.user_id WHERE u.email = import_rows.email AND ua.name = a.name AND ua.value = a.value';
const NEW_ATTRIBUTE = `SELECT 1 FROM import_attributes a WHERE a.import_id = import_rows.import_id AND a.line = import_rows.line AND NOT EXISTS (${SAME_ATTRIBUTE})`;

/** Says of each person of an import what would become of them now. Whole tables at a time: an import has up to 50,000. */
async function classify(tx: Knex.Transaction, { id, account_code: account }: ImportRow): Promise<void> {
  const set = (values: string, where: string, ...bindings: string[]) => tx.raw(`UPDATE import_rows SET ${values} WHERE import_id = ? ${where}`, [id, ...bindings]);
  await set('outcome = \'add\', why = NULL', '');
  await set('outcome = \'leave\'', `AND EXISTS (${OWN_USER})`, account);
  await set('outcome = \'change\'', `AND outcome = 'leave' AND (EXISTS (${OWN_USER} AND u.name <> import_rows.name) OR EXISTS (${NEW_ATTRIBUTE}))`, account);
  const conflict = (why: ConflictReason, where: string, ...bindings: string[]) => set(`outcome = 'conflict', why = '${why}'`, where, ...bindings);
  await conflict('disabled', `AND EXISTS (${OWN_USER} AND u.status = 'disabled')`, account);
  await conflict('elsewhere', 'AND EXISTS (SELECT 1 FROM users u WHERE u.email = import_rows.email AND u.account_code <> ?)', account);
  await conflict('second-address', 'AND outcome = \'add\' AND EXISTS (SELECT 1 FROM user_addresses ua WHERE ua.address = import_rows.email)');
  // Whose second address it is only the account's own may know.
  await set('why = \'elsewhere\'', 'AND why = \'second-address\' AND NOT EXISTS (SELECT 1 FROM user_addresses ua JOIN users u ON u.id = ua.user_id WHERE ua.address = import_rows.email AND u.account_code = ?)', account);
}

async function countsOf(tx: Knex.Transaction, id: string): Promise<ImportCounts> {
  const rows = (await tx('import_rows').where({ import_id: id }).groupBy('outcome').select('outcome').count({ count: '*' })) as { outcome: keyof ImportCounts; count: number | string }[];
  const counts = { add: 0, change: 0, leave: 0, conflict: 0 };
  for (const { outcome, count } of rows) counts[outcome] = Number(count);
  return counts;
}

async function held(tx: Knex.Transaction, id: string): Promise<ImportRow> {
  await holdUntilEnd(tx, `imports/${id}`);
  const row = await findImport(tx, id);
  if (!row || row.state === 'staging') throw new ImportNotReady('This import was not read to its end.');
  return row;
}

/** What taking an import over would do now: a dry run, which changes nobody. Once it was taken over: what it did. @throws ImportNotReady */
export async function planImport(db: Knex, id: string): Promise<ImportPlan> {
  return inTransaction(db, async (tx) => {
    const row = await held(tx, id);
    if (row.state === 'merged') return { counts: JSON.parse(row.counts!) as ImportCounts, conflicts: [] };
    await classify(tx, row);
    const conflicts = await tx('import_rows').where({ import_id: id, outcome: 'conflict' }).orderBy('line').limit(importLimits.told).select<ImportConflict[]>('line', 'why');
    return { counts: await countsOf(tx, id), conflicts: conflicts.map(({ line, why }) => ({ line, why })) };
  });
}

/** Makes users of those who are none yet. @returns how many */
async function addUsers(tx: Knex.Transaction, { id, account_code: account, authentication }: ImportRow): Promise<number> {
  await tx.raw(
    `INSERT INTO users (id, account_code, email, name, role, authentication, status)
     SELECT new_user_id, ?, email, name, 'user', ?, 'active' FROM import_rows WHERE import_id = ? AND outcome = 'add' ON CONFLICT DO NOTHING`,
    [account, authentication, id],
  );
  const added = 'FROM users u JOIN import_rows r ON r.new_user_id = u.id WHERE r.import_id = ? AND r.outcome = \'add\'';
  await tx.raw(`INSERT INTO user_addresses (user_id, address, verified) SELECT u.id, u.email, TRUE ${added}`, [id]);
  const [{ count }] = (await tx('users').join('import_rows', 'import_rows.new_user_id', 'users.id').where({ import_id: id, outcome: 'add' }).count({ count: '*' })) as [{ count: number | string }];
  return Number(count);
}

/** Gives those who are added or changed what the import says of them; what it does not say stays. */
async function changeUsers(tx: Knex.Transaction, { id, account_code: account }: ImportRow): Promise<void> {
  const row = 'FROM import_rows r WHERE r.import_id = ? AND r.email = users.email AND r.outcome = \'change\'';
  await tx.raw(`UPDATE users SET name = (SELECT r.name ${row}) WHERE account_code = ? AND EXISTS (SELECT 1 ${row})`, [id, account, id]);
  await tx.raw(
    `INSERT INTO user_attributes (user_id, name, value)
     SELECT u.id, a.name, a.value FROM import_attributes a
     JOIN import_rows r ON r.import_id = a.import_id AND r.line = a.line
     JOIN users u ON u.email = r.email AND u.account_code = ?
     WHERE a.import_id = ? AND r.outcome IN ('add', 'change')
     ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value`,
    [account, id],
  );
}

/**
 * Takes an import over: one transaction, all of it or nothing. What became of each person is decided anew, as others may
 * have changed something since it was shown. A repeat changes nothing and gets the same answer.
 * @param by - who decided so, for the audit
 * @throws ImportNotReady where it has errors or was not read to its end
 */
export async function mergeImport(db: Knex, id: string, { at, by }: { at: number; by: string | null }): Promise<ImportCounts> {
  return inTransaction(db, async (tx) => {
    const row = await held(tx, id);
    if (row.state === 'merged') return JSON.parse(row.counts!) as ImportCounts;
    if (row.state !== 'staged') throw new ImportNotReady('This import has errors.');
    await holdUntilEnd(tx, `imports-of/${row.account_code}`);
    await classify(tx, row);
    const planned = await countsOf(tx, id);
    const add = await addUsers(tx, row);
    // Somebody else may have taken an address since it was looked for.
    const counts = { ...planned, add, conflict: planned.conflict + planned.add - add };
    await changeUsers(tx, row);
    await tx('imports').where({ id }).update({ state: 'merged', counts: JSON.stringify(counts), merged_at: at });
    await appendAudit(tx, { at, action: 'users.imported', accountCode: row.account_code, subject: by, details: { source: row.source, ...counts } });
    for (const table of ['import_attributes', 'import_rows']) await tx(table).where({ import_id: id }).delete();
    return counts;
  });
}
