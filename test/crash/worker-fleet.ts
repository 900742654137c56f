import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWorkflowBundle } from '../../worker/bundle';

const root = join(__dirname, '../..');

/** Workers as `npm run worker` starts them, each a process of its own that may be killed at any moment. */
export class WorkerFleet {
  readonly #running = new Set<ChildProcess>();
  readonly #printed: string[] = [];
  #stopping = false;
  kills = 0;

  private constructor(private readonly env: NodeJS.ProcessEnv, private readonly folder: string) {}

  static async start(count: number, settings: Readonly<Record<string, string>>): Promise<WorkerFleet> {
    const folder = await mkdtemp(join(tmpdir(), 'postern-fleet-'));
    const bundle = join(folder, 'workflows.js');
    await writeWorkflowBundle(bundle);
    const fleet = new WorkerFleet({ ...process.env, ...settings, WORKFLOW_BUNDLE_PATH: bundle }, folder);
    for (let worker = 0; worker < count; worker += 1) fleet.#add();
    return fleet;
  }

  /** What the workers printed last. */
  get printed(): string {
    return this.#printed.slice(-20).join('');
  }

  /** Kills one of the workers, whatever it is doing. Another one is started in its place. */
  kill(choose: (count: number) => number): void {
    const running = [...this.#running];
    const victim = running[choose(running.length)]!;
    this.#running.delete(victim);
    victim.kill('SIGKILL');
    this.kills += 1;
    this.#add();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running].map(async (worker) => {
      const exited = once(worker, 'exit');
      worker.kill('SIGKILL');
      await exited;
    }));
    await rm(this.folder, { recursive: true, force: true });
  }

  #add(): void {
    // The channel tells the process when this one is gone, however it ended.
    const worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], { cwd: root, env: this.env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [worker.stdout, worker.stderr]) stream?.on('data', (chunk: Buffer) => this.#printed.push(chunk.toString()));
    this.#running.add(worker);
    worker.once('exit', () => {
      // One that ends by itself, while it starts for instance, is started again too.
      if (this.#running.delete(worker) && !this.#stopping) this.#add();
    });
  }
}
