import type { NotOffered, TaskName } from './tasks';

export interface TaskTexts {
  readonly title: string;
  /** What the task is for, above its form. */
  readonly introduction: string;
}

export const taskTexts: Readonly<Record<TaskName, TaskTexts>> = {
  details: { title: 'Confirming Your Details', introduction: 'Tell us who you are, whom we can reach, by which clock you work, and where notices about your account go.' },
  domains: { title: 'Verifying Your Domains', introduction: 'Show that your mail domains are yours: add a TXT record to each. We look for it for up to three days, and tell you by e-mail when it is found.' },
  users: { title: 'Synchronising Users', introduction: 'Bring in the people of your organisation, from your directory or from a file.' },
  authentication: { title: 'Setting Up User Authentication', introduction: 'Choose how your people sign in: with a password that is kept here (Cloud), or with the one of your directory (Domain). Domain is tried out with one user before it is offered.' },
  'outbound-mail': { title: 'Authorising Outbound Mail', introduction: 'Name the hosts that send mail for your domains, and include us in their SPF records.' },
  'inbound-mail': { title: 'Delivering Inbound Mail', introduction: 'Tell us where to deliver your mail. We try to reach the host; then point the MX records of your domains to us.' },
  sms: { title: 'Setting Up SMS', introduction: 'Choose the attribute of your users that holds their mobile number, with the country code and no leading zeroes.' },
  review: { title: 'Review and Go Live', introduction: 'Look over what was set up. Once you go live, your mail is protected.' },
};

/** What the welcome page says, and what it leads to. */
export const welcome = {
  title: 'Welcome to the Connect Application',
  introduction: [
    'This application takes your organisation on board, task by task.',
    'You do not have to complete all tasks in one go: some of what you enter has to be validated, and it is likely that you come back a few times. What you enter is kept, on any device.',
  ],
  resources: [
    { title: 'What to have ready', text: 'Access to the DNS of your domains, the addresses of your mail servers, and an account that reads your directory or a file of your users.' },
    { title: 'How long it takes', text: 'The forms take about an hour. A change of DNS may take up to three days to be seen everywhere.' },
    { title: 'Who can help', text: 'Any administrator of your account can go on where you stopped. The support desk knows your tasks by your account code.' },
  ],
} as const;

/** Why something is not as it should be, in plain words, and what to do about it. */
export interface Advice {
  readonly reason: string;
  readonly whatToDo: string;
}

const list = (tasks: readonly TaskName[]): string => tasks.map((task) => taskTexts[task].title).join(', ');

/** Why an action is not offered, as people read it. */
export function whyNotOffered(why: NotOffered): string {
  switch (why.why) {
    case 'no-such-task': return 'Your account does not have this task.';
    case 'needs': return `Complete first: ${list(why.tasks)}.`;
    case 'held': return `It cannot be reopened, because these rely on it: ${list(why.tasks)}.`;
    case 'state': return `The task is ${why.state.replace('-', ' ')}.`;
  }
}

/** Attributes that a sentence names. */
const MOST_NAMED = 10;

export const advice = {
  /** Nothing was found in the whole time that is looked for it. */
  givenUp: (last: Advice): Advice => ({ reason: `${last.reason} We looked for three days and have stopped.`, whatToDo: `${last.whatToDo} Then submit the task again.` }),
  formIncomplete: { reason: 'Something is missing in the form.', whatToDo: 'Complete the form and submit it again.' },
  /** `known`: what there is to choose from. A file's heading may be another word for an attribute. */
  noSuchAttribute: (name: string, known: readonly string[]): Advice => ({
    reason: `None of your users has an attribute named "${name}".`,
    whatToDo: known.length === 0
      ? 'Synchronise them again with the attribute that holds the mobile number.'
      : `Choose one that your users have (${known.slice(0, MOST_NAMED).join(', ')}${known.length > MOST_NAMED ? ' ...' : ''}), or synchronise them again with the attribute that holds the mobile number.`,
  }),
  noUsableNumber: (name: string): Advice => ({ reason: `No value of the attribute "${name}" is a mobile number in long format.`, whatToDo: 'Store the numbers with a plus and the country code and without leading zeroes, for instance +12025550101, or choose another attribute.' }),
  tasksOpen: (tasks: readonly TaskName[]): Advice => ({ reason: `Not everything is completed: ${list(tasks)}.`, whatToDo: 'Complete these tasks, then go live.' }),
  domainTaken: (domains: readonly string[]): Advice => ({ reason: `${domains.join(', ')} cannot be verified, because another account has verified it.`, whatToDo: 'Leave it out, or ask the support desk if it should be yours.' }),
  uploadGone: { reason: 'The file is not there any more: files are kept for a week.', whatToDo: 'Upload it again.' },
  directoryTakesLong: (reached: boolean): Advice => (reached
    ? { reason: 'The directory was reached. To read all of it takes longer than you would want to wait here.', whatToDo: 'Submit the task: then it is read to its end, and you are told by e-mail.' }
    : { reason: 'The directory takes too long to answer.', whatToDo: 'Try it again. If it lasts, check the way between your directory and us.' }),
  noDirectory: { reason: 'Your account has no directory that passwords could be checked against.', whatToDo: 'Choose Cloud, or synchronise your users from your directory first.' },
  noSuchUser: (address: string): Advice => ({ reason: `${address} is none of your users.`, whatToDo: 'Enter somebody who was brought in with your users.' }),
  checkFailed: { reason: 'The check itself does not work at the moment.', whatToDo: 'There is nothing for you to do: it is tried again.' },
} as const;
