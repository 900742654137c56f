import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(__dirname, '../..');

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** A digest of everything that something is built from: whole folders, single files, and the packages. */
export async function sourcesDigest({ folders, files = [] }: { readonly folders: readonly string[]; readonly files?: readonly string[] }): Promise<string> {
  const digest = createHash('sha256');
  const all = [...['package-lock.json', ...files].map((file) => join(root, file)), ...(await Promise.all(folders.map(filesIn))).flat()];
  for (const file of all) digest.update(file.slice(root.length)).update(await readFile(file));
  return digest.digest('hex');
}
