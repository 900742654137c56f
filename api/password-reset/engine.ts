import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApplicationFailure, isGrpcServiceError, ServiceError, WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client, type UpdateDefinition,
} from '@temporalio/client';
import type { FlowRow } from '../../db/flows';
import { applicationNames } from '../../domain/texts';
import { keyedDigest } from '../../security/digests';
import type { KeyRing } from '../../security/keys';
import { ENGINE_DEADLINE_MS, passwordResetWorkflowId, searchAttributes, TASK_QUEUE } from '../../temporal.config';
import { beginUpdate, PASSWORD_RESET, undeliveredSignal, type PasswordResetInput, type Refusal, type ResetState } from '../../workflows/password-reset/messages';
import { Problem } from '../problems';

/** The workflow refused an Update, or is over. What the caller is told depends on the row. */
export class EngineRefusal extends Error {
  constructor(readonly type: Refusal) {
    super(type);
    this.name = 'EngineRefusal';
  }
}

function translate(error: unknown): Error {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return new EngineRefusal((error.cause.type ?? 'ended') as Refusal);
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return new EngineRefusal('ended');
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
async function withDeadline<T>(client: Client, call: () => Promise<T>): Promise<T> {
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
const WORKFLOW_TASK_TIMEOUT = '5 s';

/** What a reset goes by, as its summary says it. */
const secretNames: Record<PasswordResetInput['variant'], string> = {
  code: 'SMS code', link: 'one-time link', 'temporary-password': 'temporary password', invitation: "administrator's invitation",
};

/** Starts the flow's workflow, or finds it, and answers its first step: one round trip. */
export function begin(client: Client, flow: FlowRow, input: PasswordResetInput, initialStep: string): Promise<ResetState> {
  const startWorkflowOperation = new WithStartWorkflowOperation(PASSWORD_RESET, {
    workflowId: passwordResetWorkflowId(flow.id),
    taskQueue: TASK_QUEUE,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    staticSummary: `Password reset by ${secretNames[input.variant]}, ${applicationNames[flow.application]}, ${flow.account_code === null ? 'address of no account' : `account ${flow.account_code}`}`,
    staticDetails: [
      `Asked for in the **${applicationNames[flow.application]}** by ${flow.initiated_by === 'self' ? 'the person' : 'an administrator'}.`,
      'Its story stands in the tables `audit` and `messages`, under the `flowId` of the input.',
      '*Request Cancellation* ends it; its page then says so.',
    ].join('  \n'),
    typedSearchAttributes: [
      { key: searchAttributes.account, value: flow.account_code ?? 'none' },
      { key: searchAttributes.application, value: flow.application },
      { key: searchAttributes.step, value: initialStep },
    ],
  });
  return withDeadline(client, () => client.workflow.executeUpdateWithStart(beginUpdate, { updateId: 'begin', startWorkflowOperation }));
}

/** Sends one step to the flow's workflow. A repeat with the same id gets the first answer. */
export function sendStep<Result, Argument>(client: Client, flowId: string, update: UpdateDefinition<Result, [Argument]>, updateId: string, argument: Argument): Promise<Result> {
  const handle = client.workflow.getHandle(passwordResetWorkflowId(flowId));
  return withDeadline(client, () => handle.executeUpdate(update, { updateId, args: [argument] }));
}

/** Sends a step that needs no more than its name. */
export function sendBareStep<Result>(client: Client, flowId: string, update: UpdateDefinition<Result, []>, updateId: string): Promise<Result> {
  const handle = client.workflow.getHandle(passwordResetWorkflowId(flowId));
  return withDeadline(client, () => handle.executeUpdate(update, { updateId }));
}

/** What the flow's workflow answered to this Update, also when it has ended since; null where it carried out no such step. */
export async function answerTo<Result>(client: Client, flowId: string, updateId: string): Promise<Result | null> {
  const handle = client.workflow.getHandle(passwordResetWorkflowId(flowId));
  try {
    return await withDeadline(client, () => handle.getUpdateHandle<Result>(updateId).result());
  } catch (error) {
    if (error instanceof EngineRefusal) return null;
    throw error;
  }
}

/** Tells the workflow that the text of a round reached nobody. One that is over needs to know no more. */
export async function reportUndelivered(client: Client, message: { readonly flow_id: string; readonly round: number }): Promise<void> {
  const handle = client.workflow.getHandle(passwordResetWorkflowId(message.flow_id));
  await withDeadline(client, () => handle.signal(undeliveredSignal, { round: message.round })).catch((error: unknown) => {
    if (!(error instanceof EngineRefusal)) throw error;
  });
}
