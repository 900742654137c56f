import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from 'sqlite3';

/**
 * Holds the data folder for this process alone. The lock is the operating system's: it goes with the process, however
 * that ends, and is never left behind.
 * @returns what lets it go
 * @throws Error with one sentence when another instance has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
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
