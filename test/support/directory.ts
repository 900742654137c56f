import { createDirectoryClient, type DirectoryClient, type DirectoryClientOptions } from '../../directory/ldap';
import type { DirectoryConfig } from '../../domain/directory';
import type { RunningDirectory } from '../../dev/directory';

/** The networks that test servers are in. */
export const LOOPBACK = ['127.0.0.0/8', '::1/128'] as const;

/** The program that directories of tests run. @throws Error that says what to set when there is none */
export function slapdPath(): string {
  const path = process.env.SLAPD_PATH;
  if (!path) throw new Error('SLAPD_PATH is not set: run the tests by "npm test", which finds or installs slapd, or set it to the path of slapd.');
  return path;
}

/** A client that reaches the directories of tests. */
export function testClient(more: Partial<DirectoryClientOptions> = {}): DirectoryClient {
  return createDirectoryClient({ timeoutMs: 10_000, targets: { allowedNetworks: LOOPBACK }, ...more });
}

/** How a test directory is read, over LDAPS unless another address is given. */
export function configFor(directory: RunningDirectory, more: Partial<DirectoryConfig> = {}): DirectoryConfig {
  return {
    url: directory.secureUrl,
    baseDn: directory.peopleBase,
    bindDn: directory.reader.dn,
    bindPassword: directory.reader.password,
    filter: '(objectClass=inetOrgPerson)',
    attributes: { email: 'mail', name: 'cn', mobile: 'mobile' },
    certificateAuthority: directory.authority,
    ...more,
  };
}
