import type { Progress } from './progress';
import { isExecutable, onPath } from './run';
import { installPackage } from './system-packages';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The browser that browser tests drive: CHROMIUM_PATH, or the system's.
 * @throws Error with one sentence that says what to install
 */
export async function ensureChromium({ onProgress }: { onProgress: Progress }): Promise<string> {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (await isExecutable(given)) return given;
    throw new Error(`CHROMIUM_PATH names ${given}, and no program is there.`);
  }
  const found = await onPath(...NAMES);
  if (found) return found;
  await installPackage('chromium', 'Chromium', onProgress);
  const installed = await onPath(...NAMES);
  if (!installed) throw new Error('Chromium was installed and is not on PATH: set CHROMIUM_PATH.');
  return installed;
}
