import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFree } from '../../dev/ports';
import { freePorts } from '../support/ports';
import { runProgram, type Ended } from '../support/run-program';

const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'] as const;
type Settings = Record<(typeof names)[number] | 'DATA_DIR', string> & NodeJS.ProcessEnv;

let folder: string;
let settings: Settings;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-refused-'));
  const ports = await freePorts(names.length);
  settings = { ...process.env, ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])), DATA_DIR: join(folder, 'data') } as Settings;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function start(env: NodeJS.ProcessEnv): Promise<Ended> {
  return runProgram(process.execPath, ['--import', 'tsx', 'dev/start.ts'], env);
}

/** A refused start says one sentence, is no success, and leaves nothing that runs. */
async function expectRefusal(ended: Ended, sentence: RegExp): Promise<void> {
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(sentence) });
  expect(ended.stderr).toMatch(/^[^\n]+[^.\n]\.\n$/);
  expect(ended.stdout).not.toContain('Postern is running');
  const free = await Promise.all(names.map((name) => isFree(Number(settings[name]))));
  expect(free).toEqual(names.map(() => true));
}

test('a port that is taken is named by its variable, before anything is made', async () => {
  const other = createServer().listen(Number(settings.SMTP_PORT), '127.0.0.1');
  await once(other, 'listening');
  const ended = await start(settings);
  other.close();
  await once(other, 'close');
  await expectRefusal(ended, new RegExp(`^Port ${settings.SMTP_PORT} is taken: stop what uses it, or set SMTP_PORT to another port\\.`));
  await expect(readdir(folder)).resolves.toEqual([]);
});

test('ports that are none are named together', async () => {
  await expectRefusal(await start({ ...settings, TEMPORAL_PORT: '65536', SMTP_PORT: 'smtp' }), /^TEMPORAL_PORT, SMTP_PORT: must be a port number from 1 to 65535\./);
});

test('a database file that is none is named, with what to do', async () => {
  await mkdir(settings.DATA_DIR);
  await writeFile(join(settings.DATA_DIR, 'postern.sqlite'), 'This is no database. '.repeat(100));
  await expectRefusal(await start(settings), new RegExp(`^The database file ${settings.DATA_DIR}/postern\\.sqlite cannot be used .*: restore it from a backup, or set DATA_DIR`));
});

test('damaged secrets are named, with what to do', async () => {
  await mkdir(settings.DATA_DIR);
  const file = join(settings.DATA_DIR, 'embedded.json');
  await writeFile(file, '{"accountSid":"AC');
  await expectRefusal(await start(settings), new RegExp(`^${file} is damaged: restore it, or delete the whole folder`));
});

test('a data folder that is none is named, with what to do', async () => {
  await writeFile(settings.DATA_DIR, '');
  await expectRefusal(await start(settings), new RegExp(`^DATA_DIR names ${settings.DATA_DIR}, which cannot be used .*: set it to`));
});

test('an engine that TEMPORAL_CLI_PATH names and that is not there is no reason to take another one', async () => {
  await expectRefusal(await start({ ...settings, TEMPORAL_CLI_PATH: join(folder, 'temporal') }), /^TEMPORAL_CLI_PATH names \S+, and no program is there\./);
});

test('an engine that does not start ends the start with its own words', async () => {
  const engine = join(folder, 'temporal');
  await writeFile(engine, '#!/bin/sh\necho "this machine is too old" >&2\nexit 3\n');
  await chmod(engine, 0o755);
  await expectRefusal(await start({ ...settings, TEMPORAL_CLI_PATH: engine }), /^The engine did not start: this machine is too old\./);
});

test('where no engine can be got, one sentence says what to install', async () => {
  // Nothing on PATH, nothing in the cache, and downloads go to a proxy that is not there.
  const noProxy = 'http://127.0.0.1:1';
  const nowhere = { PATH: join(folder, 'bin'), HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), HTTPS_PROXY: noProxy, https_proxy: noProxy, TEMPORAL_CLI_PATH: '' };
  const ended = await start({ ...settings, ...nowhere });
  await expectRefusal(ended, /^The engine is missing: install the Temporal CLI .* or Go 1\.24, or set TEMPORAL_CLI_PATH\./);
  expect(ended.stdout).toMatch(/^  not by the SDK's own download: \S.*$/m);
});
