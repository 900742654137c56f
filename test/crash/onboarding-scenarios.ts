import { findOnboarding } from '../../db/onboardings';
import { notYet, wrong } from '../../domain/checks';
import { addDays } from '../../domain/onboarding/calendar';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { SignInWorld } from '../support/sign-in-world';
import type { DomainsFound } from './checkers';
import { expectAsUndisturbed, type Scenario } from './experiment';
import { Newcomer, NOTICES } from './newcomer';
import { expectAllOrNothing, expectMail, expectSameAnswer, isAudited, isQueued, stateOfTask } from './onboarding-expectations';

/** One action on a task: the row, its mirror and the record stand or fall together. */
function acts(title: string, activity: 'startTask' | 'submitTask' | 'cancelTask' | 'reopenTask', to: { task: TaskName; state: string; audited: readonly string[] }, prepare: (world: SignInWorld) => Promise<{ newcomer: Newcomer; input: unknown }>): Scenario {
  return {
    title: `${activity}, ${title}`,
    activity,
    async prepare(world) {
      const { newcomer, input } = await prepare(world);
      const before = (await findOnboarding(world.db, newcomer.code))!.row.work_count;
      const { length: records } = await world.db('audit').pluck('seq');
      return {
        input,
        async judge(aftermath) {
          const { left } = aftermath;
          expectAllOrNothing({
            moved: stateOfTask(left, to.task) === to.state, counted: left.onboardings[0]!.work_count > before,
            ...Object.fromEntries(to.audited.map((action) => [action, isAudited(left, action, records)])),
          });
          expect(stateOfTask(aftermath.state, to.task)).toBe(to.state);
          expect(aftermath.received).toEqual([]);
          await expectSameAnswer(aftermath, newcomer.code);
        },
      };
    },
  };
}

const detailsAtOnce: Scenario = {
  title: 'submitTask, details, judged at once',
  activity: 'submitTask',
  async prepare(world) {
    const newcomer = await Newcomer.create(world);
    // The account's clock moves with its details, and the end of its last day with it.
    await newcomer.setLastDay(addDays(newcomer.today, 60));
    return {
      input: await newcomer.filled('details'),
      async judge(aftermath) {
        const { left } = aftermath;
        expectAllOrNothing({
          completed: stateOfTask(left, 'details') === 'completed', clock: left.onboardings[0]!.time_zone === 'Europe/Berlin', notices: left.accounts[0]!.notices === JSON.stringify([NOTICES]),
          submission: isAudited(left, 'onboarding.task-submit'), verdict: isAudited(left, 'onboarding.task-completed'),
        });
        await expectSameAnswer(aftermath, newcomer.code);
      },
    };
  },
};

export const acting: readonly Scenario[] = [
  acts('details', 'startTask', { task: 'details', state: 'in-progress', audited: ['onboarding.task-start'] }, async (world) => {
    const newcomer = await Newcomer.create(world);
    return { newcomer, input: newcomer.task('details') };
  }),
  detailsAtOnce,
  acts('domains, to be validated', 'submitTask', { task: 'domains', state: 'validating', audited: ['onboarding.task-submit'] }, async (world) => {
    const newcomer = await Newcomer.after(world, 'details');
    return { newcomer, input: await newcomer.filled('domains') };
  }),
  acts('domains being validated', 'cancelTask', { task: 'domains', state: 'in-progress', audited: ['onboarding.task-cancel'] }, async (world) => {
    const newcomer = await Newcomer.after(world, 'details', 'domains');
    return { newcomer, input: newcomer.task('domains') };
  }),
  acts('details', 'reopenTask', { task: 'details', state: 'in-progress', audited: ['onboarding.task-reopen'] }, async (world) => {
    const newcomer = await Newcomer.after(world, 'details');
    return { newcomer, input: newcomer.task('details') };
  }),
];

/** A look that comes to a verdict, which those who get the account's notices are told. */
function judges(title: string, finds: DomainsFound, to: { state: 'completed' | 'needs-attention'; purpose: string; subject: string }): Scenario {
  return {
    title: `validateTask, domains that are ${title}`,
    activity: 'validateTask',
    async prepare(world) {
      const newcomer = await Newcomer.after(world, 'details', 'domains');
      return {
        input: { accountCode: newcomer.code, task: 'domains' },
        finds,
        async judge(aftermath) {
          const { left } = aftermath;
          const [judged, isOwn] = [stateOfTask(left, 'domains') === to.state, left.domains.some(({ name }) => name === 'beacon.example')];
          expectAllOrNothing({ judged, mail: isQueued(left, to.purpose), audited: left.audit.at(-1)!.action === `onboarding.task-${to.state}` });
          expect(isOwn).toBe(judged && to.state === 'completed');
          expectMail(aftermath, NOTICES, to.subject);
          await expectSameAnswer(aftermath, newcomer.code);
        },
      };
    },
  };
}

const looksAgain: Scenario = {
  title: 'validateTask, domains that are not there yet',
  activity: 'validateTask',
  async prepare(world) {
    const newcomer = await Newcomer.after(world, 'details', 'domains');
    return {
      input: { accountCode: newcomer.code, task: 'domains' },
      finds: notYet('record-missing', 'The record is not there yet.', 'Publish it.'),
      judge(aftermath) {
        expect({ result: aftermath.result, state: stateOfTask(aftermath.state, 'domains'), received: aftermath.received }).toEqual({ result: 'later', state: 'validating', received: [] });
        expectAsUndisturbed(aftermath);
      },
    };
  },
};

export const validating: readonly Scenario[] = [
  judges('the account\'s own', { result: 'ok', facts: { verified: ['beacon.example'] } }, { state: 'completed', purpose: 'connect-task-completed', subject: 'Verifying Your Domains is completed' }),
  judges('not right', wrong('record-wrong', 'The record is another one.', 'Mend it.'), { state: 'needs-attention', purpose: 'connect-task-attention', subject: 'Verifying Your Domains needs your attention' }),
  looksAgain,
];
