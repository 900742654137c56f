import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { ImportPerson, ImportSource } from '../domain/imports';
import { holdUntilEnd, inTransaction } from './connection';
import { isPostgres } from './dialect';

export interface ImportRow {
  id: string;
  account_code: string;
  source: ImportSource;
  authentication: 'cloud' | 'domain';
  state: 'staging' | 'staged' | 'refused' | 'merged';
  attempt: string;
  counts: string | null;
  created_at: number;
  merged_at: number | null;
}

/** Somebody read from a line of a file, or as an entry of a directory. */
export interface StagedPerson extends ImportPerson {
  readonly line: number;
}

/** An address that stood on an earlier line as well. */
export interface Duplicate {
  readonly email: string;
  readonly line: number;
  readonly firstLine: number;
}

/** Another reader has begun anew, or the import was taken over meanwhile. */
export class ImportSuperseded extends Error {}

/** So many rows are inserted with one statement: SQLite puts no more together. */
const ROWS_AT_ONCE = 250;

/** The place where people are put while they are read: nothing of them is anybody's user yet. */
export interface Staging {
  /**
   * Adds people in the order they were read.
   * @returns those whose address was there before; of each address the first one is kept
   * @throws ImportSuperseded
   */
  add(people: readonly StagedPerson[]): Promise<readonly Duplicate[]>;
  /**
   * Ends the reading.
   * @param good - whether all of it may be taken over
   * @throws ImportSuperseded
   */
  finish(good: boolean): Promise<void>;
}

export async function findImport(db: Knex, id: string): Promise<ImportRow | undefined> {
  return db<ImportRow>('imports').where({ id }).first();
}

/** The names of the attributes that users of an account have. */
export async function attributeNames(db: Knex, accountCode: string): Promise<string[]> {
  return db('user_attributes').join('users', 'users.id', 'user_attributes.user_id').where({ account_code: accountCode }).distinct().orderBy('user_attributes.name').pluck('user_attributes.name');
}

/** Holds an import for its reader. */
async function holdFor(tx: Knex.Transaction, id: string, attempt: string): Promise<void> {
  await holdUntilEnd(tx, `imports/${id}`);
  const row = await tx<ImportRow>('imports').where({ id, attempt, state: 'staging' }).first('id');
  if (!row) throw new ImportSuperseded('Another reader has begun this import anew.');
}

async function addPeople(tx: Knex.Transaction, importId: string, people: readonly StagedPerson[]): Promise<Duplicate[]> {
  const there = await tx('import_rows').where({ import_id: importId }).whereIn('email', people.map(({ email }) => email)).select<{ email: string; line: number }[]>('email', 'line');
  const lines = new Map(there.map(({ email, line }) => [email, line]));
  const duplicates: Duplicate[] = [];
  const fresh = people.filter(({ email, line }) => {
    const firstLine = lines.get(email);
    if (firstLine === undefined) lines.set(email, line);
    else duplicates.push({ email, line, firstLine });
    return firstLine === undefined;
  });
  if (fresh.length > 0) await tx('import_rows').insert(fresh.map(({ email, line, name }) => ({ import_id: importId, email, line, name, new_user_id: randomUUID() })));
  const attributes = fresh.flatMap(({ line, attributes }) => Object.entries(attributes).map(([name, value]) => ({ import_id: importId, line, name, value })));
  for (let from = 0; from < attributes.length; from += ROWS_AT_ONCE) await tx('import_attributes').insert(attributes.slice(from, from + ROWS_AT_ONCE));
  return duplicates;
}

/**
 * Begins to read people, from the start: what an earlier attempt has left is removed, and that attempt can add nothing
 * more. Each call of {@link Staging.add} is a transaction of its own.
 * @throws ImportSuperseded where the import was taken over already
 */
export async function beginImport(db: Knex, about: { id: string; accountCode: string; source: ImportSource; authentication: 'cloud' | 'domain' }, at: number): Promise<Staging> {
  const { id } = about;
  const attempt = randomUUID();
  await inTransaction(db, async (tx) => {
    await holdUntilEnd(tx, `imports/${id}`);
    const before = await findImport(tx, id);
    if (before?.state === 'merged') throw new ImportSuperseded('This import was taken over already.');
    if (before) await tx('imports').where({ id }).delete();
    await tx('imports').insert({ id, account_code: about.accountCode, source: about.source, authentication: about.authentication, state: 'staging', attempt, created_at: at });
  });
  return {
    async add(people) {
      const duplicates: Duplicate[] = [];
      for (let from = 0; from < people.length; from += ROWS_AT_ONCE) {
        duplicates.push(...await inTransaction(db, async (tx) => {
          await holdFor(tx, id, attempt);
          return addPeople(tx, id, people.slice(from, from + ROWS_AT_ONCE));
        }));
      }
      return duplicates;
    },
    async finish(good) {
      await inTransaction(db, async (tx) => {
        await holdFor(tx, id, attempt);
        await tx('imports').where({ id }).update({ state: good ? 'staged' : 'refused' });
        // PostgreSQL goes by what it counted last, maybe before these rows were there: a merge of 50,000 took a minute then, and two seconds since.
        if (isPostgres(tx)) await tx.raw('ANALYZE import_rows, import_attributes');
      });
    },
  };
}

/** Forgets an import that is not to be taken over. One that was stays known by its counts. */
export async function dropImport(db: Knex, id: string): Promise<void> {
  await db('imports').where({ id }).whereNot({ state: 'merged' }).delete();
}

/** Forgets imports and uploads that were begun before a time: what they hold is about people. What was taken over stays known by its counts. */
export async function purgeImports(db: Knex, before: number): Promise<void> {
  await db('imports').where('created_at', '<', before).whereNot({ state: 'merged' }).delete();
  await db('import_uploads').where('created_at', '<', before).delete();
}
