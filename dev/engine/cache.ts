import { chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder: engines are kept there for every clone of the project. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'postern');
}

/** Copies a program into the cache in one step, so that nobody ever finds half of it. Gives its new path. */
export async function keepInCache(program: string, name: string): Promise<string> {
  const folder = cacheFolder();
  await mkdir(folder, { recursive: true });
  const target = join(folder, name);
  const part = `${target}.${process.pid}`;
  await copyFile(program, part);
  await chmod(part, 0o755);
  await rename(part, target);
  return target;
}
