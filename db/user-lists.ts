import type { Knex } from 'knex';
import { isPostgres } from './dialect';
import type { UserRow } from './users';

/** What a page of users is asked for. */
export interface UserFilter {
  readonly account?: string | undefined;
  /** Only the one with this address. */
  readonly email?: string | undefined;
  /** How the address, the name or its last word begins, in lower case. */
  readonly search?: string | undefined;
  /** Behind this address. */
  readonly after?: string | undefined;
}

/** As the indexes of migration 008 have them. SQLite's `lower` knows ASCII only: there a name is found by how it is written otherwise. */
const SEARCHED = ['email', 'lower(name)', "lower(replace(name, rtrim(name, replace(name, ' ', '')), ''))"];
/** Behind everything that begins with a text. */
const BEHIND = '\u{10FFFF}';

/** A page of users, by address. It goes by indexes: the last page of two hundred thousand costs what the first one does. */
export async function listUsers(db: Knex, { account, email, search, after }: UserFilter, most: number): Promise<UserRow[]> {
  const collation = isPostgres(db) ? ' COLLATE "C"' : '';
  const address = `(email)${collation}`;
  const query = db<UserRow>('users').orderByRaw(address).limit(most);
  if (account !== undefined) query.where({ account_code: account });
  if (email !== undefined) query.where({ email });
  if (after !== undefined) query.whereRaw(`${address} > ?`, [after]);
  if (search) {
    const begins = SEARCHED.map((expression) => {
      const range = db('users').select('id').whereRaw(`(${expression})${collation} >= ? AND (${expression})${collation} < ?`, [search, `${search}${BEHIND}`]);
      return account === undefined ? range : range.where({ account_code: account });
    });
    query.whereIn('id', db.union(begins));
  }
  return query;
}
