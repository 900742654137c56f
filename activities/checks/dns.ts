import { Resolver } from 'node:dns/promises';
import { isIpAddress } from '../../domain/ip-addresses';
import { TargetError } from '../../security/targets';

/** What the name servers say. `none`: the name is there without such a record. `failed`: they could not be asked, or not answer. */
export type DnsAnswer<T> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'no-such-name' }
  | { readonly kind: 'failed'; readonly why: DnsFailure };

export type DnsFailure = 'no answer' | 'refused' | 'server failure';

/** A mail exchanger of a domain; the lowest preference is tried first. */
export interface MailExchanger {
  readonly host: string;
  readonly preference: number;
}

export interface DnsClient {
  /** The texts of a name, each with its parts put together. */
  txt(name: string): Promise<DnsAnswer<string>>;
  mx(name: string): Promise<DnsAnswer<MailExchanger>>;
  /** IPv4 and IPv6 addresses. */
  addresses(name: string): Promise<DnsAnswer<string>>;
}

export interface DnsOptions {
  /** `address` or `address:port`; the system's where there are none. */
  readonly servers: readonly string[];
  /** For one try of one server. */
  readonly timeoutMs: number;
}

const TRIES = 2;

/** Errors of the resolver that say that there is no such name, or can be none. */
const NO_SUCH_NAME: readonly string[] = ['ENOTFOUND', 'EBADNAME'];
/** The name is there, without such a record. */
const NO_SUCH_RECORD = 'ENODATA';
const FAILURES: Readonly<Record<string, DnsFailure>> = { ETIMEOUT: 'no answer', ECONNREFUSED: 'no answer', EREFUSED: 'refused' };

async function ask<T>(look: Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    const records = await look;
    return records.length > 0 ? { kind: 'found', records } : { kind: 'none' };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (NO_SUCH_NAME.includes(code)) return { kind: 'no-such-name' };
    if (code === NO_SUCH_RECORD) return { kind: 'none' };
    return { kind: 'failed', why: FAILURES[code] ?? 'server failure' };
  }
}

/** Asks name servers for real. Nothing is remembered from one call to the next: whoever asks again wants to know what is there now. */
export function createDnsClient({ servers, timeoutMs }: DnsOptions): DnsClient {
  const resolver = (): Resolver => {
    // A resolver of its own for each call, since one may keep answers.
    const fresh = new Resolver({ timeout: timeoutMs, tries: TRIES });
    if (servers.length > 0) fresh.setServers([...servers]);
    return fresh;
  };
  return {
    txt: (name) => ask(resolver().resolveTxt(name).then((texts) => texts.map((parts) => parts.join('')))),
    mx: (name) => ask(resolver().resolveMx(name).then((found) => found.map(({ exchange, priority }) => ({ host: exchange.toLowerCase().replace(/\.$/, ''), preference: priority })))),
    async addresses(name) {
      const both = await Promise.all([ask(resolver().resolve4(name)), ask(resolver().resolve6(name))]);
      const records = both.flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
      if (records.length > 0) return { kind: 'found', records };
      return both.find(({ kind }) => kind === 'failed') ?? both.find(({ kind }) => kind === 'none') ?? both[0];
    },
  };
}

/** Looks hosts up for {@link reachableAddresses}, with the same name servers as everything else that is checked. */
export function hostLookUp(dns: DnsClient): (host: string) => Promise<readonly string[]> {
  return async (host) => {
    if (isIpAddress(host)) return [host];
    const answer = await dns.addresses(host);
    if (answer.kind === 'failed') throw new TargetError('lookup-failed', `The name of the host could not be looked up (${answer.why}).`);
    return answer.kind === 'found' ? answer.records : [];
  };
}

const SAID: Readonly<Record<DnsFailure, string>> = {
  'no answer': 'do not answer',
  refused: 'refuse to answer',
  'server failure': 'report a failure of their own',
};

/** What name servers did, as it reads after "the name servers of lighthouse.example". */
export function failureWords(why: DnsFailure): string {
  return SAID[why];
}
