import type { TaskCheckers } from '../checks/checker';
import type { ActivityDependencies } from '../dependencies';

/** What the activities of an onboarding need; a test passes its own. */
export interface OnboardingDependencies extends ActivityDependencies {
  readonly checkers: TaskCheckers;
}
