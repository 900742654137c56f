import type { ProblemSlug } from '../problems';
import { groupSchema, profileSchema, userListQuery } from './administration';
import { administratorResetAnswer, documentAnswer, flowSchema, groupAnswer, healthAnswer, problemListAnswer, profileAnswer, readyAnswer, userAnswer } from './answers';
import { continuityOperations } from './continuity-operations';
import * as example from './examples';
import { administratorResetSchema, captchaSchema, codeSchema, linkSchema, methodSchema, passwordSchema, startSchema, temporaryPasswordSchema } from './password-resets';
import { onboardingOperations } from './onboarding-operations';
import { one, type Operation } from './operation';
import { smsSettingsOperations } from './sms-settings-operations';
import { smsSubscriptionOperations } from './sms-operations';
import { signInOperations } from './sign-in-operations';
import { roleSchema } from './sign-ins';
import { z } from './zod';

const FLOW: ProblemSlug[] = ['flow-not-found', 'wrong-step', 'request-in-progress', 'flow-expired', 'flow-locked', 'flow-cancelled', 'flow-superseded', 'flow-done', 'engine-unavailable'];
const KEEPING: ProblemSlug[] = ['unauthenticated', 'forbidden', 'step-up-required'];
const ONE: ProblemSlug[] = [...KEEPING, 'not-found'];

const account = z.string().max(12).optional().openapi({ description: 'Only those of this account.', example: 'CEU11A1' });
const ofAccount = z.object({ account });

/** Where a list goes on (RFC 8288); absent on the last page. */
const NEXT_PAGE = z.object({ Link: z.string().optional().openapi({ description: 'Where the list goes on; absent on its last page.', example: `</api/users?after=${example.recordId}&limit=50>; rel="next"` }) });

function step(name: string, summary: string, body: Operation['body'], next: keyof typeof example.flows, refused: readonly ProblemSlug[]): Operation {
  return {
    method: 'post', path: `/api/password-resets/{id}/${name}`, summary, who: 'holder', ...(body ? { body } : {}),
    answers: one(flowSchema, example.flows[next], 'The reset, at its next step'), refused: [...FLOW, ...refused],
  };
}

const resets: Operation[] = [
  {
    method: 'post', path: '/api/password-resets', summary: 'Start a reset', who: 'anyone', body: { schema: startSchema, example: { email: 'user1@lighthouse.example', application: 'personal-portal' } },
    answers: one(flowSchema, example.flows.captcha, 'The reset; every address gets the same', 201), refused: ['too-many-requests'],
  },
  { method: 'get', path: '/api/password-resets/{id}', summary: 'Read a reset', who: 'holder', answers: one(flowSchema, example.flows['enter-code'], 'The reset as it is now'), refused: ['flow-not-found'] },
  {
    method: 'get', path: '/api/password-resets/{id}/events', summary: 'Follow a reset: server-sent events named "flow", each an envelope', who: 'holder',
    answers: [{ status: 200, description: 'A stream that ends with the reset', schema: z.string(), example: `event: flow\ndata: ${JSON.stringify(example.flows['enter-code'])}\n\n`, type: 'text/event-stream' }],
    refused: ['flow-not-found', 'too-many-requests'],
  },
  step('captcha', 'Answer the captcha, exactly as displayed or by its alternative', { schema: captchaSchema, example: { answer: 'aB3dE' } }, 'choose-method', ['captcha-wrong']),
  step('method', 'Choose the delivery method: sends', { schema: methodSchema, example: { method: 'sms' } }, 'enter-code', ['method-not-offered']),
  step('code', 'Enter the code from the text message; answers a new id', { schema: codeSchema, example: { code: '123456' } }, 'new-password', ['secret-wrong']),
  step('link', 'Use the token of the one-time link; answers a new id', { schema: linkSchema, example: { token: 'the part after #token=' } }, 'new-password', ['secret-wrong', 'link-used', 'link-expired', 'link-superseded']),
  step('temporary-password', 'Enter the temporary password; answers a new id', { schema: temporaryPasswordSchema, example: { password: 'from the e-mail' } }, 'new-password', ['secret-wrong']),
  step('password', 'Save the new password', { schema: passwordSchema, example: { password: 'a long phrase of words', confirmation: 'a long phrase of words' } }, 'done', ['password-policy', 'password-mismatch']),
  step('resend', 'Ask for another one; the one before ends', undefined, 'enter-code', ['resend-too-soon', 'no-resend-left']),
  step('cancel', 'End the reset', undefined, 'cancelled', []),
];

