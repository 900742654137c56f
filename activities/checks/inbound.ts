import { notYet, sortOut, together, wrong, type CheckOutcome, type CheckProblem } from '../../domain/checks';
import { TargetError, type TargetProblem } from '../../security/targets';
import { hostLookUp, type DnsClient } from './dns';
import { lookUpMx, mxProblem, type MxFacts } from './mx';
import { probeSmtp, SmtpRefusal, type ProbeOptions, type SmtpFacts } from './smtp-probe';
import { SmtpTrouble, type SmtpProblem } from './smtp-replies';

export interface InboundFacts {
  /** Null where it could not be talked to. */
  readonly host: SmtpFacts | null;
  readonly mx: readonly MxFacts[];
  /** What is worth knowing and keeps nothing from working, in plain words. */
  readonly notes: readonly string[];
}

interface Dependencies extends Omit<ProbeOptions, 'targets'> {
  readonly dns: DnsClient;
  readonly allowedNetworks: readonly string[];
  /** The hosts that customers' MX records are to name. */
  readonly mxHosts: readonly string[];
}

const FIREWALL = 'Check name and port, and that your firewall lets us through.';

type Where = { readonly host: string; readonly port: number };
type Said = (where: Where) => CheckProblem;

const closes: Said = ({ host }) =>
  notYet('broke-off', `${host} takes the connection and closes it before it has said what a mail server says.`, 'Check that it takes mail from hosts it does not know yet.');

const unreached: Readonly<Record<TargetProblem, Said>> = {
  'no-such-host': ({ host }) => wrong('no-such-host', `There is no host ${host}.`, 'Check the name of the host, or enter its address.'),
  'lookup-failed': ({ host }) => notYet('lookup-failed', `The address of ${host} could not be looked up.`, 'We go on trying. If it lasts, ask whoever runs the name servers of its domain.'),
  'not-public': ({ host }) => wrong('not-public', `The address of ${host} is not public, so mail cannot be delivered there.`, 'Enter a host that can be reached from the Internet.'),
  refused: ({ host, port }) => notYet('refused', `${host} refuses connections to port ${port}.`, FIREWALL),
  'timed-out': ({ host, port }) => notYet('timed-out', `${host} does not answer on port ${port}.`, FIREWALL),
  unreachable: ({ host }) => notYet('unreachable', `${host} cannot be reached.`, FIREWALL),
  closed: closes,
};

const brokenOff: Readonly<Record<SmtpProblem, Said>> = {
  closed: closes,
  'timed-out': ({ host, port }) => notYet('silent', `${host} takes connections to port ${port} and then says nothing, or not in time.`, 'Check that a mail server listens on this port, and that it does not expect TLS from the start.'),
  'not-smtp': ({ host, port }) => wrong('not-smtp', `What answers on port ${port} of ${host} is no mail server.`, 'Enter the host and port that your mail server takes mail on, most often port 25.'),
};

function hostProblem(error: unknown, where: Where): CheckProblem {
  if (error instanceof TargetError) return unreached[error.problem](where);
  if (error instanceof SmtpTrouble) return brokenOff[error.problem](where);
  if (error instanceof SmtpRefusal) {
    const { code, lines } = error.reply;
    return notYet('refuses-us', `${where.host} is there and takes no mail from us: it answers "${[code, lines[0]].join(' ').trim().slice(0, 200)}".`, 'Let it take mail from our hosts.');
  }
  throw error;
}

function notesOf({ host, startTls }: SmtpFacts): string[] {
  if (!startTls.offered) return [`${host} offers no STARTTLS: mail to it travels unencrypted.`];
  if (!startTls.works) return [`${host} offers STARTTLS, and switching to it fails: mail to it travels unencrypted, or not at all.`];
  return startTls.problem === null ? [] : [`Mail to ${host} travels encrypted, and ${startTls.problem}: it could be read by whoever takes its place.`];
}

/**
 * Reaches the host that mail is delivered to, and looks up where mail for the account's domains goes now.
 * @param mxBefore - the MX hosts of each domain when it was verified: a change is told from what was there all along
 * @throws nothing that a host or a name server does
 */
export async function checkInbound(deps: Dependencies, where: Where, domains: readonly string[], mxBefore: Readonly<Record<string, readonly string[]>> = {}): Promise<CheckOutcome<InboundFacts>> {
  const targets = { allowedNetworks: deps.allowedNetworks, lookUp: hostLookUp(deps.dns) };
  const [host, mx] = await Promise.all([
    probeSmtp(where.host, where.port, { ...deps, targets }).catch((error: unknown) => hostProblem(error, where)),
    Promise.all(domains.map((domain) => lookUpMx(deps.dns, domain, deps.mxHosts, mxBefore[domain]))),
  ]);
  const [ofHost, ofMx] = [sortOut([host]), sortOut(mx)];
  const reached = ofHost.found[0] ?? null;
  const facts = { host: reached, mx: ofMx.found, notes: reached ? notesOf(reached) : [] };
  const problem = together([...ofHost.problems, ...ofMx.problems, ...ofMx.found.flatMap((found) => mxProblem(found, deps.mxHosts) ?? [])]);
  return problem ? { ...problem, facts } : { result: 'ok', facts };
}
