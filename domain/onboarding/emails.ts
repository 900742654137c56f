import { applicationNames, type EmailText } from '../texts';
import type { CalendarDate } from './calendar';
import type { TaskName } from './tasks';
import { taskTexts, type Advice } from './texts';

interface Common {
  readonly brand: string;
  /** The address of the application's logon. */
  readonly url: string;
}

const name = applicationNames.connect;
const open = ({ url }: Common): EmailText['button'] => ({ label: `Open the ${name}`, url });

/** "today", "tomorrow", "in 7 days". */
function inDays(days: number): string {
  if (days <= 0) return 'today';
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}

/** The e-mails of an onboarding, in one language. */
export const english = {
  // Nothing before the lines to copy from may look like one of them.
  welcome: (p: Common & { logon: string; password: string; hours: number; account: string; again: boolean }): EmailText => ({
    subject: p.again ? `${p.brand}: your new way into the ${name}` : `${p.brand}: welcome to the ${name}`,
    paragraphs: [
      p.again
        ? `Here is what you sign in to the ${name} with from now on. It takes the place of what you were sent before.`
        : `Your account ${p.account} was created. The ${name} takes your organisation on board, task by task, over as many sessions as you like.`,
      `Sign in within ${p.hours} hours with the lines below and choose Cloud as the authentication type. You then enrol your mobile phone and choose your own words.`,
    ],
    lines: [`Logon: ${p.logon}`, `Password: ${p.password}`],
    button: open(p),
    after: ['You have more time than that for the tasks: only these lines end. If they have, ask the support desk for new ones.', 'If you do not know what this is about, tell the support desk and do nothing else.'],
  }),
  taskCompleted: (p: Common & { task: TaskName }): EmailText => ({
    subject: `${p.brand}: ${taskTexts[p.task].title} is completed`,
    paragraphs: [`What you entered for "${taskTexts[p.task].title}" was validated, and the task is completed. You can go on with the next one.`],
    button: open(p),
  }),
  taskAttention: (p: Common & { task: TaskName } & Advice): EmailText => ({
    subject: `${p.brand}: ${taskTexts[p.task].title} needs your attention`,
    paragraphs: [`What you entered for "${taskTexts[p.task].title}" could not be validated.`, p.reason, p.whatToDo, 'Everything you entered is kept.'],
    button: open(p),
  }),
  reminder: (p: Common & { daysLeft: number; lastDay: CalendarDate; next: TaskName | null }): EmailText => ({
    subject: `${p.brand}: the ${name} ends ${inDays(p.daysLeft)}`,
    paragraphs: [
      `The ${name} is discontinued ${inDays(p.daysLeft)}: its last day is ${p.lastDay}. Your onboarding is not complete yet.`,
      ...(p.next ? [`Your next task is "${taskTexts[p.next].title}".`] : []),
      'If you need more time, ask the support desk before then.',
    ],
    button: open(p),
  }),
  stalled: (p: Common & { next: TaskName | null }): EmailText => ({
    subject: `${p.brand}: your onboarding waits for you`,
    paragraphs: ['Nobody has gone on with your onboarding for a week.', ...(p.next ? [`Your next task is "${taskTexts[p.next].title}". Everything you entered is kept.`] : []), 'If something keeps you from it, the support desk can help.'],
    button: open(p),
  }),
  discontinued: (p: Common & { lastDay: CalendarDate }): EmailText => ({
    subject: `${p.brand}: the ${name} has ended`,
    paragraphs: [`The last day of the ${name} was ${p.lastDay}, and your onboarding was not complete.`, 'Nothing you entered is lost. If you still want to come on board, ask the support desk to extend your time: you then go on where you stopped.'],
  }),
} as const;
