import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDirectory } from '../../dev/directory';
import { configFor, slapdPath, testClient } from '../support/directory';
import { runProgram } from '../support/run-program';
import { waitFor } from '../support/wait';

const PROGRAM = ['--import', 'tsx', 'dev/run-directory.ts'];
/** None is named: lighthouse.example. */
const DOMAINS = [undefined, 'fairway.example'] as const;

let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-dev-directory-'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGINT');
  await rm(folder, { recursive: true, force: true });
});

test.each(DOMAINS)('npm run dev:directory says how to reach a directory with demo people (of %s), and Ctrl-C leaves nothing of it', async (domain) => {
  const person = `directory1@${domain ?? 'lighthouse.example'}`;
  const child = spawn(process.execPath, [...PROGRAM, ...(domain ? [domain] : [])], { cwd: join(__dirname, '../..'), env: { ...process.env, SLAPD_PATH: slapdPath(), TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const ended = once(child, 'exit');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await waitFor(() => (printed.includes('Ctrl-C stops it.') ? true : undefined), { what: 'the directory to be there' });
  const said = (pattern: RegExp): string => pattern.exec(printed)?.[1] ?? '';
  const [readerPassword, peoplePassword] = [...printed.matchAll(/and the password: (.+)/g)].map(([, password]) => password!);
  const directory: RunningDirectory = {
    url: said(/(ldap:\/\/\S+)/), secureUrl: said(/(ldaps:\/\/\S+)/), base: '', peopleBase: said(/People are in:\s+(.+)/), reader: { dn: said(/It is read with:\s+(.+)/), password: readerPassword! },
    authority: said(/(-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----)/), pid: 0, stop: async () => undefined,
  };
  const client = testClient();
  expect(await client.testConnection(configFor(directory))).toMatchObject({ result: 'ok', facts: { encryption: 'tls', people: 12, withEmail: 12, withName: 12, withMobile: 12 } });
  expect(await client.check(configFor(directory), person, peoplePassword!)).toBe('right');
  expect(await client.check(configFor(directory), person, 'another')).toBe('wrong');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(await client.check(configFor(directory), person, peoplePassword!)).toBe('unavailable');
  expect((await readdir(folder)).filter((name) => name.startsWith('postern-directory-'))).toEqual([]);
});

test('a path that leads to no slapd is told in one sentence', async () => {
  const { code, stderr } = await runProgram(process.execPath, PROGRAM, { ...process.env, SLAPD_PATH: '/nowhere/slapd' });
  expect([code, stderr]).toEqual([1, 'SLAPD_PATH names /nowhere/slapd, and no program is there.\n']);
});
