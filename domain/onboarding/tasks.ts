/** The tasks of an onboarding, in the order they are offered. */
export const taskNames = ['details', 'domains', 'users', 'authentication', 'outbound-mail', 'inbound-mail', 'sms', 'review'] as const;
export type TaskName = (typeof taskNames)[number];

export const taskStates = ['not-started', 'in-progress', 'validating', 'needs-attention', 'completed'] as const;
export type TaskState = (typeof taskStates)[number];

/** The states of the tasks that an account has; what its subscriptions leave out is not there. */
export type TaskStates = { readonly [Name in TaskName]?: TaskState };

/** What can be done to a task. `draft` saves what was entered; the workflow knows the others. */
export const taskActions = ['start', 'draft', 'submit', 'check-now', 'cancel', 'reopen'] as const;
export type TaskAction = (typeof taskActions)[number];

interface TaskRule {
  /** What is completed before it can start and be submitted. Of the tasks that an account has not, nothing is needed. */
  readonly needs: readonly TaskName[];
  /** What stays as it is while this one is being validated or completed: it was judged by it. */
  readonly holds: readonly TaskName[];
}

const rules: Readonly<Record<TaskName, TaskRule>> = {
  details: { needs: [], holds: [] },
  domains: { needs: ['details'], holds: [] },
  users: { needs: ['domains'], holds: ['domains'] },
  authentication: { needs: ['users'], holds: ['users'] },
  'outbound-mail': { needs: ['domains'], holds: ['domains'] },
  'inbound-mail': { needs: ['domains'], holds: ['domains'] },
  sms: { needs: ['users'], holds: ['users'] },
  review: {
    needs: ['details', 'domains', 'users', 'authentication', 'outbound-mail', 'inbound-mail', 'sms'],
    holds: ['details', 'domains', 'users', 'authentication', 'outbound-mail', 'inbound-mail', 'sms'],
  },
};

/** The states in which each action is offered. */
const offeredIn: Readonly<Record<TaskAction, readonly TaskState[]>> = {
  start: ['not-started'],
  draft: ['in-progress', 'needs-attention'],
  submit: ['in-progress', 'needs-attention'],
  'check-now': ['validating'],
  cancel: ['validating'],
  reopen: ['completed'],
};

/** The package that brings text messages, by the names it is ordered under. */
const SMS_SERVICES = ['sms-services', 'sms'];

/** The tasks that an account with these subscriptions has. */
export function tasksFor(subscriptions: readonly string[]): TaskName[] {
  const hasSms = subscriptions.some((subscription) => SMS_SERVICES.includes(subscription));
  return taskNames.filter((task) => task !== 'sms' || hasSms);
}

/** The tasks of a new onboarding. */
export function newTasks(subscriptions: readonly string[]): TaskStates {
  return Object.fromEntries(tasksFor(subscriptions).map((task) => [task, 'not-started'] as const));
}

export function isTaskName(name: string): name is TaskName {
  return (taskNames as readonly string[]).includes(name);
}

const had = (states: TaskStates): TaskName[] => taskNames.filter((task) => states[task] !== undefined);

/** What a task waits for. */
export function missingFor(task: TaskName, states: TaskStates): TaskName[] {
  return rules[task].needs.filter((needed) => states[needed] !== undefined && states[needed] !== 'completed');
}

/** What was judged by a task as it is, and would have to be reopened before it. */
export function heldBy(task: TaskName, states: TaskStates): TaskName[] {
  return had(states).filter((other) => rules[other].holds.includes(task) && (states[other] === 'validating' || states[other] === 'completed'));
}

/** Why an action is not offered. */
export type NotOffered =
  | { readonly why: 'no-such-task' }
  | { readonly why: 'state'; readonly state: TaskState }
  | { readonly why: 'needs'; readonly tasks: readonly TaskName[] }
  | { readonly why: 'held'; readonly tasks: readonly TaskName[] };

/** Judges an action on a task: null where it is offered. Page, server and workflow ask the same. */
export function notOffered(action: TaskAction, task: TaskName, states: TaskStates): NotOffered | null {
  const state = states[task];
  if (state === undefined) return { why: 'no-such-task' };
  if (!offeredIn[action].includes(state)) return { why: 'state', state };
  const missing = action === 'start' || action === 'submit' ? missingFor(task, states) : [];
  if (missing.length > 0) return { why: 'needs', tasks: missing };
  const held = action === 'reopen' ? heldBy(task, states) : [];
  return held.length > 0 ? { why: 'held', tasks: held } : null;
}

/** What is offered for a task now, in the order a page shows it. */
export function offeredActions(task: TaskName, states: TaskStates): TaskAction[] {
  return taskActions.filter((action) => notOffered(action, task, states) === null);
}

/** Whether an administrator can do something about a task now. */
function wantsSomebody(task: TaskName, states: TaskStates): boolean {
  return notOffered('start', task, states) === null || notOffered('submit', task, states) === null;
}

/** The next step to be performed: the first task that an administrator can go on with, else the first that is being validated. Null once all are completed. */
export function nextTask(states: TaskStates): TaskName | null {
  return had(states).find((task) => wantsSomebody(task, states)) ?? had(states).find((task) => states[task] === 'validating') ?? null;
}

/** What an onboarding waits for: something is wrong, an administrator can go on, or a validation has to end. */
export type BlockedBy = 'attention' | 'administrator' | 'validation';

export function blockedBy(states: TaskStates): BlockedBy | null {
  if (had(states).some((task) => states[task] === 'needs-attention')) return 'attention';
  const next = nextTask(states);
  if (next === null) return null;
  return wantsSomebody(next, states) ? 'administrator' : 'validation';
}

/** Tasks begun and not completed, in their order. */
export function unfinished(states: TaskStates): TaskName[] {
  return had(states).filter((task) => states[task] !== 'not-started' && states[task] !== 'completed');
}

export function isComplete(states: TaskStates): boolean {
  return had(states).every((task) => states[task] === 'completed');
}
