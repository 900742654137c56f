import { notYet, wrong, type CheckProblem } from '../../domain/checks';
import { failureWords, type DnsClient } from './dns';

/** Where mail for a domain goes. */
export interface MxFacts {
  readonly domain: string;
  /** The hosts that its MX records name, most preferred first. */
  readonly exchangers: readonly string[];
  /** Whether they are others than those that were found before. */
  readonly changed: boolean;
  /** Whether all of them are ours. */
  readonly ours: boolean;
}

/** Looks up where mail for a domain goes; `before`: what was found when it was looked up first. */
export async function lookUpMx(dns: DnsClient, domain: string, ourHosts: readonly string[], before?: readonly string[]): Promise<MxFacts | CheckProblem> {
  const answer = await dns.mx(domain);
  if (answer.kind === 'failed') return notYet('name-servers-failed', `The name servers of ${domain} ${failureWords(answer.why)}.`, 'We go on trying. If it lasts, ask whoever runs them.');
  if (answer.kind === 'no-such-name') return wrong('no-such-domain', `There is no domain ${domain}.`, 'Check that it is registered and has not expired.');
  const records = answer.kind === 'found' ? [...answer.records].sort((a, b) => a.preference - b.preference || a.host.localeCompare(b.host)) : [];
  // A single record without a host says that the domain takes no mail (RFC 7505).
  const exchangers = records.map(({ host }) => host).filter(Boolean);
  const changed = before !== undefined && [...before].sort().join() !== [...exchangers].sort().join();
  return { domain, exchangers, changed, ours: exchangers.length > 0 && exchangers.every((host) => ourHosts.includes(host)) };
}

/** What is left to do until all mail for a domain comes to us; null where nothing is. */
export function mxProblem({ domain, exchangers, changed, ours }: MxFacts, ourHosts: readonly string[]): CheckProblem | null {
  if (ours) return null;
  const whatToDo = `Point the MX records of ${domain} to ${ourHosts.join(' and ')}, and to nothing else.`;
  const others = exchangers.filter((host) => !ourHosts.includes(host)).join(', ');
  if (exchangers.length === 0) return notYet('no-mx', `${domain} has no MX record, so it gets no mail.`, whatToDo);
  if (exchangers.some((host) => ourHosts.includes(host))) return notYet('mx-partly', `Mail for ${domain} goes to us, and past us to ${others}.`, whatToDo);
  return changed
    ? notYet('mx-changed', `The MX records of ${domain} have changed, and lead to ${others} and not to us.`, whatToDo)
    : notYet('mx-elsewhere', `Mail for ${domain} still goes to ${others}.`, whatToDo);
}
