import { setTimeout as pause } from 'node:timers/promises';
import type { UpdateDefinition } from '@temporalio/client';
import { openSecrets } from '../../db/onboarding-secrets';
import { draftOf, taskOf, type Onboarding } from '../../db/onboardings';
import { formErrors } from '../../domain/onboarding/forms';
import type { TaskAction, TaskName } from '../../domain/onboarding/tasks';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import {
  cancelTaskUpdate, checkNowUpdate, reopenTaskUpdate, startTaskUpdate, submitTaskUpdate, type Actor, type TaskAnswer, type TaskRequest,
} from '../../workflows/connect-onboarding/messages';
import { answerTo, EngineRefusal, sendStep, updateIdFor } from '../engine';
import { Problem } from '../problems';
import type { OnboardingServiceDependencies } from './dependencies';
import { ensureRunning } from './engine';
import { expectOffered, expectVersion, findOr404 } from './find';

/** How long a workflow may be behind the rows before a step is refused, and how often it is asked meanwhile. */
const BEHIND_MS = 4_000;
const AGAIN_MS = 150;

export type TaskStep = Exclude<TaskAction, 'draft'>;

const updates: Readonly<Record<Exclude<TaskStep, 'submit'>, UpdateDefinition<TaskAnswer, [TaskRequest]>>> = {
  start: startTaskUpdate, 'check-now': checkNowUpdate, cancel: cancelTaskUpdate, reopen: reopenTaskUpdate,
};

/** Refuses what could not be validated: the form is looked at before anything is sent. */
export function expectComplete(deps: OnboardingServiceDependencies, onboarding: Onboarding, task: TaskName, version: number): void {
  const row = taskOf(onboarding, task);
  expectVersion(row, version);
  const errors = formErrors(task, draftOf(row), Object.keys(openSecrets(deps.keys, row)));
  if (errors.length > 0) throw new Problem('task-incomplete', { extra: { errors } });
}

/** One step of a task, as it was asked for. */
export interface StepRequest {
  readonly action: TaskStep;
  readonly task: string;
  /** Of what is submitted, as it was seen. */
  readonly version?: number;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Takes a step of a task: judged by the rows, then by the workflow, which owns the tasks.
 * @throws Problem why it is not taken; `engine-unavailable` where nothing is known and the same request is worth another try
 */
export async function takeStep(deps: OnboardingServiceDependencies, accountCode: string, request: StepRequest, actor: Actor): Promise<void> {
  const { action, task, version = 0, idempotencyKey } = request;
  const workflowId = connectOnboardingWorkflowId(accountCode);
  const updateId = updateIdFor(deps.keys, `${accountCode}/${task}`, action, idempotencyKey);
  const onboarding = await findOr404(deps, accountCode);
  try {
    expectOffered(onboarding, action, task);
    if (action === 'submit') expectComplete(deps, onboarding, task, version);
  } catch (refused) {
    // This very step was carried out after its request had been refused for now.
    if (idempotencyKey !== undefined && (await answerTo<TaskAnswer>(deps.temporal, workflowId, updateId)) !== null) return;
    throw refused;
  }
  const asked = { task, by: actor };
  const send = (): Promise<TaskAnswer> => (action === 'submit'
    ? sendStep(deps.temporal, workflowId, submitTaskUpdate, updateId, { ...asked, version })
    : sendStep(deps.temporal, workflowId, updates[action], updateId, asked));
  const answer = await explained(deps, accountCode, request, () => send().catch(async (error: unknown) => {
    // The row is open, so the workflow was never started or was terminated: it goes on from what the rows say.
    if (!(error instanceof EngineRefusal) || error.type !== 'ended') throw error;
    const now = await findOr404(deps, accountCode);
    if (now.row.outcome !== null) throw error;
    await ensureRunning(deps, now);
    return send();
  }));
  if (answer.changedMeanwhile) {
    expectVersion(taskOf(await findOr404(deps, accountCode), task), version);
    throw new Problem('request-in-progress');
  }
}

/**
 * Where the workflow refuses a step, says why by the rows as they are now. Where they offer it, the workflow has not heard
 * of a verdict yet that stands in them, as its mail is just being sent: it is asked again for a while.
 */
async function explained(deps: OnboardingServiceDependencies, accountCode: string, { action, task }: StepRequest, step: () => Promise<TaskAnswer>): Promise<TaskAnswer> {
  for (const until = performance.now() + BEHIND_MS; ; await pause(AGAIN_MS)) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      expectOffered(await findOr404(deps, accountCode), action, task);
      if (performance.now() > until) throw new Problem('request-in-progress');
    }
  }
}
