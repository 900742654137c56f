/** What a directory says of a password. `unavailable`: it could not be asked, so nothing is known. */
export type DirectoryAnswer = 'right' | 'wrong' | 'unavailable';

/** Checks the passwords that an account's own directory keeps. */
export interface DirectoryAuthenticator {
  /**
   * Asks the directory of an account. It is asked about addresses that nobody here has, too: the answer and its time must
   * not tell who is known. Has a time limit of its own.
   */
  check(account: string, user: { readonly email: string }, password: string): Promise<DirectoryAnswer>;
}

/** Where no directory is connected. */
export const noDirectory: DirectoryAuthenticator = { check: () => Promise.resolve('unavailable') };
