import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureOpenssl } from './certificates';
import { ensureChromium } from './chromium';
import { locateTemporalCli, locateTestServer } from './engine/locate';
import { ensurePostgres, type Postgres } from './postgres';
import { endRunning } from './run';
import { ensureSlapd } from './slapd';
import { buildPages } from './start/pages';

const root = join(__dirname, '..');
// Standard output is the tests' own: `--json` may be read from it.
const say = (line: string): void => void process.stderr.write(`${line}\n`);

let postgres: Postgres | undefined;
let stopping = false;

/** Gets everything that tests need, then runs them. Nothing that is missing is skipped: it fails here, in one sentence. */
async function main(): Promise<number> {
  say('Getting engine, test server, PostgreSQL, directory server and browser ...');
  // One after the other: several of them may install packages of the system.
  const chromium = await ensureChromium({ onProgress: say });
  const slapd = await ensureSlapd({ onProgress: say });
  await ensureOpenssl({ onProgress: say });
  postgres = await ensurePostgres({ onProgress: say });
  const [cli, testServer] = await Promise.all([locateTemporalCli({ onProgress: say }), locateTestServer({ onProgress: say }), buildPages(say)]);
  if (stopping) return 1;
  const jest = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEMPORAL_CLI_PATH: cli, TEMPORAL_TEST_SERVER_PATH: testServer, TEST_DATABASE_URL: postgres.url, CHROMIUM_PATH: chromium, SLAPD_PATH: slapd },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => jest.kill(signal));
  process.on('disconnect', () => jest.kill('SIGTERM'));
  const [code] = (await once(jest, 'exit')) as [number | null];
  return code ?? 1;
}

for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.on(event, () => {
    stopping = true;
    endRunning();
  });
}

main()
  .catch((error: unknown) => {
    if (!stopping) say(error instanceof Error ? error.message : String(error));
    return 1;
  })
  .then(async (code) => {
    await postgres?.stop();
    process.exit(code);
  })
  .catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  });
