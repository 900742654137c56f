import type { ProblemSlug } from '../problems';
import { recordId } from './examples';
import { one, type Operation } from './operation';
import * as example from './sms-examples';
import { askSchema, consentQuery, consentsAnswer, invitationSchema, invitedAnswer, optInCodeSchema, ownProgramsAnswer, subscriptionListAnswer, subscriptionListQuery, subscriptionSchema } from './sms-subscriptions';
import { z } from './zod';

const CALLER: ProblemSlug[] = ['unauthenticated', 'forbidden'];
const ONE: ProblemSlug[] = [...CALLER, 'not-found'];
const STEP: ProblemSlug[] = [...ONE, 'wrong-step', 'request-in-progress', 'flow-expired', 'flow-cancelled', 'flow-done', 'engine-unavailable'];
const PATH = '/api/sms-subscriptions';

function step(name: string, summary: string, shown: keyof typeof example.subscriptions, refused: readonly ProblemSlug[] = [], body?: Operation['body']): Operation {
  return {
    method: 'post', path: `${PATH}/{id}/${name}`, summary, who: 'signed-in', ...(body ? { body } : {}),
    answers: one(subscriptionSchema, example.subscriptions[shown], 'The subscription as it is now'), refused: [...STEP, ...refused],
  };
}

/** Opting in to recurring programs. */
export const smsSubscriptionOperations: readonly Operation[] = [
  { method: 'get', path: '/api/session/sms-subscriptions', summary: "Read one's own recurring programs", who: 'signed-in', answers: one(ownProgramsAnswer, example.ownPrograms, 'Each program, and where one stands'), refused: CALLER },
  {
    method: 'post', path: PATH, summary: 'Ask for a recurring program, for oneself: the number gets one confirmation text', who: 'signed-in', body: { schema: askSchema, example: { program: 'continuity' } },
    answers: one(subscriptionSchema, example.subscriptions['enter-code'], 'The opt-in, or what there was already', 201), refused: [...CALLER, 'sms-services-missing', 'number-invalid', 'too-many-requests', 'engine-unavailable'],
  },
  { method: 'get', path: PATH, summary: 'List subscriptions', who: 'administrator', query: subscriptionListQuery, answers: one(subscriptionListAnswer, example.subscriptionList, 'A page of them, and the counts of all'), refused: CALLER },
  {
    method: 'post', path: `${PATH}/invitations`, summary: 'Invite users by e-mail; nobody is sent a text before they ask for it', who: 'administrator', body: { schema: invitationSchema, example: { account: 'CSM33C3', users: [recordId], program: 'continuity' } },
    answers: one(invitedAnswer, { invited: 1, skipped: [] }, 'Who is invited, and who is not', 202), refused: [...ONE, 'sms-services-missing', 'engine-unavailable'],
  },
  { method: 'get', path: `${PATH}/{id}`, summary: 'Read a subscription', who: 'owner', answers: one(subscriptionSchema, example.subscriptions['enter-code'], 'The subscription as it is now'), refused: ONE },
  {
    method: 'get', path: `${PATH}/{id}/events`, summary: 'Follow a subscription: server-sent events named "flow", each an envelope', who: 'owner',
    answers: [{ status: 200, description: 'A stream that ends with the opt-in', schema: z.string(), example: `event: flow\ndata: ${JSON.stringify(example.subscriptions['enter-code'])}\n\n`, type: 'text/event-stream' }],
    refused: [...ONE, 'too-many-requests'],
  },
  step('accept', 'Accept an invitation: the number gets one confirmation text', 'enter-code', ['number-invalid', 'sms-services-missing']),
  step('code', 'Enter the code from the confirmation text', 'active', ['secret-wrong', 'flow-locked'], { schema: optInCodeSchema, example: { code: '123456' } }),
  step('remind', 'Ask for the confirmation text again, once', 'enter-code', ['resend-too-soon', 'no-resend-left']),
  { ...step('stop', 'End a subscription: no more notices', 'ended'), who: 'owner', refused: ONE },
  {
    method: 'get', path: `${PATH}/{id}/consents`, summary: 'Export the evidence of consent, as JSON or CSV', who: 'owner', query: consentQuery,
    answers: one(consentsAnswer, example.consents, 'What the person consented to and revoked, in order; with `format=csv` the same as text/csv'), refused: ONE,
  },
];
