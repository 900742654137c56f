import { nextTask, taskNames, type TaskName, type TaskStates } from './tasks';

export const onboardingEndings = ['completed', 'discontinued', 'cancelled'] as const;
/** How an onboarding's workflow ends. `cancelled`: by an operator. */
export type OnboardingEnding = (typeof onboardingEndings)[number];

/** What a person who enters sees: a page, or the task whose page it is. */
export type OnboardingStep = 'welcome' | TaskName | 'done' | 'discontinued' | 'cancelled';

/** What decides on the page. */
export interface Progress {
  readonly states: TaskStates;
  /** When each task was completed last, in milliseconds. */
  readonly completedAt: { readonly [Name in TaskName]?: number };
  /** Whether any task was ever started, or anything entered. */
  readonly begun: boolean;
  readonly outcome: OnboardingEnding | null;
}

/** The task that was completed last, of those that still are. */
export function lastCompleted({ states, completedAt }: Pick<Progress, 'states' | 'completedAt'>): TaskName | null {
  const completed = taskNames.filter((task) => states[task] === 'completed');
  return completed.reduce<TaskName | null>((last, task) => (last === null || (completedAt[task] ?? 0) >= (completedAt[last] ?? 0) ? task : last), null);
}

/** Whether a step is an ending: nothing can be done any more. */
export function isOnboardingOver(step: string): boolean {
  return step === 'done' || step === 'discontinued' || step === 'cancelled';
}

/**
 * The page of who enters: the welcome page until any task has started and never again; then the page of the next task,
 * as long as none is completed; then the one completed last, from which *Continue* leads on.
 */
export function pageToShow(progress: Progress): OnboardingStep {
  if (progress.outcome !== null) return progress.outcome === 'completed' ? 'done' : progress.outcome;
  if (!progress.begun) return 'welcome';
  return lastCompleted(progress) ?? nextTask(progress.states) ?? 'done';
}
