import * as fc from 'fast-check';
import { isOnboardingOver, lastCompleted, pageToShow, type Progress } from '../../../domain/onboarding/page';
import {
  blockedBy, heldBy, isComplete, missingFor, newTasks, nextTask, notOffered, offeredActions, taskActions, taskNames, tasksFor, taskStates, unfinished,
  type TaskName, type TaskState, type TaskStates,
} from '../../../domain/onboarding/tasks';
import { taskTexts, whyNotOffered } from '../../../domain/onboarding/texts';

const none = newTasks(['sms-services']);
/** The states where the named tasks are as said and everything else is completed. */
const allBut = (some: TaskStates): TaskStates => ({ ...Object.fromEntries(taskNames.map((task) => [task, 'completed' as TaskState])), ...some });

describe('the tasks of an account', () => {
  test('are all eight with the SMS Services subscription, without it the one of SMS is left out', () => {
    expect(tasksFor(['sms-services'])).toEqual(taskNames);
    expect(tasksFor(['sms', 'archive'])).toEqual(taskNames);
    expect(tasksFor(['archive'])).toEqual(taskNames.filter((task) => task !== 'sms'));
    expect(newTasks([])).not.toHaveProperty('sms');
  });

  test('have the titles of the article', () => {
    expect(tasksFor(['sms']).map((task) => taskTexts[task].title)).toEqual([
      'Confirming Your Details', 'Verifying Your Domains', 'Synchronising Users', 'Setting Up User Authentication', 'Authorising Outbound Mail', 'Delivering Inbound Mail', 'Setting Up SMS', 'Review and Go Live',
    ]);
  });
});

describe('check 60: an action', () => {
  test('of a task is offered only where its state and what it needs allow it', () => {
    expect(offeredActions('details', none)).toEqual(['start']);
    expect(offeredActions('domains', none)).toEqual([]);
    expect(offeredActions('domains', { ...none, details: 'completed' })).toEqual(['start']);
    expect(offeredActions('details', { ...none, details: 'in-progress' })).toEqual(['draft', 'submit']);
    expect(offeredActions('details', { ...none, details: 'needs-attention' })).toEqual(['draft', 'submit']);
    expect(offeredActions('domains', { ...none, details: 'completed', domains: 'validating' })).toEqual(['check-now', 'cancel']);
    expect(offeredActions('details', { ...none, details: 'completed' })).toEqual(['reopen']);
  });

  test('of a task that the account has not is never offered', () => {
    for (const action of taskActions) expect(notOffered(action, 'sms', newTasks([]))).toEqual({ why: 'no-such-task' });
  });

  test('submit waits until what was reopened is completed again', () => {
    const states = allBut({ details: 'in-progress', domains: 'in-progress', users: 'not-started', review: 'not-started' });
    expect(notOffered('submit', 'domains', states)).toEqual({ why: 'needs', tasks: ['details'] });
    expect(notOffered('draft', 'domains', states)).toBeNull();
  });

  test('reopen is refused while what relies on the task is completed or being validated, and names it', () => {
    const states = allBut({ users: 'in-progress', authentication: 'not-started', 'inbound-mail': 'validating', sms: 'not-started', review: 'not-started' });
    expect(heldBy('domains', states)).toEqual(['outbound-mail', 'inbound-mail']);
    expect(whyNotOffered(notOffered('reopen', 'domains', states)!)).toBe('It cannot be reopened, because these rely on it: Authorising Outbound Mail, Delivering Inbound Mail.');
    expect(notOffered('reopen', 'details', states)).toBeNull();
    expect(notOffered('reopen', 'outbound-mail', states)).toBeNull();
  });

  test('says what to complete first', () => {
    expect(whyNotOffered(notOffered('start', 'review', none)!)).toContain('Confirming Your Details, Verifying Your Domains');
    expect(whyNotOffered({ why: 'state', state: 'needs-attention' })).toBe('The task is needs attention.');
  });
});

describe('the review', () => {
  test('needs every other task of the account, and no other', () => {
    expect(missingFor('review', none)).toEqual(taskNames.filter((task) => task !== 'review'));
    expect(missingFor('review', newTasks([]))).not.toContain('sms');
    expect(notOffered('start', 'review', allBut({ review: 'not-started' }))).toBeNull();
  });

  test('once completed holds everything as it is', () => {
    for (const task of taskNames.filter((name) => name !== 'review')) expect(heldBy(task, allBut({}))).toContain('review');
    expect(isComplete(allBut({}))).toBe(true);
    expect(isComplete(allBut({ review: 'validating' }))).toBe(false);
  });
});

