import type { ProblemSlug } from '../problems';
import { recordId } from './examples';
import { one, type Operation } from './operation';
import * as example from './sms-examples';
import {
  attributesAnswer, attributeSchema, checkedValuesAnswer, checkedValuesQuery, numberCheckAnswer, numberCheckListAnswer, numberCheckSchema, ofAccountQuery, smsSettingsAnswer, smsSettingsSchema, usageAnswer, usageQuery,
} from './sms-settings';
import { z } from './zod';

const CALLER: ProblemSlug[] = ['unauthenticated', 'forbidden'];
const ONE: ProblemSlug[] = [...CALLER, 'not-found'];
const SETTINGS = '/api/sms-settings';
const CHECK = `${SETTINGS}/number-checks/{id}`;
const who = 'administrator';

/** The SMS Dashboard: which attribute holds the number, what it is worth, and what was sent. */
export const smsSettingsOperations: readonly Operation[] = [
  { method: 'get', path: SETTINGS, summary: "Read an account's settings for texts", who, query: ofAccountQuery, answers: one(smsSettingsAnswer, example.smsSettings, 'The settings'), refused: ONE },
  { method: 'put', path: SETTINGS, summary: "Change an account's settings for texts", who, body: { schema: smsSettingsSchema, example: example.smsSettingsInput }, answers: one(smsSettingsAnswer, example.smsSettings, 'As they are now'), refused: ONE },
  { method: 'get', path: `${SETTINGS}/attributes`, summary: 'List the attributes of users', who, query: ofAccountQuery, answers: one(attributesAnswer, example.attributes, 'All of them, by name'), refused: ONE },
  {
    method: 'post', path: `${SETTINGS}/attributes`, summary: 'Define an attribute of users', who, body: { schema: attributeSchema, example: { account: 'CSM33C3', name: 'mobile', label: 'Mobile number' } },
    answers: one(attributesAnswer, example.attributes, 'All of them, by name', 201), refused: [...ONE, 'already-exists'],
  },
  { method: 'get', path: `${SETTINGS}/number-checks`, summary: 'List the latest checks of numbers', who, query: ofAccountQuery, answers: one(numberCheckListAnswer, [example.numberCheck], 'The newest first'), refused: ONE },
  {
    method: 'post', path: `${SETTINGS}/number-checks`, summary: 'Look at every value of an attribute: is it usable as a number?', who, body: { schema: numberCheckSchema, example: { account: 'CSM33C3', attribute: 'mobile', defaultCountry: 'US' } },
    answers: one(numberCheckAnswer, { ...example.numberCheck, state: 'running', lookedAt: 0, usable: 0, proposed: 0, unusable: 0 }, 'It has begun', 202), refused: [...ONE, 'engine-unavailable'],
  },
  { method: 'get', path: CHECK, summary: 'Read a check of numbers', who, answers: one(numberCheckAnswer, example.numberCheck, 'How far it is, and what it found'), refused: ONE },
  {
    method: 'get', path: `${CHECK}/events`, summary: 'Follow a check of numbers: server-sent events named "flow"', who,
    answers: [{ status: 200, description: 'A stream that ends when it is at rest', schema: z.string(), example: `event: flow\ndata: ${JSON.stringify(example.numberCheck)}\n\n`, type: 'text/event-stream' }], refused: [...ONE, 'too-many-requests'],
  },
  { method: 'get', path: `${CHECK}/values`, summary: 'List the values that are not usable as they are, with a proposal or the reason', who, query: checkedValuesQuery, answers: one(checkedValuesAnswer, example.checkedValues, 'A page of them; with `format=csv` all, as text/csv'), refused: ONE },
  {
    method: 'post', path: `${CHECK}/apply`, summary: 'Write what is proposed into the attribute, where its value is still the same', who,
    answers: one(numberCheckAnswer, { ...example.numberCheck, id: recordId, state: 'applying' }, 'It has begun', 202), refused: [...ONE, 'wrong-step', 'engine-unavailable'],
  },
  { method: 'get', path: '/api/sms-usage', summary: 'Read what was sent, by day and program, with segments and estimated cost', who, query: usageQuery, answers: one(usageAnswer, example.usage, 'Days with texts, and the totals'), refused: ONE },
];
