import type { Knex } from 'knex';
import type { DirectoryAttributes, DirectoryConfig, DirectorySignIn } from '../domain/directory';
import type { KeyRing } from '../security/keys';
import { open, seal } from '../security/sealing';

interface DirectoryRow {
  account_code: string;
  url: string;
  base_dn: string;
  bind_dn: string;
  sealed_password: string;
  filter: string;
  /** JSON. */
  attributes: string;
  sign_in: DirectorySignIn;
  start_tls: boolean | number;
  certificate_authority: string | null;
  updated_at: number;
}

const context = (accountCode: string): string => `directory/${accountCode}`;

/** Keeps how an account's directory is asked, in place of what was kept before. */
export async function saveDirectory(tx: Knex, keys: KeyRing, accountCode: string, config: DirectoryConfig, at: number): Promise<void> {
  const row: DirectoryRow = {
    account_code: accountCode, url: config.url, base_dn: config.baseDn, bind_dn: config.bindDn, sealed_password: seal(keys, 'seal', config.bindPassword, context(accountCode)), filter: config.filter,
    attributes: JSON.stringify(config.attributes), sign_in: config.signIn ?? 'search', start_tls: config.startTls ?? false, certificate_authority: config.certificateAuthority ?? null, updated_at: at,
  };
  await tx('directories').insert(row).onConflict('account_code').merge();
}

/** An account's directory; undefined where none is connected. */
export async function findDirectory(db: Knex, keys: KeyRing, accountCode: string): Promise<DirectoryConfig | undefined> {
  const row = await db<DirectoryRow>('directories').where({ account_code: accountCode }).first();
  return row && {
    url: row.url, baseDn: row.base_dn, bindDn: row.bind_dn, bindPassword: open(keys, 'seal', row.sealed_password, context(accountCode)), filter: row.filter,
    attributes: JSON.parse(row.attributes) as DirectoryAttributes, signIn: row.sign_in, startTls: Boolean(row.start_tls), certificateAuthority: row.certificate_authority,
  };
}
