import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { Child } from '../start/child';
import { registerSearchAttributes } from './search-attributes';

const READY_MS = 60_000;
const PROBE_MS = 200;
const GRACE_MS = 8_000;

export interface EngineOptions {
  readonly cliPath: string;
  readonly port: number;
  /** Undefined: without the Web UI. */
  readonly uiPort?: number;
  /** Undefined: in memory. */
  readonly dbFile?: string;
  /** Where the Web UI has payloads decoded. */
  readonly codecEndpoint?: string;
  readonly onLine?: (line: string) => void;
  /** Gives up while the engine is starting. */
  readonly stopping?: AbortSignal;
}

export interface Engine {
  readonly address: string;
  /** Resolves when the process ends, asked or not. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

function serverArguments(options: EngineOptions): string[] {
  return [
    'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--namespace', 'default', '--log-level', 'error',
    ...(options.uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort)]),
    ...(options.codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', options.codecEndpoint]),
    // A file with these pragmas is about as fast as memory, and several times faster than with its defaults.
    ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=normal']),
    '--dynamic-config-value', 'system.enableActivityEagerExecution=true',
  ];
}

async function waitUntilReady(address: string, child: Child, stopping?: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && child.running && !stopping?.aborted) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: '1 s' });
      // The frontend answers before the namespace is there: a worker that came too early would be refused.
      await connection.withDeadline(Date.now() + 2_000, async () => {
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        await registerSearchAttributes(connection);
      }).finally(() => connection.close());
      return;
    } catch {
      await pause(PROBE_MS);
    }
  }
  await child.stop(GRACE_MS);
  throw new Error(`The engine did not start: ${child.lastLines.slice(-3).join(' ').trim() || 'it printed nothing'}.`);
}

/**
 * Starts the development server of the engine and waits until it can be used. It ends with this process.
 * @throws Error with what the server said when it does not start
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const child = new Child({
    name: 'engine',
    args: [join(__dirname, '../guard.mjs'), String(GRACE_MS - 1_000), options.cliPath, ...serverArguments(options)],
    env: process.env,
    cwd: join(__dirname, '../..'),
    onLine: options.onLine ?? (() => {}),
  });
  const address = `127.0.0.1:${options.port}`;
  await waitUntilReady(address, child, options.stopping);
  return { address, exited: child.exited, stop: () => child.stop(GRACE_MS) };
}
