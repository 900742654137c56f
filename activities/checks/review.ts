import { missingFor } from '../../domain/onboarding/tasks';
import { advice } from '../../domain/onboarding/texts';
import type { TaskChecker } from './checker';

/** *Review and Go Live*: everything else is completed, and somebody said yes to it. */
export const reviewChecker: TaskChecker<'review'> = {
  atOnce: true,
  check: async ({ states }) => {
    const open = missingFor('review', states);
    return open.length === 0 ? { result: 'ok', facts: {} } : { result: 'wrong', ...advice.tasksOpen(open) };
  },
};
