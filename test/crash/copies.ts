import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { postgresServer } from '../support/database';

export type Engine = 'sqlite' | 'postgres';

/** A database, by the settings that open it. */
interface Database {
  readonly settings: { readonly DATABASE_URL: string | undefined; readonly DATA_DIR: string };
  readonly drop: () => Promise<void>;
}

/** A database that begins as another one is. */
export interface Copy extends Database {
  /** Makes it again what it was at the beginning. */
  readonly restore: () => Promise<void>;
}

/** The database that copies are made of. Nobody may be connected to it then. */
export interface Original extends Database {
  /** Call it when everything is in the database. */
  readonly keep: () => Promise<void>;
  readonly copy: () => Promise<Copy>;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'postern-copy-'));
const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

async function newSqlite(): Promise<Original> {
  const folder = await newFolder();
  return {
    settings: { DATABASE_URL: undefined, DATA_DIR: folder },
    drop: () => remove(folder),
    keep: async () => {},
    copy: async () => {
      const copied = await newFolder();
      const restore = async (): Promise<void> => {
        await remove(copied);
        await cp(folder, copied, { recursive: true });
      };
      await restore();
      return { settings: { DATABASE_URL: undefined, DATA_DIR: copied }, drop: () => remove(copied), restore };
    },
  };
}

/** Runs `statements` for each table `t` of a schema, in the order they were made in: a table refers to earlier ones only. */
const forEachTable = (schema: string, direction: 'ASC' | 'DESC', statement: string): string => `
  FOR t IN SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r' ORDER BY oid ${direction} LOOP
    EXECUTE format('${statement}', t);
  END LOOP;`;
const block = (...statements: readonly string[]): string => `DO $$ DECLARE t text; BEGIN ${statements.join('\n')} END $$`;

const KEEP = block('CREATE SCHEMA kept;', forEachTable('public', 'ASC', 'CREATE TABLE kept.%1$I AS TABLE public.%1$I'));
/** Many times as fast as another copy of the whole database. */
const RESTORE = block(forEachTable('kept', 'DESC', 'DELETE FROM public.%1$I'), forEachTable('kept', 'ASC', 'INSERT INTO public.%1$I SELECT * FROM kept.%1$I'));

async function newPostgres(template?: string): Promise<Database & { readonly name: string; readonly url: string }> {
  const name = `postern_copy_${randomBytes(6).toString('hex')}`;
  await onServer(postgresServer().href, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
  const { href } = Object.assign(postgresServer(), { pathname: `/${name}` });
  const folder = await newFolder();
  return {
    name,
    url: href,
    settings: { DATABASE_URL: href, DATA_DIR: folder },
    drop: async () => {
      await onServer(postgresServer().href, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await remove(folder);
    },
  };
}

/** An empty database. */
export async function newOriginal(engine: Engine): Promise<Original> {
  if (engine === 'sqlite') return newSqlite();
  const original = await newPostgres();
  return {
    ...original,
    keep: () => onServer(original.url, KEEP),
    copy: async () => {
      const copy = await newPostgres(original.name);
      return { ...copy, restore: () => onServer(copy.url, RESTORE) };
    },
  };
}
