import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Order, Survival } from './victim';

const root = join(__dirname, '../..');
const run = promisify(execFile);

/** Starts processes that kill themselves at a point of an activity. */
export class Victims {
  private constructor(private readonly folder: string) {}

  static async build(): Promise<Victims> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-victim-'));
    const args = ['build', '--config', 'test/crash/victim.vite.mts', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
    await run(process.execPath, ['node_modules/vite/bin/vite.js', ...args], { cwd: root });
    return new Victims(folder);
  }

  /**
   * Runs an order in a process of its own.
   *
   * @returns at which point it was killed, in words, or what it tells when it lived
   * @throws Error with what it printed when it ended in another way
   */
  async run(order: Order): Promise<{ readonly diedAt: string } | Survival> {
    const victim = fork(join(__dirname, 'start-victim.cjs'), [join(this.folder, 'victim.cjs')], {
      // What is no JavaScript is loaded from where it is installed.
      env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let survival: Survival | undefined;
    victim.once('message', (message) => {
      survival = message as Survival;
    });
    victim.send(order);
    const [printed, [code, signal]] = await Promise.all([text(victim.stderr!), once(victim, 'exit') as Promise<[number | null, NodeJS.Signals | null]>]);
    if (signal === 'SIGKILL') return { diedAt: printed };
    if (code === 0 && survival) return survival;
    throw new Error(`The process ended with ${code ?? signal}: ${printed}`);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
