import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from './progress';
import { freePort } from './ports';
import { isExecutable, onPath, run } from './run';
import { installPackage } from './system-packages';

/** A PostgreSQL server for tests. */
export interface Postgres {
  /** A postgres:// URL whose user may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Programs {
  readonly initdb: string;
  readonly pgCtl: string;
}

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const START_MS = 60_000;
const STOP_MS = 20_000;

async function findPrograms(): Promise<Programs | undefined> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const [initdb, pgCtl] = ['initdb', 'pg_ctl'].map((name) => join(DEBIAN_FOLDER, version, 'bin', name));
    if ((await isExecutable(initdb!)) && (await isExecutable(pgCtl!))) return { initdb: initdb!, pgCtl: pgCtl! };
  }
  const [initdb, pgCtl] = [await onPath('initdb'), await onPath('pg_ctl')];
  return initdb && pgCtl ? { initdb, pgCtl } : undefined;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made, or as nobody. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ['postgres', 'nobody']) {
    const ids = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]).catch(() => undefined);
    if (ids) return { uid: Number(ids[0]), gid: Number(ids[1]) };
  }
  throw new Error('PostgreSQL does not run as root: run the tests as another user, or set TEST_DATABASE_URL.');
}

/**
 * The server that TEST_DATABASE_URL names, or one of its own in a temporary folder on a free port of 127.0.0.1.
 * @throws Error with one sentence that says what to install
 */
export async function ensurePostgres({ onProgress }: { onProgress: Progress }): Promise<Postgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  if (!(await findPrograms())) await installPackage('postgresql', 'PostgreSQL', onProgress);
  const programs = await findPrograms();
  if (!programs) throw new Error('PostgreSQL was installed and its programs are not found: set TEST_DATABASE_URL.');

  const user = await unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'postern-postgres-'));
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' }, timeoutMs: START_MS, ...user };
  try {
    await run(programs.initdb, ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'], options);
    const port = await freePort();
    // What tests write need not survive a power cut.
    const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300`;
    await run(programs.pgCtl, ['start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '--options', settings], options);
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      async stop() {
        await run(programs.pgCtl, ['stop', '--pgdata', data, '--mode', 'immediate'], { ...options, timeoutMs: STOP_MS });
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
