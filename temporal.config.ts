import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Workflows, and what they do beside sending texts. */
export const TASK_QUEUE = 'postern-journeys';
/** What carries codes to people who wait for them: slots of its own, that no broadcast takes. */
export const CODES_QUEUE = 'postern-codes';
/** Broadcasts: as many batches at a time as their workers have slots. */
export const NOTICES_QUEUE = 'postern-notices';

/**
 * Typed search attributes of a flow. Not encrypted by the server, so: codes, states and counts only, never personal data.
 * The engine must know them: the embedded one learns them at each start, others by `temporal operator search-attribute create`.
 */
export const searchAttributes = {
  account: defineSearchAttributeKey('PosternAccount', SearchAttributeType.KEYWORD),
  application: defineSearchAttributeKey('PosternApplication', SearchAttributeType.KEYWORD),
  step: defineSearchAttributeKey('PosternStep', SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey('PosternOutcome', SearchAttributeType.KEYWORD),
  blockedBy: defineSearchAttributeKey('PosternBlockedBy', SearchAttributeType.KEYWORD),
  /** A date as ISO 8601 writes it: keywords compare as dates do. */
  lastDay: defineSearchAttributeKey('PosternLastDay', SearchAttributeType.KEYWORD),
  /** Notices of a continuity event, of all its phases, or of one broadcast. A namespace on SQL has three attributes of numbers: these. */
  told: defineSearchAttributeKey('PosternTold', SearchAttributeType.INT),
  delivered: defineSearchAttributeKey('PosternDelivered', SearchAttributeType.INT),
  failed: defineSearchAttributeKey('PosternFailed', SearchAttributeType.INT),
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

export function smsSubscriptionWorkflowId(flowId: string): string {
  return `sms-subscription-${flowId}`;
}

/** One workflow looks at the values of a check, another one applies what it proposed. */
export function numberCheckWorkflowId(checkId: string, work: 'look' | 'apply'): string {
  return `number-check-${checkId}-${work}`;
}

/** The workflow that sends one notice, where no journey's own does. */
export function noticeWorkflowId(noticeId: string): string {
  return noticeId;
}

/** The one workflow of an account's onboarding; its messages and audit records go by the same id. */
export function connectOnboardingWorkflowId(accountCode: string): string {
  return `connect-onboarding-${accountCode}`;
}

/** The one workflow of a continuity event. */
export function continuityEventWorkflowId(eventId: string): string {
  return `continuity-event-${eventId}`;
}

/** The broadcast of one phase of an event; a further round sends what failed or was left. */
export function broadcastWorkflowId(eventId: string, phase: string, round: number): string {
  return `broadcast-${eventId}-${phase}${round === 0 ? '' : `-${round}`}`;
}
