import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApplicationFailure, isGrpcServiceError, ServiceError, WithStartWorkflowOperation, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client, type UpdateDefinition, type WorkflowStartOptions,
} from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import type { FlowRow } from '../db/flows';
import { keyedDigest } from '../security/digests';
import type { KeyRing } from '../security/keys';
import { ENGINE_DEADLINE_MS, searchAttributes, TASK_QUEUE } from '../temporal.config';
import { Problem } from './problems';

/** The workflow refused an Update, or is over. `type` is one of the journey's refusals; what the caller is told depends on the row. */
export class EngineRefusal extends Error {
  constructor(readonly type: string) {
    super(type);
    this.name = 'EngineRefusal';
  }
}

function translate(error: unknown): Error {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return new EngineRefusal(error.cause.type ?? 'ended');
  if ([WorkflowUpdateFailedError, WorkflowNotFoundError, WorkflowExecutionAlreadyStartedError].some((kind) => error instanceof kind)) return new EngineRefusal('ended');
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || error instanceof ServiceError || isGrpcServiceError(error)) return new Problem('engine-unavailable');
  return error instanceof Error ? error : new Error(String(error));
}

/** The Update's id: of the request's idempotency key where it has one, so that a repeat gets the first answer. */
export function updateIdFor(keys: KeyRing, handle: string, action: string, idempotencyKey?: string): string {
  return idempotencyKey === undefined ? randomUUID() : keyedDigest(keys, 'idempotency', [handle, action, idempotencyKey], keys.oldest).digest;
}

/** ABORTED and FAILED_PRECONDITION: the workflow task that carried the Update failed, for instance because another event came as it ended the workflow. */
const GIVEN_BACK = [10, 9];
const SEND_AGAIN_MS = 50;

function wasGivenBack(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && GIVEN_BACK.includes(cause.code);
}

/**
 * Every call has a deadline: no worker polling would otherwise keep the caller waiting on. What the engine gives back
 * unrecorded is sent again until then, with the same id: activities that ran for it answer the same.
 */
export async function withDeadline<T>(client: Client, call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + ENGINE_DEADLINE_MS;
  for (;;) {
    try {
      return await client.connection.withDeadline(deadline, call);
    } catch (error) {
      if (!wasGivenBack(error) || Date.now() + SEND_AGAIN_MS >= deadline) throw translate(error);
      await pause(SEND_AGAIN_MS);
    }
  }
}

/** A task takes milliseconds: one that a killed worker had begun is given to another after this. */
export const WORKFLOW_TASK_TIMEOUT = '5 s';

/** A flow's workflow, as it is started. */
export interface FlowWorkflow<Input, State> {
  readonly name: string;
  readonly workflowId: string;
  readonly input: Input;
  /** The Update that answers the first step. */
  readonly begin: UpdateDefinition<State>;
  readonly step: string;
  /** What the Temporal Web UI lists it by, and lines for its page. */
  readonly summary: string;
  readonly details: readonly string[];
}

/** Starts the flow's workflow, or finds it, and answers its first step: one round trip. */
export function beginFlow<Input, State>(client: Client, flow: Pick<FlowRow, 'account_code' | 'application'>, workflow: FlowWorkflow<Input, State>): Promise<State> {
  const startWorkflowOperation = new WithStartWorkflowOperation<(input: Input) => Promise<unknown>>(workflow.name, {
    workflowId: workflow.workflowId,
    taskQueue: TASK_QUEUE,
    args: [workflow.input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    staticSummary: workflow.summary,
    staticDetails: workflow.details.join('  \n'),
    typedSearchAttributes: [
      { key: searchAttributes.account, value: flow.account_code ?? 'none' },
      { key: searchAttributes.application, value: flow.application },
      { key: searchAttributes.step, value: workflow.step },
    ],
  });
  return withDeadline(client, () => client.workflow.executeUpdateWithStart(workflow.begin, { updateId: 'begin', startWorkflowOperation }));
}

/** Sends one step to a flow's workflow. A repeat with the same id gets the first answer. */
export function sendStep<Result, Argument>(client: Client, workflowId: string, update: UpdateDefinition<Result, [Argument]>, updateId: string, argument: Argument): Promise<Result> {
  const handle = client.workflow.getHandle(workflowId);
  return withDeadline(client, () => handle.executeUpdate(update, { updateId, args: [argument] }));
}

/** Sends a step that needs no more than its name. */
export function sendBareStep<Result>(client: Client, workflowId: string, update: UpdateDefinition<Result, []>, updateId: string): Promise<Result> {
  const handle = client.workflow.getHandle(workflowId);
  return withDeadline(client, () => handle.executeUpdate(update, { updateId }));
}

/** What the flow's workflow answered to this Update, also when it has ended since; null where it carried out no such step. */
export async function answerTo<Result>(client: Client, workflowId: string, updateId: string): Promise<Result | null> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await withDeadline(client, () => handle.getUpdateHandle<Result>(updateId).result());
  } catch (error) {
    if (error instanceof EngineRefusal) return null;
    throw error;
  }
}

/** Tells a flow's workflow something that nobody waits for. One that is over needs to know no more. */
export async function tell<Arguments extends [unknown?]>(client: Client, workflowId: string, signal: SignalDefinition<Arguments>, ...args: Arguments): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  await withDeadline(client, () => handle.signal(signal, ...args)).catch((error: unknown) => {
    if (!(error instanceof EngineRefusal)) throw error;
  });
}

/**
 * Starts a workflow, or leaves one of its id that runs, or that the policy does not begin again, as it is. Returns whether it was started.
 * @throws Problem `engine-unavailable`
 */
export async function startOnce<Input>(client: Client, name: string, options: Omit<WorkflowStartOptions<(input: Input) => Promise<unknown>>, 'taskQueue' | 'workflowIdConflictPolicy'>): Promise<boolean> {
  try {
    await withDeadline(client, () => client.workflow.start<(input: Input) => Promise<unknown>>(name, { ...options, taskQueue: TASK_QUEUE, workflowIdConflictPolicy: 'FAIL' }));
    return true;
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    return false;
  }
}
