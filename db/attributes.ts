import type { Knex } from 'knex';

function valuesOf(db: Knex, accountCode: string, name: string): Knex.QueryBuilder {
  return db('user_attributes').join('users', 'users.id', 'user_attributes.user_id').where({ 'users.account_code': accountCode, 'user_attributes.name': name });
}

/** How many of an account's users have an attribute. */
export async function countAttribute(db: Knex, accountCode: string, name: string): Promise<number> {
  const [row] = (await valuesOf(db, accountCode, name).count({ n: '*' })) as { n: number | string }[];
  return Number(row?.n ?? 0);
}

export async function attributeValues(db: Knex, accountCode: string, name: string, most: number): Promise<string[]> {
  return valuesOf(db, accountCode, name).limit(most).pluck('user_attributes.value') as Promise<string[]>;
}
