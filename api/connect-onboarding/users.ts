import { randomUUID } from 'node:crypto';
import { findAccount, type AccountRow } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { dropImport } from '../../db/imports';
import { dropUploads, readUpload, saveUpload, UploadTooLarge } from '../../db/import-uploads';
import { openSecrets } from '../../db/onboarding-secrets';
import { draftOf, taskOf } from '../../db/onboardings';
import type { CheckOutcome } from '../../domain/checks';
import { importLimits, type ImportSource } from '../../domain/imports';
import { directoryConfigOf } from '../../domain/onboarding/directory';
import { forms } from '../../domain/onboarding/forms';
import { advice } from '../../domain/onboarding/texts';
import type { DirectoryFacts } from '../../directory/reading';
import { checkCsv } from '../../imports/csv';
import { checkDirectorySync } from '../../imports/directory-sync';
import { importRequestFor } from '../../imports/request';
import type { ImportReport, ImportRequest } from '../../imports/staging';
import { newHandle } from '../../security/secrets';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { Actor } from '../../workflows/connect-onboarding/messages';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';
import { expectOffered, findOr404 } from './find';
import { expectComplete } from './steps';

/** So many files of an account are kept beside each other: more than one administrator may work on it. */
const KEPT_FILES = 3;
/** Shorter than a client waits, and than a repeat of the same request is held up. */
const TRY_MS = 12_000;

/** Accounts of which people are being read by this process: one at a time. */
const reading = new Set<string>();

/** What came of looking at people who are to become users. Nobody is one yet. */
export interface DryRun {
  readonly result: 'ok' | 'not-yet' | 'wrong';
  readonly reason: string | null;
  readonly whatToDo: string | null;
  readonly report: ImportReport | null;
}

function dryRunOf(outcome: CheckOutcome<ImportReport>): DryRun {
  if (outcome.result === 'ok') return { result: 'ok', reason: null, whatToDo: null, report: outcome.facts };
  const { result, reason, whatToDo, facts = null } = outcome;
  return { result, reason, whatToDo, report: facts };
}

async function oneAtATime<T>(accountCode: string, work: () => Promise<T>): Promise<T> {
  if (reading.has(accountCode)) throw new Problem('request-in-progress', { detail: 'People of this account are being read already. Wait until that is done.' });
  reading.add(accountCode);
  try {
    return await work();
  } finally {
    reading.delete(accountCode);
  }
}

/** Reads people into a place of their own, says what taking them over would do, and forgets them. */
async function inDryRun<T>({ db }: OnboardingServiceDependencies, accountCode: string, source: ImportSource, work: (request: ImportRequest) => Promise<T>): Promise<T> {
  const importId = `dry-run/${randomUUID()}`;
  try {
    return await work(await importRequestFor(db, (await findAccount(db, accountCode)) as AccountRow, { importId, source }));
  } finally {
    await dropImport(db, importId);
  }
}

async function record({ db, clock }: OnboardingServiceDependencies, accountCode: string, action: string, details: Readonly<Record<string, string | number>>): Promise<void> {
  await inTransaction(db, (tx) => appendAudit(tx, { at: clock(), action, accountCode, flowId: connectOnboardingWorkflowId(accountCode), details }));
}

/**
 * Stores a file of users as it arrives, and says line by line what is wrong with it and what taking it over would do.
 * @throws Problem `body-too-large`, `request-in-progress`, or why users cannot be brought in now
 */
export async function uploadUsers(deps: OnboardingServiceDependencies, accountCode: string, file: { fileName: string; content: AsyncIterable<Uint8Array> }, actor: Actor): Promise<DryRun & { upload: string; fileName: string; bytes: number }> {
  const { db, clock } = deps;
  expectOffered(await findOr404(deps, accountCode), 'draft', 'users');
  return oneAtATime(accountCode, async () => {
    const upload = await saveUpload(db, { id: newHandle(), accountCode, fileName: file.fileName }, file.content, clock()).catch((error: unknown) => {
      throw error instanceof UploadTooLarge ? fileTooLarge() : error;
    });
    await dropUploads(db, accountCode, KEPT_FILES);
    const dryRun = dryRunOf(await inDryRun(deps, accountCode, 'csv', (request) => checkCsv({ db, clock }, request, readUpload(db, upload.id))));
    await record(deps, accountCode, 'onboarding.file-uploaded', { by: actor.id, bytes: upload.bytes, result: dryRun.result });
    return { upload: upload.id, fileName: upload.fileName, bytes: upload.bytes, ...dryRun };
  });
}

export function fileTooLarge(): Problem {
  return new Problem('body-too-large', { detail: `A file has at most ${importLimits.fileBytes / 1024 / 1024} MiB: bring your users in by several ones.` });
}

/** What was found of a directory that was tried out. */
export type DirectoryTrial = DryRun & { readonly connection: DirectoryFacts | null };

async function readDirectory(deps: OnboardingServiceDependencies, accountCode: string, found: { connection: DirectoryFacts | null }, signal: AbortSignal): Promise<DryRun> {
  const { db, clock, directory } = deps;
  const row = taskOf(await findOr404(deps, accountCode), 'users');
  const content = forms.users.parse(draftOf(row));
  if (content.source !== 'directory') throw new Problem('wrong-step', { detail: 'Users come from a file here: upload it, and what is in it is told at once.' });
  const config = directoryConfigOf(content, openSecrets(deps.keys, row).bindPassword ?? '');
  const connected = await directory.testConnection(config);
  if (connected.result !== 'ok') return { result: connected.result, reason: connected.reason, whatToDo: connected.whatToDo, report: null };
  found.connection = connected.facts;
  return inDryRun(deps, accountCode, 'directory', async (request) => dryRunOf(await checkDirectorySync({ db, clock, directory, onProgress: () => signal.throwIfAborted() }, request, config)));
}

/**
 * Tries out the directory that was entered and saved: connects, and counts what taking its people over would do. One
 * that takes longer than somebody waits is said to be there, and counted when the task is submitted.
 * @param version - of what was saved, as it was seen
 * @throws Problem `changed-meanwhile`, `task-incomplete`, `request-in-progress`, or why users cannot be brought in now
 */
export async function tryDirectory(deps: OnboardingServiceDependencies, accountCode: string, version: number, actor: Actor): Promise<DirectoryTrial> {
  const onboarding = await findOr404(deps, accountCode);
  expectOffered(onboarding, 'draft', 'users');
  expectComplete(deps, onboarding, 'users', version);
  const found: { connection: DirectoryFacts | null } = { connection: null };
  const over = AbortSignal.timeout(TRY_MS);
  const late = new Promise<DryRun>((resolve) => over.addEventListener('abort', () => resolve({ result: 'not-yet', ...advice.directoryTakesLong(found.connection !== null), report: null })));
  const read = oneAtATime(accountCode, () => readDirectory(deps, accountCode, found, over));
  // Once it is late nobody waits for it: it ends by itself.
  read.catch(() => undefined);
  const trial = await Promise.race([read, late]);
  await record(deps, accountCode, 'onboarding.directory-tried', { by: actor.id, result: trial.result });
  return { ...trial, connection: found.connection };
}
