import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A part of an instance that is a process of its own. */
export type Part = 'api' | 'worker' | 'engine' | 'guard';

/** The guard ends the engine, which knows nothing of us, when nobody is left to do so. */
const programs: Readonly<Record<Part, RegExp>> = { api: /\bapi\/main\.ts\b/, worker: /\bworker\/main\.ts\b/, engine: /\bserver start-dev\b/, guard: /\bguard\.mjs\b/ };

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** Everything that runs on this machine; what has ended and was not yet fetched by its parent does not. */
async function processes(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,state=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid && parent && args && !state!.startsWith('Z') ? [{ pid: Number(pid), parent: Number(parent), args }] : [];
  });
}

async function below(rootPid: number): Promise<Process[]> {
  const all = await processes();
  const family = new Set([rootPid]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** A process and everything below it. Ask while its parents run: what they leave behind belongs to nobody's family. */
export async function familyOf(rootPid: number): Promise<number[]> {
  return (await below(rootPid)).map(({ pid }) => pid);
}

/** Those of the processes that run, with what they were started as. */
export async function stillRunning(pids: readonly number[]): Promise<string[]> {
  return (await processes()).filter(({ pid }) => pids.includes(pid)).map(({ pid, args }) => `${pid} ${args}`);
}

/**
 * The process of a part below an instance's first process.
 *
 * @throws Error when no such process runs
 */
export async function partPid(rootPid: number, part: Part): Promise<number> {
  // A launcher shows the same arguments as the program it started: the last one of the chain is the program.
  const found = (await below(rootPid)).filter(({ args }) => programs[part].test(args));
  const program = found.find(({ pid }) => !found.some(({ parent }) => parent === pid));
  if (!program) throw new Error(`No process of the part "${part}" runs below ${rootPid}.`);
  return program.pid;
}
