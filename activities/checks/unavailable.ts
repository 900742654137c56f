import type { TaskChecker } from './checker';

/** Stands where a check is not part of this installation: nothing is taken for right that nobody has looked at. */
export const unavailable: TaskChecker = {
  check: async () => ({ result: 'not-yet', reason: 'This cannot be checked here yet.', whatToDo: 'There is nothing for you to do: the support desk is on it.' }),
};
