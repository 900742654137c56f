import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './ports';
import { partPid, type Part } from './processes';
import { waitFor } from './wait';

const root = join(__dirname, '../..');
const run = promisify(execFile);
const READY_MS = 180_000;
const STOP_MS = 30_000;

/** A complete embedded instance: engine, worker, API with pages, inbox and phone. */
export interface Instance {
  /** Its first process. */
  readonly pid: number;
  /** As the environment names them: enough to start it again where it was. */
  readonly settings: Readonly<Record<string, string>>;
  /** Base URL of API and pages, without a trailing slash. */
  readonly url: string;
  readonly temporalAddress: string;
  readonly webUiUrl: string;
  readonly dataDir: string;
  /** Everything its processes have printed so far. */
  readonly output: () => string;
  readonly operatorToken: () => Promise<string>;
  /** Sends a signal to one part; its supervisor may start it again. */
  readonly kill: (part: Part, signal: NodeJS.Signals) => Promise<void>;
  readonly ready: () => Promise<void>;
  /** Ends it as Ctrl-C does, and gives its exit code. The folder goes too, unless it was given. */
  readonly stop: () => Promise<number | null>;
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function waitUntilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  await waitFor(
    async () => {
      if (ended(child)) return 'ended';
      const answer = await fetch(`${url}/api/ready`, { signal: AbortSignal.timeout(5_000) });
      return answer.ok ? 'ready' : undefined;
    },
    { what: `${url}/api/ready`, timeoutMs: READY_MS },
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${output().slice(-4_000)}`, { cause: error });
  });
  if (ended(child)) throw new Error(`The instance ended before it was ready:\n${output().slice(-4_000)}`);
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (ended(child)) return child.exitCode;
  const exit = once(child, 'exit');
  // A terminal tells the whole group.
  process.kill(-child.pid!, 'SIGINT');
  const late = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), STOP_MS);
  const [code] = (await exit) as [number | null];
  clearTimeout(late);
  return code;
}

/**
 * Starts an instance on free ports and waits until it is ready.
 *
 * @param overrides - settings of the environment; `DATA_DIR` continues an earlier instance
 * @param program - what is run; `npm start` runs `dev/bootstrap.mjs start`
 */
export async function startInstance(overrides: Readonly<Record<string, string>> = {}, program: readonly string[] = ['--import', 'tsx', 'dev/start.ts']): Promise<Instance> {
  const [port, temporalPort, uiPort, smtpPort] = await freePorts(4);
  const dataDir = overrides.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'postern-instance-')));
  const settings = {
    PORT: String(port),
    TEMPORAL_PORT: String(temporalPort),
    TEMPORAL_UI_PORT: String(uiPort),
    SMTP_PORT: String(smtpPort),
    // What only one suite measures would cost every other one minutes.
    STEADY_ANSWER_MS: '0',
    // Nobody answers there: name servers outside are asked by no test.
    DNS_SERVERS: '127.0.0.1:1',
    ...overrides,
    DATA_DIR: dataDir,
  };
  const env: NodeJS.ProcessEnv = { ...process.env, ...settings };
  const url = `http://127.0.0.1:${env.PORT}`;
  // A group of its own, so that nothing of it can outlive the tests.
  const child = spawn(process.execPath, program, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const output = (): string => chunks.join('');
  const ready = (): Promise<void> => waitUntilReady(child, url, output);

  const end = async (): Promise<number | null> => {
    const code = await stop(child);
    if (!overrides.DATA_DIR) await rm(dataDir, { recursive: true, force: true });
    return code;
  };
  try {
    await ready();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    pid: child.pid!,
    settings,
    url,
    temporalAddress: `127.0.0.1:${env.TEMPORAL_PORT}`,
    webUiUrl: `http://127.0.0.1:${env.TEMPORAL_UI_PORT}`,
    dataDir,
    output,
    ready,
    stop: end,
    operatorToken: async () => {
      const { stdout } = await run('npm', ['run', '--silent', 'operator-token'], { cwd: root, env });
      return stdout.trim().split('\n').at(-1)!.trim();
    },
    kill: async (part, signal) => {
      process.kill(await partPid(child.pid!, part), signal);
    },
  };
}
