import type { OnboardingEnding } from '../../domain/onboarding/page';
import { blockedBy, missingFor, nextTask, taskNames, unfinished, type BlockedBy, type TaskStates } from '../../domain/onboarding/tasks';
import { taskTexts } from '../../domain/onboarding/texts';
import { LINE_BREAK, time } from '../prose';
import type { Ends } from './messages';

const WAITS: Readonly<Record<BlockedBy, string>> = {
  attention: 'an administrator of the account, who has something to mend',
  administrator: 'an administrator of the account',
  validation: 'a validation: its pending activity says what was found last and when it looks again',
};

/** What each ending means, to who looks into it later. */
const ENDINGS: Readonly<Record<OnboardingEnding, string>> = {
  completed: 'All tasks are completed; the account is live.',
  discontinued: 'Its last day is over. Nothing entered is lost: give the account a later last day to reopen it.',
  cancelled: 'An operator stopped it. Nothing entered is lost: it can be reopened.',
};

/** The summary of the one timer. */
export function endSummary({ lastDay, at }: Ends): string {
  return `The end of ${lastDay ?? ''}: ${time(at ?? 0)}`;
}

/** What the account does now, as a search attribute says it. */
export function stepOf(tasks: TaskStates, outcome: OnboardingEnding | null): string {
  return outcome ?? nextTask(tasks) ?? 'completed';
}

function taskLines(tasks: TaskStates): string[] {
  const had = taskNames.filter((task) => tasks[task] !== undefined);
  const completed = had.filter((task) => tasks[task] === 'completed');
  const begun = unfinished(tasks).map((task) => `${taskTexts[task].title} (${tasks[task]})`);
  return [`**Completed:** ${completed.length} of ${had.length}`, ...(begun.length > 0 ? [`**Begun:** ${begun.join(', ')}`] : [])];
}

/** The onboarding in a few lines of markdown, for its page in the Temporal Web UI. One paragraph: of more the page cuts the last. */
export function describe(now: { tasks: TaskStates; ends: Ends; outcome: OnboardingEnding | null; since: number }): string {
  const { tasks, ends, outcome, since } = now;
  if (outcome) return [`**Ended:** ${outcome}, ${time(since)}`, ENDINGS[outcome], ...taskLines(tasks)].join(LINE_BREAK);
  const next = nextTask(tasks);
  const missing = next ? missingFor(next, tasks) : [];
  return [
    `**Next:** ${next ? taskTexts[next].title : 'nothing'}${missing.length > 0 ? ' (not before others are completed)' : ''}, since ${time(since)}`,
    `**Waits for:** ${WAITS[blockedBy(tasks) ?? 'administrator']}, until ${ends.at === null ? 'no set date' : time(ends.at)}`,
    ...taskLines(tasks),
  ].join(LINE_BREAK);
}
