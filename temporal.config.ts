import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** One queue for journeys; what is sent to people has workers' slots of its own, so that a slow carrier stops no flow. */
export const TASK_QUEUE = 'postern-journeys';

/**
 * Typed search attributes of a flow. Not encrypted by the server, so: codes and states only, never personal data.
 * The engine must know them (`--search-attribute` on the dev server, `temporal operator search-attribute create` elsewhere).
 */
export const searchAttributes = {
  account: defineSearchAttributeKey('PosternAccount', SearchAttributeType.KEYWORD),
  application: defineSearchAttributeKey('PosternApplication', SearchAttributeType.KEYWORD),
  step: defineSearchAttributeKey('PosternStep', SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey('PosternOutcome', SearchAttributeType.KEYWORD),
  blockedBy: defineSearchAttributeKey('PosternBlockedBy', SearchAttributeType.KEYWORD),
  /** A date as ISO 8601 writes it: keywords compare as dates do. */
  lastDay: defineSearchAttributeKey('PosternLastDay', SearchAttributeType.KEYWORD),
};

/** Milliseconds an API request waits for the engine before it answers 503: a person should not wait longer for a refusal. */
export const ENGINE_DEADLINE_MS = 4_500;

/** The workflow a flow runs as. The id holds the digest of the flow's first handle, never the handle. */
export function passwordResetWorkflowId(flowId: string): string {
  return `password-reset-${flowId}`;
}

export function signInWorkflowId(flowId: string): string {
  return `sign-in-${flowId}`;
}

/** The workflow that sends one notice, where no journey's own does. */
export function noticeWorkflowId(noticeId: string): string {
  return noticeId;
}

/** The one workflow of an account's onboarding; its messages and audit records go by the same id. */
export function connectOnboardingWorkflowId(accountCode: string): string {
  return `connect-onboarding-${accountCode}`;
}
