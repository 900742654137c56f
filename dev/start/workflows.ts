import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withProgress, type Progress } from '../progress';
import { run } from '../run';
import { sourcesDigest } from './sources';

const root = join(__dirname, '../..');
const built = join(root, 'dist');
const OF_A_START = /^workflows-[0-9a-f]+\.js$/;

/**
 * Bundles the workflows when their sources have changed: a worker that bundles them itself takes seconds longer each
 * time it is started, and it is started again whenever it ends.
 *
 * @returns the bundle's file
 */
export async function bundleWorkflows(onProgress: Progress): Promise<string> {
  const digest = await sourcesDigest({ folders: ['workflows', 'domain'], files: ['temporal.config.ts', 'security/failure-converter.ts'] });
  const name = `workflows-${digest.slice(0, 16)}.js`;
  const file = join(built, name);
  if (existsSync(file)) return file;
  await withProgress('bundling the workflows', onProgress, () => run(process.execPath, ['--import', 'tsx', 'worker/write-bundle.ts', file], { cwd: root }));
  // An instance that runs on older sources bundles them itself when its worker is started again.
  for (const old of await readdir(built)) if (OF_A_START.test(old) && old !== name) await rm(join(built, old), { force: true });
  return file;
}
