import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Ended } from '../support/run-program';

const command = /"((?:sudo )?apt-get update && (?:sudo )?apt-get install -y --no-install-recommends chromium)"/;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-prerequisites-'));
  // Everything else of the system is there.
  for (const name of ['slapd', 'openssl']) await program(name, 'exit 0');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts a program on the only PATH there is. */
function program(name: string, script: string): Promise<void> {
  return writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** What `npm test` does on a machine without a browser. It never comes to the tests: there is no engine either. */
function npmTest(env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return runProgram(process.execPath, ['--import', 'tsx', 'dev/test.ts'], { HOME: folder, PATH: folder, TEST_DATABASE_URL: 'postgres://127.0.0.1/none', TEMPORAL_CLI_PATH: join(folder, 'none'), SLAPD_PATH: join(folder, 'slapd'), ...env });
}

test('where something of the system is missing, the command that installs it is named, and nothing is skipped', async () => {
  const ended = await npmTest();
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^Chromium is missing: install it, for instance with .*, and run it again\.$/m);
  expect(ended.stderr).toMatch(command);
});

describe('on a machine that is set up for CI', () => {
  beforeEach(() => program('sudo', 'exec "$@"'));

  test('it is installed by that very command', async () => {
    await program('apt-get', `echo "$@" >> ${folder}/log\n[ "$1" = install ] && printf '#!/bin/sh\\n' > ${folder}/chromium && /bin/chmod +x ${folder}/chromium\nexit 0`);
    const ended = await npmTest({ CI: 'true' });
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('update\ninstall -y --no-install-recommends chromium\n');
    expect(ended.stderr).toMatch(/^Installing Chromium \(/m);
    expect(ended.stderr).not.toContain('Chromium is missing');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/TEMPORAL_CLI_PATH names .*, and no program is there\.\n$/) });
  });

  test('a failure says which command to run by hand, and why it failed', async () => {
    await program('apt-get', 'echo "no such package" >&2\nexit 100');
    const ended = await npmTest({ CI: 'true' });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^Chromium could not be installed: run .* by hand\.$/m);
    expect(ended.stderr).toMatch(command);
    expect(ended.stderr).toContain('no such package');
  });

  test('a system without apt-get is told so', async () => {
    expect((await npmTest({ CI: 'true' })).stderr).toMatch(/^Chromium is missing, and this system has no apt-get: install it and run it again\.$/m);
  });
});
