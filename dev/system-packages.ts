import { withProgress, type Progress } from './progress';
import { onPath, run } from './run';

/**
 * Installs a package of the system: on a machine that is set up for CI only, elsewhere a person decides.
 * @throws Error with one sentence that names the command to run
 */
export async function installPackage(name: string, what: string, onProgress: Progress): Promise<void> {
  const command = `apt-get update && apt-get install -y ${name}`;
  if (process.env.CI !== 'true') throw new Error(`${what} is missing: install it, for instance with "${command}", and run it again.`);
  const apt = await onPath('apt-get');
  if (!apt) throw new Error(`${what} is missing, and this system has no apt-get: install it and run it again.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  onProgress(`Installing ${what} (${command}) ...`);
  await withProgress(`installing ${what}`, onProgress, async () => {
    await run(apt, ['update', '-q'], { env });
    await run(apt, ['install', '-y', '-q', '--no-install-recommends', name], { env });
  });
}
