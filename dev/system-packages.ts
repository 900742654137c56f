import { withProgress, type Progress } from './progress';
import { onPath, run } from './run';

/**
 * Installs a package of the system: on a machine that is set up for CI only, elsewhere a person decides.
 * @throws Error with one sentence that names the command to run
 */
export async function installPackage(name: string, what: string, onProgress: Progress): Promise<void> {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const command = `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${name}`;
  if (process.env.CI !== 'true') throw new Error(`${what} is missing: install it, for instance with "${command}", and run it again.`);
  if (!(await onPath('apt-get'))) throw new Error(`${what} is missing, and this system has no apt-get: install it and run it again.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  onProgress(`Installing ${what} (${command}) ...`);
  await withProgress(`installing ${what}`, onProgress, () => run('/bin/sh', ['-c', command], { env })).catch((error: Error) => {
    throw new Error(`${what} could not be installed: run "${command}" by hand.\n${error.message}`);
  });
}
