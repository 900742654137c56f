import { inTransaction } from '../../db/connection';
import { openSecrets, sealSecrets, type TaskSecrets } from '../../db/onboarding-secrets';
import { changeTask, lockOnboarding, taskOf, type TaskRow } from '../../db/onboardings';
import { secretFields, unknownFields, type Draft } from '../../domain/onboarding/forms';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { Actor } from '../../workflows/connect-onboarding/messages';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';
import { expectOffered, expectVersion } from './find';

/** The secrets after a save: one that is given replaces, an empty one removes, the others stay. */
function mergedSecrets(before: TaskSecrets, task: TaskName, draft: Draft): TaskSecrets {
  const given = secretFields[task].filter((name) => name in draft).map((name) => [name, typeof draft[name] === 'string' ? draft[name] : ''] as const);
  return Object.fromEntries(Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, secret]) => secret !== ''));
}

function withoutSecrets(task: TaskName, draft: Draft): string {
  return JSON.stringify(Object.fromEntries(Object.entries(draft).filter(([name]) => !secretFields[task].includes(name))));
}

/** Whether this very save was made already, and only its answer was lost. */
function isRepeat(row: TaskRow, given: { version: number; draft: string; by: string }, secretsSame: boolean): boolean {
  return row.version === given.version + 1 && row.draft === given.draft && row.updated_by === given.by && secretsSame;
}

/**
 * Saves what was entered for a task, over the version that was seen: of two administrators who save at once the second
 * one is told (optimistic locking). Complete or not, right or wrong: that is judged when it is submitted.
 * @throws Problem `changed-meanwhile`, `invalid-request`, or why it cannot be saved now
 */
export async function saveDraft(deps: OnboardingServiceDependencies, accountCode: string, task: string, input: { version: number; draft: Draft }, actor: Actor): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const onboarding = await lockOnboarding(tx, accountCode);
    if (!onboarding) throw new Problem('not-found', { detail: 'There is no onboarding of an account with this code.' });
    expectOffered(onboarding, 'draft', task);
    const unknown = unknownFields(task, input.draft);
    if (unknown.length > 0) throw new Problem('invalid-request', { extra: { errors: unknown.map((name) => ({ path: `draft.${name}`, message: 'This task has no such field.' })) } });
    const row = taskOf(onboarding, task);
    const before = openSecrets(deps.keys, row);
    const after = mergedSecrets(before, task, input.draft);
    const secretsSame = JSON.stringify(before) === JSON.stringify(after);
    const draft = withoutSecrets(task, input.draft);
    if (isRepeat(row, { version: input.version, draft, by: actor.name }, secretsSame)) return;
    expectVersion(row, input.version);
    const now = deps.clock();
    await changeTask(tx, onboarding, task, { draft, version: row.version + 1, updated_by: actor.name, updated_at: now, ...(secretsSame ? {} : { secrets: sealSecrets(deps.keys, row, after) }) }, now);
  });
}
