import type { Client, UpdateDefinition } from '@temporalio/client';
import type { FlowRow } from '../../db/flows';
import { applicationNames } from '../../domain/texts';
import { passwordResetWorkflowId } from '../../temporal.config';
import { beginUpdate, PASSWORD_RESET, undeliveredSignal, type PasswordResetInput, type ResetState } from '../../workflows/password-reset/messages';
import * as engine from '../engine';

/** What a reset goes by, as its summary says it. */
const secretNames: Record<PasswordResetInput['variant'], string> = {
  code: 'SMS code', link: 'one-time link', 'temporary-password': 'temporary password', invitation: "administrator's invitation",
};

/** Starts the reset's workflow, or finds it, and answers its first step. */
export function begin(client: Client, flow: FlowRow, input: PasswordResetInput, step: string): Promise<ResetState> {
  return engine.beginFlow(client, flow, {
    name: PASSWORD_RESET,
    workflowId: passwordResetWorkflowId(flow.id),
    input,
    begin: beginUpdate,
    step,
    summary: `Password reset by ${secretNames[input.variant]}, ${applicationNames[flow.application]}, ${flow.account_code === null ? 'address of no account' : `account ${flow.account_code}`}`,
    details: [
      `Asked for in the **${applicationNames[flow.application]}** by ${flow.initiated_by === 'self' ? 'the person' : 'an administrator'}.`,
      'Its story stands in the tables `audit` and `messages`, under the `flowId` of the input.',
      '*Request Cancellation* ends it; its page then says so.',
    ],
  });
}

/** Sends one step to the reset's workflow. A repeat with the same id gets the first answer. */
export function sendStep<Result, Argument>(client: Client, flowId: string, update: UpdateDefinition<Result, [Argument]>, updateId: string, argument: Argument): Promise<Result> {
  return engine.sendStep(client, passwordResetWorkflowId(flowId), update, updateId, argument);
}

/** Sends a step that needs no more than its name. */
export function sendBareStep<Result>(client: Client, flowId: string, update: UpdateDefinition<Result, []>, updateId: string): Promise<Result> {
  return engine.sendBareStep(client, passwordResetWorkflowId(flowId), update, updateId);
}

/** Tells the workflow that the text of a round reached nobody. */
export function reportUndelivered(client: Client, message: { readonly flow_id: string; readonly round: number }): Promise<void> {
  return engine.tell(client, passwordResetWorkflowId(message.flow_id), undeliveredSignal, { round: message.round });
}
