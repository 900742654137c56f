import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const KEPT_OUTPUT = 20_000;
const running = new Set<ChildProcess>();
let stopping = false;

/** Ends what `run` is running, and runs nothing more: whoever asked for it is stopping. */
export function endRunning(): void {
  stopping = true;
  for (const child of running) endGroup(child);
}

/** A program that builds or downloads has others do it: they end with it. */
function endGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It ended meanwhile, or was never there.
  }
}

/** A program ended with an error; the message ends with the last lines it printed. */
export class ProgramError extends Error {
  /** The last line: what it said at the end, or why it was not run. */
  get lastLine(): string {
    return this.message.split('\n').at(-1)!;
  }
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws ProgramError when it cannot be started, ends with another code than 0, or takes longer than `timeoutMs`
 */
export function run(program: string, args: readonly string[], options: SpawnOptions & { timeoutMs?: number } = {}): Promise<string> {
  const { timeoutMs, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    if (stopping) return reject(new ProgramError(`${program} is not run: this process is stopping.`));
    const child = spawn(program, args, { ...spawnOptions, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    const late = timeoutMs === undefined ? undefined : setTimeout(() => endGroup(child), timeoutMs);
    const fail = (message: string): void => {
      clearTimeout(late);
      reject(new ProgramError(message));
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output = (output + chunk).slice(-KEPT_OUTPUT);
      });
    }
    child.once('exit', () => running.delete(child));
    child.once('error', (error) => fail(`${program}: ${error.message}`));
    child.once('close', (code) => {
      clearTimeout(late);
      if (code === 0) resolve(output);
      else fail(`${program} ended with ${code ?? 'a signal'}:\n${output.trim().split('\n').slice(-5).join('\n')}`);
    });
  });
}

/** Whether a file can be executed. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(() => true, () => false);
}

/** The first of these programs on PATH, as a path. */
export async function onPath(...names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && (await isExecutable(join(folder, name)))) return join(folder, name);
    }
  }
  return undefined;
}
