import { wrong, notYet, type CheckProblem } from '../domain/checks';
import { certificateProblem } from '../security/certificates';
import { targetProblem, type TargetProblem } from '../security/targets';

/** A directory could not be used: why, in plain words, and what to do about it. */
export class DirectoryTrouble extends Error {
  constructor(readonly problem: CheckProblem) {
    super(problem.reason);
    this.name = 'DirectoryTrouble';
  }
}

const firewall = 'Check its address and port, and that your firewall lets us through.';

const unreached: Readonly<Record<TargetProblem, () => CheckProblem>> = {
  'no-such-host': () => wrong('no-such-host', 'There is no host of the name that the directory\'s address has.', 'Check the address.'),
  'lookup-failed': () => notYet('lookup-failed', 'The name of the directory\'s host could not be looked up.', 'Check that the name servers of its domain answer.'),
  'not-public': () => wrong('not-public', 'The directory\'s address is not public, so it cannot be reached from here.', 'Enter an address that can be reached from the Internet.'),
  refused: () => notYet('refused', 'The directory\'s host refuses the connection.', firewall),
  'timed-out': () => notYet('timed-out', 'The directory did not answer in time.', firewall),
  unreachable: () => notYet('unreachable', 'The directory\'s host cannot be reached.', firewall),
  closed: () => notYet('closed', 'The directory closed the connection.', firewall),
};

/** Result codes of LDAP (RFC 4511, appendix A) that say something to whoever set the directory up. */
const answers: Readonly<Record<number, () => CheckProblem>> = {
  4: () => wrong('size-limit', 'The directory gives out fewer entries at once than it has.', 'Let the name that it is read with read all of them, page by page.'),
  8: () => wrong('needs-encryption', 'The directory takes no password over an unencrypted connection.', 'Use an address that begins with ldaps://, or switch STARTTLS on.'),
  13: () => wrong('needs-encryption', 'The directory takes no password over an unencrypted connection.', 'Use an address that begins with ldaps://, or switch STARTTLS on.'),
  12: () => wrong('no-paging', 'The directory cannot be read page by page.', 'Use a directory that supports paged results.'),
  32: () => wrong('no-such-base', 'The directory has no such place as the one people are looked for in.', 'Check where people are, for instance ou=people,dc=lighthouse,dc=example.'),
  34: () => wrong('bad-name', 'The directory does not understand a name that was entered.', 'Check the name that it is read with, and where people are.'),
  50: () => wrong('no-access', 'The name that the directory is read with may not read the people in it.', 'Give it the right to read them, or enter another one.'),
  51: () => notYet('busy', 'The directory is busy.', 'Try again in a few minutes.'),
  52: () => notYet('busy', 'The directory says that it is not available.', 'Try again in a few minutes.'),
};

/** The result code of an answer; undefined where there was none. */
export function resultCode(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}

/** The LDAP client tells what became of its connection in its errors' messages only. */
function problemOfClient(error: unknown): TargetProblem | undefined {
  const { message } = error as Error;
  if (/timed out|timeout/i.test(message)) return 'timed-out';
  return /^(Socket error|Connection closed)/.test(message) ? 'closed' : undefined;
}

/** Whatever went wrong with a directory, in words. The detail is the server's own and is for logs only. */
export function directoryProblem(error: unknown): CheckProblem {
  if (error instanceof DirectoryTrouble) return error.problem;
  const target = targetProblem(error) ?? problemOfClient(error);
  if (target) return unreached[target]();
  const certificate = certificateProblem(error);
  if (certificate) {
    return wrong('certificate', `The directory cannot be trusted: ${certificate}.`, 'Enter the certificate of the authority that issued it, or have it replaced by one for the name that you entered.');
  }
  const code = resultCode(error);
  if (code !== undefined) return answers[code]?.() ?? notYet('refused-request', `The directory refused the request (result code ${code}).`, 'Ask whoever runs the directory what this code means there.');
  return notYet('no-directory', 'What answers at this address does not speak LDAP as expected, or breaks off.', 'Check the address and the port, and whether it begins with ldap:// or ldaps://.');
}
