import type { Progress } from './progress';
import { isExecutable, onPath } from './run';
import { installPackage } from './system-packages';

/** Where Debian puts it: not everybody's PATH has the folder. */
const DEBIAN_PATH = '/usr/sbin/slapd';

async function find(): Promise<string | undefined> {
  return (await onPath('slapd')) ?? ((await isExecutable(DEBIAN_PATH)) ? DEBIAN_PATH : undefined);
}

/**
 * The directory server that tests and `npm run dev:directory` run: SLAPD_PATH, or the system's.
 * @throws Error with one sentence that says what to install
 */
export async function ensureSlapd({ onProgress }: { onProgress: Progress }): Promise<string> {
  const given = process.env.SLAPD_PATH;
  if (given) {
    if (await isExecutable(given)) return given;
    throw new Error(`SLAPD_PATH names ${given}, and no program is there.`);
  }
  const found = await find();
  if (found) return found;
  await installPackage('slapd', 'OpenLDAP\'s slapd', onProgress);
  const installed = await find();
  if (!installed) throw new Error('slapd was installed and is not found: set SLAPD_PATH.');
  return installed;
}
