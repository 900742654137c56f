import type { Knex } from 'knex';

/** A mail domain that an account has shown to be its own. */
export interface MailDomain {
  readonly name: string;
  /** The hosts that mail for it went to when it was verified; undefined where they were not looked up. */
  readonly mxBefore: readonly string[] | undefined;
}

/** Another account had shown first that a domain is its own. */
export class DomainTaken extends Error {}

/** The verified mail domains of an account: its holding domain, where no mail goes, is none. */
export async function mailDomains(db: Knex, accountCode: string, holding: string): Promise<MailDomain[]> {
  const rows = await db('domains').where({ account_code: accountCode }).whereNot({ name: holding }).whereNotNull('verified_at').orderBy('name').select<{ name: string; mx_before: string | null }[]>('name', 'mx_before');
  return rows.map(({ name, mx_before }) => ({ name, mxBefore: mx_before === null ? undefined : (JSON.parse(mx_before) as string[]) }));
}

/** Which of these are another account's. */
export async function takenDomains(db: Knex, accountCode: string, names: readonly string[]): Promise<string[]> {
  return db('domains').whereIn('name', names).whereNot({ account_code: accountCode }).orderBy('name').pluck('name');
}

/**
 * Makes domains an account's own, once it has shown that they are. One that is not among them any more is given back,
 * unless a user has an address there. Where mail went at first stays known.
 * @throws DomainTaken
 */
export async function verifyDomains(tx: Knex, accountCode: string, { domains, holding, at }: { domains: readonly MailDomain[]; holding: string; at: number }): Promise<void> {
  const names = domains.map(({ name }) => name);
  await tx('domains').insert(domains.map(({ name, mxBefore }) => ({ name, account_code: accountCode, verified_at: at, mx_before: mxBefore ? JSON.stringify(mxBefore) : null }))).onConflict('name').ignore();
  const taken = await takenDomains(tx, accountCode, names);
  if (taken.length > 0) throw new DomainTaken(`Another account has ${taken.join(', ')}.`);
  await tx('domains').where({ account_code: accountCode }).whereIn('name', names).whereNull('verified_at').update({ verified_at: at });
  const inUse = tx('user_addresses').join('users', 'users.id', 'user_addresses.user_id').where({ account_code: accountCode }).whereRaw("user_addresses.address LIKE '%@' || domains.name");
  await tx('domains').where({ account_code: accountCode }).whereNotIn('name', [holding, ...names]).whereNotExists(inUse.select('users.id')).delete();
}
