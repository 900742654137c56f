import { saveDirectory } from '../../db/directories';
import { mergeImport } from '../../db/import-merge';
import { dropUploads, findUpload, readUpload } from '../../db/import-uploads';
import { dropImport } from '../../db/imports';
import { directoryConfigOf } from '../../domain/onboarding/directory';
import { advice } from '../../domain/onboarding/texts';
import { importRequestFor } from '../../imports/request';
import { asResult, type CheckInput, type CheckResult, type TaskChecker } from './checker';
import type { TaskDependencies } from './dependencies';

async function readUsers({ checks }: TaskDependencies, { db, account, content, secrets, submission, signal }: CheckInput<'users'>): Promise<CheckResult> {
  const request = await importRequestFor(db, account, { importId: submission, source: content.source });
  const goOn = (): void => signal.throwIfAborted();
  if (content.source === 'csv') {
    const upload = await findUpload(db, account.code, content.upload);
    if (!upload) return { result: 'wrong', ...advice.uploadGone };
    const outcome = asResult(await checks.csv(request, readUpload(db, upload.id), goOn));
    return { ...outcome, facts: { fileName: upload.fileName, ...outcome.facts } };
  }
  const config = directoryConfigOf(content, secrets.bindPassword ?? '');
  const connected = await checks.directory.testConnection(config);
  if (connected.result !== 'ok') return asResult(connected);
  const outcome = asResult(await checks.directorySync(request, config, goOn));
  return { ...outcome, facts: { connection: connected.facts, ...outcome.facts } };
}

/** *Synchronising Users*: read into staging as a dry run; taken over with the verdict, all of them or nobody. */
export function usersChecker(deps: TaskDependencies): TaskChecker<'users'> {
  const { keys, clock } = deps;
  return {
    async check(input) {
      const result = await readUsers(deps, input);
      if (result.result !== 'ok') await dropImport(input.db, input.submission);
      return result;
    },
    async complete(tx, { account, content, secrets, submission }, facts) {
      const done = await mergeImport(tx, submission, { at: clock(), by: null });
      if (content.source === 'directory') await saveDirectory(tx, keys, account.code, directoryConfigOf(content, secrets.bindPassword ?? ''), clock());
      else await dropUploads(tx, account.code);
      return { ...facts, done };
    },
  };
}