describe('the next step', () => {
  test('is the first task that an administrator can go on with', () => {
    expect(nextTask(none)).toBe('details');
    expect(nextTask({ ...none, details: 'completed', domains: 'validating' })).toBe('domains');
    expect(nextTask(allBut({ users: 'validating', authentication: 'not-started', 'outbound-mail': 'not-started', review: 'not-started' }))).toBe('outbound-mail');
    expect(nextTask(allBut({ domains: 'needs-attention', review: 'not-started' }))).toBe('domains');
    expect(nextTask(allBut({}))).toBeNull();
  });

  test('says what the onboarding waits for', () => {
    expect(blockedBy(none)).toBe('administrator');
    expect(blockedBy({ ...none, details: 'completed', domains: 'validating' })).toBe('validation');
    expect(blockedBy(allBut({ 'inbound-mail': 'needs-attention', users: 'validating' }))).toBe('attention');
    expect(blockedBy(allBut({}))).toBeNull();
  });

  test('leaves out of what is unfinished the tasks that have not begun', () => {
    expect(unfinished(allBut({ users: 'validating', sms: 'in-progress', review: 'not-started' }))).toEqual(['users', 'sms']);
  });
});

describe('the page to show', () => {
  const progress = (states: TaskStates, more: Partial<Progress> = {}): Progress => ({ states, completedAt: {}, begun: true, outcome: null, ...more });

  test('is the welcome page until a task has started, and never again', () => {
    expect(pageToShow(progress(none, { begun: false }))).toBe('welcome');
    expect(pageToShow(progress(none))).toBe('details');
    expect(pageToShow(progress({ ...none, details: 'in-progress' }))).toBe('details');
  });

  test('is the task completed last, by time and not by order', () => {
    const states = allBut({ 'outbound-mail': 'in-progress', sms: 'not-started', review: 'not-started' });
    const completedAt = { details: 9, domains: 2, users: 3, authentication: 4, 'inbound-mail': 5 };
    expect(pageToShow(progress(states, { completedAt }))).toBe('details');
    expect(lastCompleted({ states: { ...states, details: 'in-progress' }, completedAt })).toBe('inbound-mail');
  });

  test('says how it ended', () => {
    expect(pageToShow(progress(allBut({}), { outcome: 'completed' }))).toBe('done');
    expect(pageToShow(progress(none, { outcome: 'discontinued', begun: false }))).toBe('discontinued');
    expect(['done', 'discontinued', 'cancelled', 'welcome', 'review'].filter(isOnboardingOver)).toEqual(['done', 'discontinued', 'cancelled']);
  });
});

test('from every state that can be reached, an onboarding can be completed: nobody gets stuck', () => {
  const after: Readonly<Record<string, readonly TaskState[]>> = { start: ['in-progress'], submit: ['validating', 'completed', 'needs-attention'], 'check-now': ['validating'], cancel: ['in-progress'], reopen: ['in-progress'], draft: ['in-progress'] };
  fc.assert(fc.property(fc.boolean(), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 60 }), (withSms, choices) => {
    let states = newTasks(withSms ? ['sms'] : []);
    const move = (task: TaskName, to: TaskState): void => void (states = { ...states, [task]: to });
    for (const [which, action, outcome] of choices) {
      const offers = tasksFor(withSms ? ['sms'] : []).flatMap((task) => offeredActions(task, states).filter((name) => name !== 'draft').map((name) => [task, name] as const));
      if (offers.length === 0) break;
      const [task, name] = offers[(which + action) % offers.length]!;
      move(task, after[name]![outcome % after[name]!.length]!);
      expect(taskStates).toContain(states[task]);
    }
    for (let left = 40; nextTask(states) !== null; left -= 1) {
      expect(left).toBeGreaterThan(0);
      const task = nextTask(states)!;
      move(task, states[task] === 'not-started' ? 'in-progress' : 'completed');
    }
    expect(isComplete(states)).toBe(true);
  }));
});
