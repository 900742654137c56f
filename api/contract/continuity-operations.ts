import type { ProblemSlug } from '../problems';
import { deliveryListAnswer, deliveryListQuery, endSchema, eventAnswer, eventChangeSchema, eventListAnswer, eventListQuery, eventSchema, groupChoiceAnswer, groupChoiceQuery, previewAnswer, previewSchema, testAnswer, testSchema, updateSchema } from './continuity';
import * as example from './continuity-examples';
import { bareSchema } from './onboardings';
import { one, type Operation } from './operation';
import { z } from './zod';

const CALLER: ProblemSlug[] = ['unauthenticated', 'forbidden'];
const ONE: ProblemSlug[] = [...CALLER, 'not-found'];
const STEP: ProblemSlug[] = [...ONE, 'wrong-step', 'request-in-progress', 'flow-done', 'flow-cancelled', 'engine-unavailable'];
const BASE = '/api/continuity-events';

function step(name: string, summary: string, shown: keyof typeof example.events, more: { body?: Operation['body']; refused?: readonly ProblemSlug[] } = {}): Operation {
  return {
    method: 'post', path: `${BASE}/{id}/${name}`, summary, who: 'administrator', ...(more.body ? { body: more.body } : { body: { schema: bareSchema, example: {} } }),
    answers: one(eventAnswer, example.events[shown], 'The event as it is now'), refused: [...STEP, ...(more.refused ?? [])],
  };
}

/** Continuity events, and the notices that people get of them. */
export const continuityOperations: readonly Operation[] = [
  {
    method: 'post', path: BASE, summary: 'Plan an event, or start one now', who: 'administrator', body: { schema: eventSchema, example: example.eventInput },
    answers: one(eventAnswer, example.events.planned, 'It is planned, waits for approval, or has started', 201), refused: [...ONE, 'sms-services-missing'],
  },
  { method: 'get', path: BASE, summary: 'List events, the newest first', who: 'administrator', query: eventListQuery, answers: one(eventListAnswer, example.eventList, 'A page of them'), refused: CALLER },
  {
    method: 'post', path: `${BASE}/preview`, summary: 'Count who would get an event\'s notices and who would not, and what they are estimated to cost', who: 'administrator', body: { schema: previewSchema, example: { account: 'CSM33C3', groups: ['Everyone'], alerts: example.eventInput.alerts } },
    answers: one(previewAnswer, example.preview, 'As it would be now'), refused: [...ONE, 'sms-services-missing'],
  },
  {
    method: 'post', path: `${BASE}/test`, summary: 'Send an alert to the own number, to see what it looks like', who: 'administrator', body: { schema: testSchema, example: { account: 'CSM33C3', alert: example.eventInput.alerts.end } },
    answers: one(testAnswer, { requested: true, lastDigits: '01' }, 'It is being sent', 202), refused: [...ONE, 'sms-services-missing', 'number-invalid', 'too-many-requests'],
  },
  { method: 'get', path: `${BASE}/groups`, summary: 'List the groups that an event can be for', who: 'administrator', query: groupChoiceQuery, answers: one(groupChoiceAnswer, example.groupChoice, 'By name'), refused: ONE },
  { method: 'get', path: `${BASE}/{id}`, summary: 'Read an event, with the counts of each phase', who: 'administrator', answers: one(eventAnswer, example.events.active, 'The event as it is now'), refused: ONE },
  {
    method: 'put', path: `${BASE}/{id}`, summary: 'Change an event that lies ahead; of an active one its end', who: 'administrator', body: { schema: eventChangeSchema, example: { version: 1, startsAt: '2024-03-31T09:00' } },
    answers: one(eventAnswer, example.events.planned, 'The event as it is now'), refused: [...STEP, 'changed-meanwhile'],
  },
  {
    method: 'get', path: `${BASE}/{id}/events`, summary: 'Follow an event: server-sent events named "flow", each an envelope', who: 'administrator',
    answers: [{ status: 200, description: 'A stream that ends with the event and its last notice, or when its caller signs out', schema: z.string(), example: `event: flow\ndata: ${JSON.stringify(example.events.active)}\n\n`, type: 'text/event-stream' }],
    refused: [...ONE, 'too-many-requests'],
  },
  { method: 'get', path: `${BASE}/{id}/deliveries`, summary: 'List what became of each notice of an event', who: 'administrator', query: deliveryListQuery, answers: one(deliveryListAnswer, example.deliveryList, 'A page of them'), refused: ONE },
  step('approve', 'Approve an event that somebody else made', 'planned', { refused: ['second-person-needed'] }),
  step('start', 'Start a planned event now', 'active'),
  step('update', 'Tell everybody something in between', 'active', { body: { schema: updateSchema, example: { alert: 'Mail will be back at noon.' } } }),
  step('end', 'End an event: those who got its start are told', 'ended', { body: { schema: endSchema, example: {} } }),
  step('cancel', 'Cancel an event that has not started', 'cancelled'),
  step('stop', 'Stop what is being sent: what has not gone out stays unsent', 'active'),
  step('retry-failed', 'Send once more to those whom it could not be sent to; while the event is active also to those whom a stop left out', 'active'),
];