function onUser(action: string, summary: string, status: 'active' | 'disabled'): Operation {
  return { method: 'post', path: `/api/users/{id}/${action}`, summary, who: 'administrator', answers: one(userAnswer, { ...example.user, status }, 'The user'), refused: ONE };
}

const users: Operation[] = [
  { method: 'get', path: '/api/users', summary: 'List users', who: 'administrator', query: userListQuery, answers: [{ ...one(z.array(userAnswer), [example.user], 'A page of users, by address')[0]!, headers: NEXT_PAGE }], refused: KEEPING },
  { method: 'get', path: '/api/users/{id}', summary: 'Read a user', who: 'administrator', answers: one(userAnswer, example.user, 'The user'), refused: ONE },
  {
    method: 'post', path: '/api/users/{id}/password-resets', summary: "Ask for a user's reset; no secret and no handle come back", who: 'administrator', body: { schema: administratorResetSchema, example: { method: 'email', application: 'personal-portal' } },
    answers: one(administratorResetAnswer, { requested: true, method: 'email' }, 'It is being sent', 202), refused: [...ONE, 'method-not-offered', 'engine-unavailable'],
  },
  { ...onUser('disable', 'Disable a user: ends sessions, resets and sign-ins. The last administrator only operators disable', 'disabled'), refused: [...ONE, 'last-administrator'] },
  onUser('enable', 'Enable a user', 'active'),
  onUser('unlock-reset', 'Accept codes of this user again', 'active'),
  onUser('unlock-password', 'Accept passwords of this user again', 'active'),
  onUser('reset-second-step', "Remove a user's mobile number, authenticator app and recovery codes, for a lost phone: the user enrols again; wrong passwords are forgotten", 'active'),
  { ...onUser('role', 'Give a user a role: ends sessions. Nobody takes it from the last administrator', 'active'), refused: [...ONE, 'last-administrator'], body: { schema: roleSchema, example: { role: 'administrator' } } },
];

/** The four operations of a kind of record that administrators keep. */
function records(path: string, what: string, input: z.ZodType, answer: z.ZodType, given: unknown, kept: unknown): Operation[] {
  const body = { schema: input, example: given };
  return [
    { method: 'get', path, summary: `List ${what}s`, who: 'administrator', query: ofAccount, answers: one(z.array(answer), [kept], 'All of them, by account and name'), refused: KEEPING },
    { method: 'post', path, summary: `Add a new ${what}`, who: 'administrator', body, answers: one(answer, kept, 'The new one', 201), refused: [...ONE, 'already-exists'] },
    { method: 'get', path: `${path}/{id}`, summary: `Read one ${what}`, who: 'administrator', answers: one(answer, kept, 'The one asked for'), refused: ONE },
    { method: 'put', path: `${path}/{id}`, summary: `Change one ${what}`, who: 'administrator', body, answers: one(answer, kept, 'As it is now'), refused: [...ONE, 'already-exists'] },
  ];
}

const readiness = { status: 'ready', database: true, engine: true, worker: true };
const service: Operation[] = [
  { method: 'get', path: '/api/health', summary: 'Whether this process is alive', who: 'anyone', answers: one(healthAnswer, { status: 'live' }, 'It is'), refused: [] },
  {
    method: 'get', path: '/api/ready', summary: 'Whether database, engine and a worker are there', who: 'anyone',
    answers: [...one(readyAnswer, readiness, 'All are there'), ...one(readyAnswer, { ...readiness, status: 'not-ready', engine: false, worker: false }, 'Some are not', 503)], refused: [],
  },
  { method: 'get', path: '/api/problems', summary: 'Every problem type, with what to do', who: 'anyone', answers: one(problemListAnswer, [{ slug: 'captcha-wrong', status: 422, title: 'These are not the characters displayed', whatToDo: 'Type the ones of the new picture exactly as displayed.' }], 'All of them'), refused: [] },
  { method: 'get', path: '/api/openapi.json', summary: 'This document', who: 'anyone', answers: one(documentAnswer, { openapi: '3.1.0' }, 'This document'), refused: [] },
];

export const operations: readonly Operation[] = [
  ...resets, ...signInOperations, ...onboardingOperations, ...smsSubscriptionOperations, ...smsSettingsOperations, ...continuityOperations, ...users,
  ...records('/api/authentication-profiles', 'authentication profile', profileSchema, profileAnswer, example.profileInput, example.profile),
  ...records('/api/groups', 'group', groupSchema, groupAnswer, example.groupInput, example.group),
  ...service,
];
