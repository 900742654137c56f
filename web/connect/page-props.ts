import type { TaskStates } from '../../domain/onboarding/tasks';
import type { Onboarding, OnboardingTask } from '../api/onboardings';

/** What every page of the application is given. */
export interface ConnectPageProps {
  readonly onboarding: Onboarding;
  /** Shows what the server answered. */
  readonly update: (onboarding: Onboarding) => void;
  readonly refetch: () => Promise<void>;
}

/** What the page of a task is given. */
export interface TaskProps extends ConnectPageProps {
  readonly task: OnboardingTask;
}

/** The states of all tasks, as the rules about them are asked. */
export function statesOf({ details: { tasks } }: Onboarding): TaskStates {
  return Object.fromEntries(tasks.map(({ name, state }) => [name, state]));
}
