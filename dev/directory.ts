import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { issueCertificate, makeAuthority } from './certificates';
import { freePort } from './ports';
import { isExecutable, run } from './run';

/** Somebody in the demo directory. */
export interface DirectoryEntry {
  /** Unique among the people. */
  readonly uid: string;
  readonly name: string;
  readonly password?: string | undefined;
  readonly mail?: string | undefined;
  readonly mobile?: string | undefined;
  /** As Active Directory has it. */
  readonly userPrincipalName?: string | undefined;
  /** As Active Directory has it: 512 is an enabled account, 514 a disabled one. */
  readonly userAccountControl?: number | undefined;
}

export interface DirectoryOptions {
  readonly slapd: string;
  readonly people: readonly DirectoryEntry[];
  /** Of ldap:// and ldaps://; free ones where there are none. */
  readonly ports?: readonly [plain: number, secure: number];
}

/** A directory server that runs. */
export interface RunningDirectory {
  readonly url: string;
  readonly secureUrl: string;
  readonly base: string;
  readonly peopleBase: string;
  /** Who may read it. */
  readonly reader: { readonly dn: string; readonly password: string };
  /** The certificate (PEM) that the server's own is checked against. It is for the address 127.0.0.1 only. */
  readonly authority: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const BASE = 'dc=lighthouse,dc=example';
const PEOPLE = `ou=people,${BASE}`;
const READER = { dn: `cn=postern,ou=services,${BASE}`, password: 'reads the directory' };
const START_MS = 30_000;
const POLL_MS = 50;
/** Where systems put the schemas and modules of OpenLDAP. */
const SCHEMA_FOLDERS = ['/etc/ldap/schema', '/etc/openldap/schema', '/opt/homebrew/etc/openldap/schema'];
const MODULE_FOLDERS = ['/usr/lib/ldap', '/usr/lib64/openldap', '/usr/lib/openldap'];

async function firstReadable(folders: readonly string[], file: string): Promise<string | undefined> {
  for (const folder of folders) if (await access(join(folder, file)).then(() => true, () => false)) return folder;
  return undefined;
}

/** A line of LDIF (RFC 2849); in base64, so that any text can stand there. */
function line(attribute: string, value: string | number | undefined): string {
  return value === undefined ? '' : `${attribute}:: ${Buffer.from(String(value)).toString('base64')}\n`;
}

/** A value within a distinguished name (RFC 4514, section 2.4). */
function inName(value: string): string {
  return [...Buffer.from(value)].map((byte) => (/[a-z0-9]/i.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`)).join('');
}

function ldif(people: readonly DirectoryEntry[]): string {
  const unit = (name: string): string => `dn: ou=${name},${BASE}\nobjectClass: organizationalUnit\nou: ${name}\n`;
  return [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: lighthouse\no: Lighthouse\n`,
    unit('people'),
    unit('services'),
    `dn: ${READER.dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: postern\n${line('userPassword', READER.password)}`,
    ...people.map((person) => [
      line('dn', `uid=${inName(person.uid)},${PEOPLE}`),
      'objectClass: inetOrgPerson\nobjectClass: extensibleObject\n',
      line('uid', person.uid), line('cn', person.name), line('sn', person.name), line('mail', person.mail), line('mobile', person.mobile),
      line('userPassword', person.password), line('userPrincipalName', person.userPrincipalName), line('userAccountControl', person.userAccountControl),
    ].join('')),
  ].join('\n');
}

async function configuration(folder: string, certificate: { certificateFile: string; keyFile: string }): Promise<string> {
  const schemas = await firstReadable(SCHEMA_FOLDERS, 'msuser.schema');
  if (!schemas) throw new Error('The schemas of OpenLDAP are not found: install slapd with its system package, for instance with "apt-get install slapd".');
  const modules = await firstReadable(MODULE_FOLDERS, 'back_mdb.so');
  return [
    ...['core', 'cosine', 'inetorgperson', 'nis', 'msuser'].map((name) => `include ${join(schemas, `${name}.schema`)}`),
    ...(modules ? [`modulepath ${modules}`, 'moduleload back_mdb'] : []),
    `pidfile ${join(folder, 'slapd.pid')}`,
    `TLSCertificateFile ${certificate.certificateFile}`,
    `TLSCertificateKeyFile ${certificate.keyFile}`,
    // As lenient as a directory can be: a name without a password is let in, as nobody. Whoever asks must not take that for a yes.
    'allow bind_anon_dn',
    'database mdb',
    `suffix "${BASE}"`,
    `directory ${join(folder, 'data')}`,
    'maxsize 1073741824',
    'dbnosync',
    'index objectClass,uid,mail eq',
    // Nobody reads everything at once: page by page it can be.
    'sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited',
    'access to attrs=userPassword by anonymous auth by * none',
    `access to * by dn.exact="${READER.dn}" read by * none`,
    '',
  ].join('\n');
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  let output = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (output = (output + chunk).slice(-2_000)));
  for (const deadline = Date.now() + START_MS; ; await pause(POLL_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`slapd ended at its start:\n${output.trim()}`);
    const socket = connect({ host: '127.0.0.1', port });
    const there = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (there) return;
    if (Date.now() > deadline) throw new Error(`slapd does not answer on port ${port}.`);
  }
}

/**
 * Starts a directory server with these people in a temporary folder, on 127.0.0.1, with LDAPS and STARTTLS.
 * @throws Error with what the server said
 */
export async function startDirectory({ slapd, people, ports }: DirectoryOptions): Promise<RunningDirectory> {
  if (!(await isExecutable(slapd))) throw new Error(`There is no program ${slapd}.`);
  const folder = await mkdtemp(join(tmpdir(), 'postern-directory-'));
  try {
    await mkdir(join(folder, 'data'));
    const authority = await makeAuthority(folder);
    const certificate = await issueCertificate(folder, 'directory', ['IP:127.0.0.1']);
    const file = join(folder, 'slapd.conf');
    await writeFile(file, await configuration(folder, certificate));
    await writeFile(join(folder, 'people.ldif'), ldif(people));
    await run(slapd, ['-T', 'add', '-q', '-f', file, '-l', join(folder, 'people.ldif')]);
    const [plain, secure] = ports ?? [await freePort(), await freePort()];
    const [url, secureUrl] = [`ldap://127.0.0.1:${plain}`, `ldaps://127.0.0.1:${secure}`];
    // With a level of debugging, even 0, it stays in the foreground.
    const child = spawn(slapd, ['-d', '0', '-f', file, '-h', `${url} ${secureUrl}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'exit');
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    };
    await answering(child, plain).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url, secureUrl, base: BASE, peopleBase: PEOPLE, reader: READER, authority: authority.certificate, pid: child.pid!, stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
