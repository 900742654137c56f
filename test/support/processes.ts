import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A part of an instance that can be killed on its own. */
export type Part = 'api' | 'worker';

const programs: Readonly<Record<Part, RegExp>> = { api: /\bapi\/main\.ts\b/, worker: /\bworker\/main\.ts\b/ };

/**
 * The process of a part below an instance's first process.
 *
 * @throws Error when no such process runs
 */
export async function partPid(rootPid: number, part: Part): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const processes = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && parent && args ? [{ pid: Number(pid), parent: Number(parent), args }] : [];
  });
  const family = new Set([rootPid]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  // A launcher shows the same arguments as the program it started: the last one of the chain is the program.
  const found = processes.filter(({ pid, args }) => family.has(pid) && programs[part].test(args));
  const program = found.find(({ pid }) => !found.some(({ parent }) => parent === pid));
  if (!program) throw new Error(`No process of the part "${part}" runs below ${rootPid}.`);
  return program.pid;
}
