import { notYet, sortOut, together, wrong, type CheckOutcome, type CheckProblem } from '../../domain/checks';
import { isInNetworks, isIpNetwork, whyNotPublic } from '../../domain/ip-addresses';
import { failureWords, type DnsClient } from './dns';
import { MOST_LOOKUPS, readSpf, type SpfReading } from './spf';

export interface OutboundFacts {
  /** Each sending host with its addresses. */
  readonly hosts: readonly { readonly host: string; readonly addresses: readonly string[] }[];
  /** Each domain with how many times receivers ask the DNS for its SPF record; more than ten is too often (RFC 7208, section 4.6.4). */
  readonly domains: readonly { readonly domain: string; readonly lookups: number; readonly tooManyLookups: boolean }[];
}

interface Dependencies {
  readonly dns: DnsClient;
  /** What every domain's SPF record has to include. */
  readonly include: string;
  /** Networks that are taken although they are not public. */
  readonly allowedNetworks: readonly string[];
}

function notPublic(host: string, address: string): CheckProblem {
  const at = host === address ? host : `${host} has the address ${address}, which`;
  return wrong('not-public', `${at} is ${whyNotPublic(address)}: mail cannot come from there.`, 'Enter the address that your mail leaves your network with.');
}

async function checkHost({ dns, allowedNetworks }: Dependencies, entered: string): Promise<CheckProblem | OutboundFacts['hosts'][number]> {
  const host = entered.trim().toLowerCase();
  const answer = isIpNetwork(host) ? { kind: 'found' as const, records: [host] } : await dns.addresses(host);
  if (answer.kind === 'failed') return notYet('name-servers-failed', `The name servers of ${host} ${failureWords(answer.why)}.`, 'We go on trying. If it lasts, ask whoever runs them.');
  if (answer.kind !== 'found') return wrong('no-such-host', `There is no host ${host}.`, 'Check the name of the host, or enter its address.');
  const inner = answer.records.find((address) => whyNotPublic(address) !== null && !isInNetworks(address, allowedNetworks));
  return inner === undefined ? { host, addresses: answer.records } : notPublic(host, inner);
}

const WITHOUT_EFFECT = {
  'after-all': ['it stands behind "all", where receivers do not get to', 'Put it in front of "all".'],
  qualifier: ['a sign before it keeps it from letting mail through', 'Take the "-", "~" or "?" before the include away.'],
  lookups: [`receivers give up before they come to it: the record asks the DNS more than ${MOST_LOOKUPS} times`, 'Put it first, and replace other includes by the addresses they stand for.'],
} as const;

function spfProblem(domain: string, include: string, reading: Exclude<SpfReading, { kind: 'included' }>): CheckProblem {
  const term = `include:${include}`;
  switch (reading.kind) {
    case 'no-record':
      return notYet('no-spf', `${domain} has no SPF record.`, `Publish a TXT record at ${domain} with the value "v=spf1 ${term} ~all", with your own sending hosts in it as well.`);
    case 'missing':
      return notYet('no-include', `The SPF record of ${domain} does not include us: "${reading.record}".`, `Add "${term}" to it, in front of "all".`);
    case 'without-effect': {
      const [why, whatToDo] = WITHOUT_EFFECT[reading.why];
      return wrong('include-without-effect', `The SPF record of ${domain} includes us without effect, since ${why}: "${reading.record}".`, whatToDo);
    }
    case 'several-records':
      return wrong('several-spf', `${domain} has more than one SPF record, so receivers go by none of them.`, 'Put them together in one.');
    case 'syntax':
      return wrong('bad-spf', `Receivers cannot read the SPF record of ${reading.domain}: "${reading.term}" means nothing in it.`, 'Correct or remove that part.');
    case 'dead-include':
      return wrong('dead-include', `The SPF record of ${reading.domain} leads to ${reading.target}, which has none, so receivers go by nothing of it.`, `Remove "${reading.target}" from it.`);
    case 'no-such-domain':
      return wrong('no-such-domain', `There is no domain ${domain}.`, 'Check that it is registered and has not expired.');
    case 'failed':
      return notYet('name-servers-failed', `The name servers of ${reading.domain} ${failureWords(reading.why)}.`, 'We go on trying. If it lasts, ask whoever runs them.');
  }
}

async function checkSpf({ dns, include }: Dependencies, domain: string): Promise<CheckProblem | OutboundFacts['domains'][number]> {
  const reading = await readSpf(dns, domain, include);
  if (reading.kind !== 'included') return spfProblem(domain, include, reading);
  return { domain, lookups: reading.lookups, tooManyLookups: reading.overLimit };
}

/**
 * Checks the hosts that send mail for an account, and that the SPF record of each of its domains lets ours send too.
 * @param hosts - names, addresses or networks, as entered
 * @param domains - the account's verified domains
 * Never throws.
 */
export async function checkOutbound(deps: Dependencies, hosts: readonly string[], domains: readonly string[]): Promise<CheckOutcome<OutboundFacts>> {
  const [ofHosts, ofDomains] = await Promise.all([Promise.all(hosts.map((host) => checkHost(deps, host))), Promise.all(domains.map((domain) => checkSpf(deps, domain)))]);
  const [sortedHosts, sortedDomains] = [sortOut(ofHosts), sortOut(ofDomains)];
  const facts = { hosts: sortedHosts.found, domains: sortedDomains.found };
  const problem = together([...sortedHosts.problems, ...sortedDomains.problems]);
  return problem ? { ...problem, facts } : { result: 'ok', facts };
}
