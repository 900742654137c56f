import { randomBytes } from 'node:crypto';
import { ensureOpenssl } from './certificates';
import { startDirectory, type DirectoryEntry } from './directory';
import { ensureSlapd } from './slapd';

const PEOPLE = 12;
const PASSWORD_BYTES = 9;

/** Where people of the demo directory have their addresses, unless another domain is named. */
const LIGHTHOUSE = 'lighthouse.example';

/** People with addresses in a domain. Of the demo account Lighthouse `directory1` is in its users from the start, the others are new to it. */
function demoPeople(domain: string, password: string): DirectoryEntry[] {
  return Array.from({ length: PEOPLE }, (_, index) => {
    const uid = `directory${index + 1}`;
    const mail = `${uid}@${domain}`;
    return { uid, name: index === 0 ? 'Directory user' : `Directory user ${index + 1}`, mail, userPrincipalName: mail, mobile: `+12025550${150 + index}`, password };
  });
}

/** Runs a directory with demo people until Ctrl-C, and says how to reach it. */
async function main(domain = LIGHTHOUSE): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await ensureOpenssl({ onProgress: say });
  const slapd = await ensureSlapd({ onProgress: say });
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const directory = await startDirectory({ slapd, people: demoPeople(domain, password) });
  say([
    `Directory:          ${directory.url} (STARTTLS) and ${directory.secureUrl}`,
    `People are in:      ${directory.peopleBase}`,
    `It is read with:    ${directory.reader.dn}`,
    `  and the password: ${directory.reader.password}`,
    `People:             directory1@${domain} to directory${PEOPLE}@${domain}`,
    `  and the password: ${password}`,
    'Certificate of its authority:',
    directory.authority.trim(),
    'Ctrl-C stops it.',
  ].join('\n'));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await directory.stop();
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
