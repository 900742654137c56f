import { spawn, type ChildProcess } from 'node:child_process';

/** What an embedded part is started with. */
export interface ChildOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Every line it prints; not all of them are JSON. */
  readonly onLine: (line: string) => void;
}

/** A process of ours: in a group of its own, so that Ctrl-C reaches only the one that stops them in order. */
export class Child {
  readonly #process: ChildProcess;
  /** The last lines it printed. */
  readonly lastLines: string[] = [];
  readonly exited: Promise<number | null>;

  constructor(readonly options: ChildOptions) {
    // The channel tells the process when this one is gone, however it ended.
    this.#process = spawn(process.execPath, options.args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          this.lastLines.push(line);
          if (this.lastLines.length > 20) this.lastLines.shift();
          options.onLine(line);
        }
      });
    }
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', (code) => {
        this.#endGroup();
        resolve(code);
      });
      this.#process.once('error', () => resolve(null));
    });
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.pid !== undefined;
  }

  /** Asks it to end, and ends it after `graceMs`: that is told, as what it was doing is cut short. */
  async stop(graceMs: number): Promise<void> {
    if (!this.running) return;
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => {
      this.options.onLine(`[WARN] ${this.options.name} had not ended after ${graceMs} ms and was killed.`);
      this.#process.kill('SIGKILL');
    }, graceMs);
    await this.exited;
    clearTimeout(late);
  }

  /** What it started does not outlive it: where it was killed, nobody else would end that. */
  #endGroup(): void {
    try {
      process.kill(-this.#process.pid!, 'SIGKILL');
    } catch {
      // Nothing is left of the group.
    }
  }
}
