import type { Knex } from 'knex';

/** An attribute of an account's users: defined by an administrator, or in use since it came with a file or a directory. */
export interface Attribute {
  readonly name: string;
  readonly label: string;
  /** How many users have a value. */
  readonly values: number;
}

/** An account's attributes, by name. */
export async function attributesOf(db: Knex, accountCode: string): Promise<Attribute[]> {
  const defined = await db('user_attribute_definitions').where({ account_code: accountCode }).select<{ name: string; label: string }[]>('name', 'label');
  const used = (await db('user_attributes').join('users', 'users.id', 'user_attributes.user_id').where({ 'users.account_code': accountCode })
    .groupBy('user_attributes.name').select('user_attributes.name').count({ n: '*' })) as { name: string; n: number | string }[];
  const labels = new Map([...used.map(({ name }) => [name, name] as const), ...defined.map(({ name, label }) => [name, label] as const)]);
  const counts = new Map(used.map(({ name, n }) => [name, Number(n)]));
  return [...labels].map(([name, label]) => ({ name, label, values: counts.get(name) ?? 0 })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Defines an attribute. Returns whether there was none of this name. */
export async function defineAttribute(tx: Knex, accountCode: string, { name, label }: Pick<Attribute, 'name' | 'label'>): Promise<boolean> {
  const added = await tx('user_attribute_definitions').insert({ account_code: accountCode, name, label }).onConflict(['account_code', 'name']).ignore().returning('name');
  return added.length === 1;
}
