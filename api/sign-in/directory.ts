import type { Knex } from 'knex';
import { findDirectory } from '../../db/directories';
import type { DirectoryAuthenticator as DirectoryClient } from '../../directory/ldap';
import type { PasswordAnswer } from '../../domain/directory';
import type { KeyRing } from '../../security/keys';

/** Checks the passwords that an account's own directory keeps. */
export interface DirectoryAuthenticator {
  /**
   * Asks the directory of an account. It is asked about addresses that nobody here has, too: the answer and its time must
   * not tell who is known. Has a time limit of its own.
   * @param user - by the address that the sign-in began with
   */
  check(account: string, user: { readonly email: string }, password: string): Promise<PasswordAnswer>;
}

/** Asks the directory that an account has connected. Where it has none, nothing is known of any password. */
export function createDirectoryAuthenticator({ db, keys, client }: { db: Knex; keys: KeyRing; client: DirectoryClient }): DirectoryAuthenticator {
  return {
    async check(account, { email }, password) {
      const config = await findDirectory(db, keys, account);
      return config ? client.check(config, email, password) : 'unavailable';
    },
  };
}
