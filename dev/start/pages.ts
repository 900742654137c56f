import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withProgress, type Progress } from '../progress';
import { run } from '../run';
import { sourcesDigest } from './sources';

const root = join(__dirname, '../..');
const built = join(root, 'dist/web');
const STAMP = '.sources';

/**
 * Builds the pages when their sources have changed. Several instances may do so at once: each builds beside, and the
 * result takes its place in one step.
 */
export async function buildPages(onProgress: Progress): Promise<void> {
  const digest = await sourcesDigest({ folders: ['web', 'domain'] });
  if (existsSync(join(built, STAMP)) && readFileSync(join(built, STAMP), 'utf8') === digest) return;
  onProgress('Building the pages ...');
  const fresh = `${built}-${process.pid}`;
  await mkdir(join(root, 'dist'), { recursive: true });
  try {
    await withProgress('building the pages', onProgress, () =>
      run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--outDir', fresh, '--logLevel', 'error', 'web'], { cwd: root }));
    await writeFile(join(fresh, STAMP), digest);
    const old = `${fresh}-old`;
    await rename(built, old).catch(() => undefined);
    await rename(fresh, built).catch((error: NodeJS.ErrnoException) => {
      // Another instance was faster, with the same sources.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
