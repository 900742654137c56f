import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from 'sqlite3';

/** Its owner's alone: the keys lie in it. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`DATA_DIR names ${folder}, which cannot be used (${(error as NodeJS.ErrnoException).code}): set it to a folder that you may write to.`);
  }
}

/**
 * Holds the data folder for this process alone. The lock is the operating system's: it goes with the process, however
 * that ends, and is never left behind.
 * @returns what lets it go
 * @throws Error with one sentence when another instance has it, or it cannot be used
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  makeFolder(folder);
  const database = await new Promise<Database>((resolve, reject) => {
    const opened = new Database(join(folder, 'instance.lock'), (error) => (error ? reject(error) : resolve(opened)));
  });
  const release = (): Promise<void> => new Promise((resolve) => database.close(() => resolve()));
  try {
    await new Promise<void>((resolve, reject) => database.exec('BEGIN EXCLUSIVE', (error) => (error ? reject(error) : resolve())));
  } catch {
    await release();
    throw new Error(`Another instance runs on ${folder}: stop it, or set DATA_DIR to another folder.`);
  }
  return release;
}
