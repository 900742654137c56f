import type { Knex } from 'knex';
import type { Settings } from '../../config';
import { createDirectoryClient, type DirectoryClient } from '../../directory/ldap';
import type { CheckOutcome, CheckProblem } from '../../domain/checks';
import type { DirectoryConfig } from '../../domain/directory';
import type { KeyRing } from '../../security/keys';
import { checkCsv } from '../../imports/csv';
import { checkDirectorySync, type DirectoryReport } from '../../imports/directory-sync';
import { createDnsClient } from './dns';
import { checkDomains, type DomainFacts } from './domains';
import { checkInbound, type InboundFacts } from './inbound';
import { lookUpMx } from './mx';
import { checkOutbound, type OutboundFacts } from './outbound';
import type { ImportReport, ImportRequest } from '../../imports/staging';

/** Everything that is checked for real of what an account enters. */
export interface Checks {
  readonly directory: DirectoryClient;
  domains(accountCode: string, domains: readonly string[]): Promise<CheckOutcome<DomainFacts>>;
  /** The hosts that mail goes to now, of each domain that has an answer. */
  mailExchangers(domains: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  outbound(hosts: readonly string[], verifiedDomains: readonly string[]): Promise<CheckOutcome<OutboundFacts>>;
  /** @param mxBefore - the MX hosts of each domain when it was verified */
  inbound(where: { readonly host: string; readonly port: number }, verifiedDomains: readonly string[], mxBefore?: Readonly<Record<string, readonly string[]>>): Promise<CheckOutcome<InboundFacts>>;
  csv(request: ImportRequest, content: AsyncIterable<Uint8Array>, onProgress?: (read: number) => void): Promise<CheckOutcome<ImportReport>>;
  directorySync(request: ImportRequest, config: DirectoryConfig, onProgress?: (read: number) => void): Promise<CheckOutcome<DirectoryReport>>;
}

type CheckSettings = Pick<Settings, 'ALLOW_PRIVATE_TARGETS' | 'DIRECTORY_TIMEOUT_MS' | 'DNS_SERVERS' | 'DNS_TIMEOUT_MS' | 'MAIL_HOST_TIMEOUT_MS' | 'MX_HOSTS' | 'PUBLIC_URL' | 'SPF_INCLUDE'>;

export interface CheckDependencies {
  readonly settings: CheckSettings;
  readonly db: Knex;
  readonly keys: KeyRing;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told why a directory could not be asked: for logs. */
  readonly onDirectoryTrouble?: (problem: CheckProblem) => void;
}

/** The checks as the settings want them. */
export function createChecks({ settings, db, keys, clock, onDirectoryTrouble }: CheckDependencies): Checks {
  const allowedNetworks = settings.ALLOW_PRIVATE_TARGETS;
  const dns = createDnsClient({ servers: settings.DNS_SERVERS, timeoutMs: settings.DNS_TIMEOUT_MS });
  const directory = createDirectoryClient({ timeoutMs: settings.DIRECTORY_TIMEOUT_MS, targets: { allowedNetworks }, ...(onDirectoryTrouble ? { onTrouble: onDirectoryTrouble } : {}) });
  const mail = { dns, allowedNetworks, mxHosts: settings.MX_HOSTS, ehloName: new URL(settings.PUBLIC_URL).hostname, timeoutMs: settings.MAIL_HOST_TIMEOUT_MS };
  const importing = (onProgress?: (read: number) => void) => ({ db, clock, ...(onProgress ? { onProgress } : {}) });
  return {
    directory,
    domains: (accountCode, domains) => checkDomains({ dns, keys }, accountCode, domains),
    async mailExchangers(domains) {
      const found = await Promise.all(domains.map((domain) => lookUpMx(dns, domain, settings.MX_HOSTS)));
      return Object.fromEntries(found.flatMap((mx) => ('exchangers' in mx ? [[mx.domain, mx.exchangers]] : [])));
    },
    outbound: (hosts, domains) => checkOutbound({ dns, include: settings.SPF_INCLUDE, allowedNetworks }, hosts, domains),
    inbound: (where, domains, mxBefore) => checkInbound(mail, where, domains, mxBefore),
    csv: (request, content, onProgress) => checkCsv(importing(onProgress), request, content),
    directorySync: (request, config, onProgress) => checkDirectorySync({ ...importing(onProgress), directory }, request, config),
  };
}
