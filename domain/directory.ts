export const directorySignIns = ['search', 'user-principal-name'] as const;
/**
 * How a directory is asked whether a password is right. `search`: the person is looked up by address, then bound as what
 * was found. `user-principal-name`: bound as the address itself, which Active Directory takes where people's addresses
 * are their user principal names.
 */
export type DirectorySignIn = (typeof directorySignIns)[number];

/** An account's own directory (LDAP, Active Directory): where it is, how it is read, and how its people prove who they are. */
export interface DirectoryConfig {
  /** `ldap://host:port` or `ldaps://host:port`; without a port 389 or 636. */
  readonly url: string;
  /** Where in the directory people are. */
  readonly baseDn: string;
  /** The name that the directory is read with: a distinguished name or, in Active Directory, `name@domain`. */
  readonly bindDn: string;
  readonly bindPassword: string;
  /** Who of those is a person, as RFC 4515 writes it. */
  readonly filter: string;
  readonly attributes: DirectoryAttributes;
  readonly signIn?: DirectorySignIn;
  /** Over ldap://, switch to TLS before anything is sent. */
  readonly startTls?: boolean;
  /** The certificates (PEM) that the directory's own is checked against, where it is none of a public authority. */
  readonly certificateAuthority?: string | null;
}

export interface DirectoryAttributes {
  readonly email: string;
  readonly name: string;
  readonly mobile?: string | undefined;
}

/** What a directory answers to a password. `unavailable`: it could not be asked, so the password was not judged. */
export type PasswordAnswer = 'right' | 'wrong' | 'unavailable';

/** A person as the directory has them. */
export interface DirectoryPerson {
  readonly dn: string;
  readonly email: string;
  readonly name: string;
  readonly mobile: string | null;
}

const LDAP_PORT = 389;
const LDAPS_PORT = 636;

/** Host and port of a directory's address; null where it is none. */
export function directoryAddress(url: string): { readonly secure: boolean; readonly host: string; readonly port: number } | null {
  const [, scheme, bracketed, plain, port] = /^(ldaps?):\/\/(?:\[([\da-f:.]+)\]|([^\s/:@[\]]+))(?::(\d{1,5}))?\/?$/i.exec(url.trim()) ?? [];
  const host = bracketed ?? plain;
  if (!scheme || !host) return null;
  const secure = scheme.toLowerCase() === 'ldaps';
  return { secure, host: host.toLowerCase(), port: port ? Number(port) : secure ? LDAPS_PORT : LDAP_PORT };
}
