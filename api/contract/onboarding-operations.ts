import type { ProblemSlug } from '../problems';
import * as example from './onboarding-examples';
import { accountAnswer, accountSchema, draftSchema, lastDayAnswer, lastDaySchema, listAnswer, listQuery, onboardingSchema, requestedAnswer, submitSchema, trialAnswer, uploadAnswer, uploadQuery, uploadSchema } from './onboardings';
import { one, type Operation } from './operation';
import { z } from './zod';

const CALLER: ProblemSlug[] = ['unauthenticated', 'forbidden', 'step-up-required'];
const ONE: ProblemSlug[] = [...CALLER, 'not-found'];
const OVER: ProblemSlug[] = ['flow-done', 'flow-discontinued', 'flow-cancelled'];
const STEP: ProblemSlug[] = [...ONE, ...OVER, 'wrong-step', 'request-in-progress', 'engine-unavailable'];
const TASK = '/api/onboardings/{account}/tasks/{task}';

const answered = (shown: unknown, description: string): Operation['answers'] => one(onboardingSchema, shown, description);

function step(name: string, summary: string, shown: unknown): Operation {
  return { method: 'post', path: `${TASK}/${name}`, summary, who: 'administrator', answers: answered(shown, 'The onboarding, with the task as it is now'), refused: STEP };
}

const lastDay = { schema: lastDaySchema, example: { date: '2024-01-31' } };

/** Accounts and their onboardings. */
export const onboardingOperations: readonly Operation[] = [
  {
    method: 'post', path: '/api/accounts', summary: 'Create an account: its administrator is welcomed by e-mail', who: 'operator', body: { schema: accountSchema, example: example.accountInput },
    answers: [...one(accountAnswer, example.newAccount, 'It is created', 201), ...one(accountAnswer, example.newAccount, 'The same request had created it before')], refused: [...CALLER, 'already-exists', 'engine-unavailable'],
  },
  {
    method: 'post', path: '/api/accounts/{account}/administrator-password', summary: 'Supply the first administrator with another password, by e-mail', who: 'operator',
    answers: one(requestedAnswer, { requested: true }, 'It is being sent; the one before ends', 202), refused: [...ONE, ...OVER, 'engine-unavailable'],
  },
  {
    method: 'get', path: '/api/onboardings', summary: 'List onboardings, those that have stood still for the longest first', who: 'operator', query: listQuery,
    answers: one(listAnswer, example.list, 'A page of them, and the counts of all'), refused: CALLER,
  },
  { method: 'get', path: '/api/onboardings/{account}', summary: 'Read an onboarding', who: 'administrator', answers: answered(example.onboardings.validating, 'The onboarding as it is now'), refused: ONE },
  {
    method: 'get', path: '/api/onboardings/{account}/events', summary: 'Follow an onboarding: server-sent events named "flow", each an envelope', who: 'administrator',
    answers: [{ status: 200, description: 'A stream that ends with the onboarding, or when its caller signs out', example: `event: flow\ndata: ${JSON.stringify(example.onboardings.started)}\n\n`, schema: z.string(), type: 'text/event-stream' }],
    refused: [...ONE, 'too-many-requests'],
  },
  {
    method: 'put', path: `${TASK}/draft`, summary: 'Save what was entered for a task, over the version that was seen', who: 'administrator', body: { schema: draftSchema, example: { version: 0, draft: example.detailsDraft } },
    answers: answered(example.onboardings.started, 'The onboarding, with the version that is now there'), refused: [...ONE, ...OVER, 'wrong-step', 'changed-meanwhile'],
  },
  step('start', 'Start a task', example.onboardings.started),
  {
    ...step('submit', 'Submit a task: it is completed, or being validated', example.onboardings.validating), body: { schema: submitSchema, example: { version: 1 } },
    refused: [...STEP, 'changed-meanwhile', 'task-incomplete'],
  },
  {
    method: 'post', path: '/api/onboardings/{account}/tasks/users/upload', summary: 'Upload a file of users: it is kept for the task, and what taking it over would do is answered', who: 'administrator', query: uploadQuery,
    body: { schema: uploadSchema, example: 'email,name,mobile\nada@beacon.example,Ada,+12025550101\n', type: 'text/csv' },
    answers: one(uploadAnswer, example.uploads.good, 'The file, with what is wrong with it line by line'), refused: [...ONE, ...OVER, 'wrong-step', 'request-in-progress'],
  },
  {
    method: 'post', path: '/api/onboardings/{account}/tasks/users/try', summary: 'Try out the directory that was saved: nobody becomes a user', who: 'administrator', body: { schema: submitSchema, example: { version: 1 } },
    answers: one(trialAnswer, example.uploads.trial, 'What was found, and what taking its people over would do'), refused: [...ONE, ...OVER, 'wrong-step', 'request-in-progress', 'changed-meanwhile', 'task-incomplete'],
  },
  step('check-now', 'Look again at once at what is being validated', example.onboardings.validating),
  step('cancel', 'Stop validating; what was entered is kept', example.onboardings.cancelled),
  step('reopen', 'Reopen a completed task, where no later one relies on it', example.onboardings.started),
  {
    method: 'put', path: '/api/onboardings/{account}/discontinuation', summary: 'Set the last day of one account; where it lies ahead, what was discontinued goes on', who: 'operator', body: lastDay,
    answers: answered(example.onboardings.completed, 'The onboarding, with its last day'), refused: [...ONE, 'flow-done', 'engine-unavailable'],
  },
  {
    method: 'post', path: '/api/onboardings/{account}/reopen', summary: 'Reopen an onboarding that was discontinued or cancelled', who: 'operator',
    answers: answered(example.onboardings.completed, 'The onboarding, as it was left'), refused: [...ONE, 'flow-done', 'flow-discontinued', 'engine-unavailable'],
  },
  { method: 'get', path: '/api/applications/connect/discontinuation', summary: 'Read the last day of the Connect Application', who: 'operator', answers: one(lastDayAnswer, { application: 'connect', date: '2024-01-31' }, 'The last day; null where none is set'), refused: CALLER },
  {
    method: 'put', path: '/api/applications/connect/discontinuation', summary: 'Set the last day of the Connect Application, for every account without one of its own', who: 'operator', body: lastDay,
    answers: one(lastDayAnswer, { application: 'connect', date: '2024-01-31' }, 'It holds from now on; onboardings under way are told'), refused: CALLER,
  },
];
