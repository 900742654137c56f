import { DEFAULT_CONNECT_DOMAIN } from '../../config';
import { migrate, openDatabase } from '../../db/connection';
import { loadDemoData } from '../demo-data';
import { withProgress, type Progress } from '../progress';

/**
 * Brings the database up to date and loads the demo data once.
 * @throws Error with one sentence when the database cannot be used
 */
export async function prepareDatabase(env: NodeJS.ProcessEnv, folder: string, demoPassword: string, onProgress: Progress): Promise<void> {
  const db = openDatabase({ DATABASE_URL: env.DATABASE_URL || undefined, DATA_DIR: folder });
  try {
    await withProgress('preparing the database', onProgress, async () => {
      await migrate(db);
      await loadDemoData(db, demoPassword, Date.now(), env.CONNECT_DOMAIN || DEFAULT_CONNECT_DOMAIN);
    });
  } catch (error) {
    const what = env.DATABASE_URL ? 'The database that DATABASE_URL names' : `The database file ${folder}/postern.sqlite`;
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0]!.split(' - ').at(-1);
    throw new Error(`${what} cannot be used (${why}): restore it from a backup, or set ${env.DATABASE_URL ? 'DATABASE_URL' : 'DATA_DIR'} to another one.`);
  } finally {
    await db.destroy();
  }
}
