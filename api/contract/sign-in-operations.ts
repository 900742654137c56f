import type { ProblemSlug } from '../problems';
import * as example from './examples';
import { nothing, one, type Operation } from './operation';
import { startSchema } from './password-resets';
import {
  addressAnswer, applicationSchema, factorsAnswer, newPasswordSchema, passcodeSchema, phoneSchema, reauthenticationSchema, recoveryCodeSchema, sessionAnswer, sessionListAnswer, signInPasswordSchema, signInSchema,
} from './sign-ins';
import { z } from './zod';

const FLOW: ProblemSlug[] = ['flow-not-found', 'wrong-step', 'request-in-progress', 'flow-expired', 'flow-locked', 'flow-cancelled', 'flow-done', 'engine-unavailable'];
const CREDENTIAL: ProblemSlug[] = ['credentials-wrong', 'method-not-offered', 'too-many-requests', 'directory-unavailable'];
const SESSION: ProblemSlug[] = ['unauthenticated', 'forbidden'];

const { signIns } = example;

function step(name: string, summary: string, body: Operation['body'], next: keyof typeof signIns, refused: readonly ProblemSlug[], description = 'The sign-in, at its next step; done, with the session\'s cookie'): Operation {
  return {
    method: 'post', path: `/api/sign-ins/{id}/${name}`, summary, who: 'holder', ...(body ? { body } : {}),
    answers: one(signInSchema, signIns[next], description), refused: [...FLOW, ...refused],
  };
}

const steps: Operation[] = [
  {
    method: 'post', path: '/api/sign-ins', summary: 'Start signing in', who: 'anyone', body: { schema: startSchema, example: { email: 'user1@lighthouse.example', application: 'connect' } },
    answers: one(signInSchema, signIns['enter-password'], 'The sign-in; every address of a domain gets the same', 201), refused: ['too-many-requests'],
  },
  { method: 'get', path: '/api/sign-ins/{id}', summary: 'Read a sign-in', who: 'holder', answers: one(signInSchema, signIns['enter-passcode'], 'The sign-in as it is now'), refused: ['flow-not-found'] },
  {
    method: 'get', path: '/api/sign-ins/{id}/events', summary: 'Follow a sign-in: server-sent events named "flow", each an envelope', who: 'holder',
    answers: [{ status: 200, description: 'A stream that ends with the sign-in', schema: z.string(), example: `event: flow\ndata: ${JSON.stringify(signIns['enter-passcode'])}\n\n`, type: 'text/event-stream' }],
    refused: ['flow-not-found', 'too-many-requests'],
  },
  {
    method: 'get', path: '/api/sign-ins/{id}/address', summary: 'Read the address that a sign-in was begun with, for a page that did not begin it', who: 'holder',
    answers: one(addressAnswer, { email: 'user1@lighthouse.example' }, 'The address, as it was entered'), refused: ['flow-not-found', 'flow-expired', 'flow-locked', 'flow-cancelled', 'flow-done'],
  },
  step('password', 'Enter the password; answers a new id', { schema: signInPasswordSchema, example: { authenticationType: 'cloud', password: 'a long phrase of words' } }, 'enrol-phone', [...CREDENTIAL, 'temporary-password-expired']),
  step('phone', 'Enter the mobile number to enrol: sends a passcode', { schema: phoneSchema, example: { number: '+12025550101' } }, 'confirm-phone', ['number-invalid', 'no-resend-left']),
  step('passcode', 'Enter the passcode from the text message', { schema: passcodeSchema, example: { code: '123456' } }, 'done', ['secret-wrong']),
  step('totp', 'Enter the code of the authenticator app', { schema: passcodeSchema, example: { code: '123456' } }, 'done', ['secret-wrong']),
  step('recovery-code', 'Use a recovery code; answers the one that takes its place', { schema: recoveryCodeSchema, example: { code: 'abcd-efgh-2345-klmn' } }, 'done', ['secret-wrong']),
  step('new-password', 'Choose a password in the place of the one that was given', { schema: newPasswordSchema, example: { password: 'a long phrase of words', confirmation: 'a long phrase of words' } }, 'done', ['password-policy', 'password-mismatch']),
  step('resend', 'Ask for another passcode; the one before ends', undefined, 'enter-passcode', ['resend-too-soon', 'no-resend-left'], 'The sign-in as it is now'),
  step('cancel', 'End the sign-in', undefined, 'cancelled', [], 'The sign-in, cancelled'),
];

function change(path: string, summary: string, next: keyof typeof signIns): Operation {
  return {
    method: 'post', path, summary, who: 'signed-in', body: { schema: reauthenticationSchema, example: { password: 'a long phrase of words' } },
    answers: one(signInSchema, signIns[next], 'A sign-in of its own, which ends with a new session', 201), refused: [...SESSION, ...CREDENTIAL, 'engine-unavailable'],
  };
}

const sessions: Operation[] = [
  { method: 'get', path: '/api/session', summary: 'Who is signed in', who: 'signed-in', answers: one(sessionAnswer, example.session, 'This session'), refused: SESSION },
  {
    method: 'post', path: '/api/session/application', summary: 'Move to another application, as the Application Switcher does', who: 'signed-in',
    body: { schema: applicationSchema, example: { application: 'administration-console' } },
    answers: [
      ...one(sessionAnswer, example.session, 'The session, in that application now'),
      ...one(signInSchema, signIns['enter-passcode'], 'The application asks for more: a sign-in that ends with a new session in it', 201),
    ],
    refused: [...SESSION, 'application-not-open', 'too-many-requests', 'engine-unavailable'],
  },
  { method: 'delete', path: '/api/session', summary: 'Sign out', who: 'signed-in', answers: nothing('The session has ended'), refused: SESSION },
  { method: 'get', path: '/api/sessions', summary: "List one's own sessions", who: 'signed-in', answers: one(sessionListAnswer, example.sessions, 'Those that are live, the newest first'), refused: SESSION },
  { method: 'delete', path: '/api/sessions/{id}', summary: "End one of one's own sessions", who: 'signed-in', answers: nothing('The session has ended'), refused: [...SESSION, 'not-found'] },
  { method: 'get', path: '/api/session/factors', summary: "Read one's own second step", who: 'signed-in', answers: one(factorsAnswer, example.factors, 'What is enrolled'), refused: SESSION },
  change('/api/session/factors/phone', 'Change the mobile number: the password and a passcode to the old one, then the new one', 'enter-passcode'),
  change('/api/session/factors/totp', 'Enrol an authenticator app: the password and the second step there is, then its first code', 'enter-totp'),
  change('/api/session/password', 'Change the password: the one there is and the second step, then the new one', 'enter-passcode'),
  change('/api/session/recovery-codes', 'Make new recovery codes: the password and the second step; the last answer shows them', 'enter-totp'),
];

export const signInOperations: readonly Operation[] = [...steps, ...sessions];
