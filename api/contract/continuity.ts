import { z } from './zod';
import { ACCOUNT_CODE } from '../../domain/accounts';
import { alertProblem } from '../../domain/continuity/alerts';
import { deliveryStates, eventActions, eventKinds, eventSteps, phaseStates } from '../../domain/continuity/events';
import { isEventTime } from '../../domain/continuity/times';
import { isTimeZone } from '../../domain/onboarding/calendar';

const MOST_GROUPS = 50;
const MOST_LISTED = 200;
const LISTED = 50;

const alert = z.string().superRefine((text, context) => {
  const problem = alertProblem(text);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
}).openapi({ description: 'Goes out as it is, to the last blank. May have merge fields, such as {{ name }} or {{ event.end }}: the preview names them all.' });
const eventTime = z.string().max(40).refine(isEventTime, 'must be a time like 2024-03-31T01:00:00Z, or without an offset by the wall clock of the time zone')
  .openapi({ description: 'ISO 8601. Without an offset it is read off a wall clock of `timeZone`.', example: '2024-03-31T08:00' });
const timeZone = z.string().max(60).refine(isTimeZone, 'must be a time zone like Europe/Berlin');
const groups = z.array(z.string().trim().min(1).max(100)).min(1).max(MOST_GROUPS).openapi({ description: 'Names of groups of the account. People of several, or of groups in them, count once.' });
const name = z.string().trim().min(1).max(200);
const byEmail = z.boolean().openapi({ description: "Whether the alerts go by e-mail as well, to the second address of those who have one: the account's SMS settings say which attribute holds it." });
const account = z.string().regex(ACCOUNT_CODE, 'must be an account code');
const alerts = z.strictObject({ start: alert, end: alert.nullish().openapi({ description: 'Null: nobody is told of the end.' }) });

export const eventSchema = z.strictObject({
  account,
  kind: z.enum(eventKinds).openapi({ description: 'An unplanned event starts at once.' }),
  name: name.nullish(),
  startsAt: eventTime.nullish().openapi({ description: 'Of a planned event.' }),
  endsAt: eventTime.nullish().openapi({ description: 'Of a planned event; an unplanned one may be ended by hand.' }),
  timeZone: timeZone.optional().openapi({ description: "The account's own where it is not given." }),
  groups,
  alerts,
  byEmail: byEmail.optional(),
});
export type EventBody = z.infer<typeof eventSchema>;

export const eventChangeSchema = z.strictObject({
  version: z.number().int().min(1).openapi({ description: 'The one that was seen. Where another was saved meanwhile, this one is refused.' }),
  name: name.nullable().optional(), startsAt: eventTime.optional(), endsAt: eventTime.nullable().optional(), timeZone: timeZone.optional(), groups: groups.optional(), alerts: alerts.optional(), byEmail: byEmail.optional(),
});
export type EventChangeBody = z.infer<typeof eventChangeSchema>;

export const endSchema = z.strictObject({ alert: alert.nullable().optional().openapi({ description: 'In the place of the planned one; null: nobody is told.' }) });
export const updateSchema = z.strictObject({ alert });
const draft = { account, name: name.nullish(), startsAt: eventTime.nullish(), endsAt: eventTime.nullish(), timeZone: timeZone.optional() };
export const testSchema = z.strictObject({ ...draft, alert }).openapi({ description: 'Of the event only what the fields of the alert are filled in with.' });
export const testAnswer = z.object({ requested: z.literal(true), lastDigits: z.string() });
export const previewSchema = z.strictObject({ ...draft, groups, alerts: z.strictObject({ start: alert, end: alert.nullish() }) });

export const groupChoiceQuery = z.object({ account: account.openapi({ example: 'CSM33C3' }) });
export const groupChoiceAnswer = z.array(z.object({ name: z.string() })).openapi('ContinuityGroups');

export const eventListQuery = z.object({
  account: z.string().max(12).optional().openapi({ description: 'Only those of this account.', example: 'CSM33C3' }),
  step: z.enum(eventSteps).optional(),
  after: z.string().max(100).optional().openapi({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(LISTED),
});
export const deliveryListQuery = z.object({
  phase: z.string().max(20).optional().openapi({ description: '`start`, `end`, `update-1` and so on; `start-email` where they go by e-mail as well.', example: 'start' }),
  state: z.enum(deliveryStates).optional(),
  after: z.string().max(36).optional().openapi({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(LISTED),
});

const time = z.string().openapi({ format: 'date-time' });
const count = z.number().int();

const phase = z.object({
  channel: z.enum(['sms', 'email']), state: z.enum(phaseStates), why: z.string().nullable(), text: z.string(),
  audience: count.openapi({ description: 'Whom it is for, fixed when it began: the sum of the states below.' }),
  queued: count, attempting: count, unknown: count, accepted: count, sent: count, delivered: count, failed: count, suppressed: count, superseded: count,
  reasons: z.array(z.object({ state: z.enum(deliveryStates), why: z.string().nullable(), count })).openapi({ description: 'Why notices failed or were suppressed.' }),
  segments: count, createdAt: time, startedAt: time.nullable(), endedAt: time.nullable(),
}).openapi('ContinuityPhase');

export const eventAnswer = z.object({
  id: z.string(),
  kind: z.literal('continuity-event'),
  step: z.enum(eventSteps),
  expiresAt: z.string().nullable().openapi({ format: 'date-time', description: 'When it ends; null where it is ended by hand, or is over.' }),
  actions: z.array(z.object({ name: z.enum(eventActions), method: z.enum(['POST', 'PUT']), href: z.string() })),
  details: z.object({
    account: z.string(), kind: z.enum(eventKinds), name: z.string().nullable(), startsAt: time, endsAt: time.nullable(), timeZone: z.string(),
    wallClock: z.object({ startsAt: z.string(), endsAt: z.string().nullable() }).openapi({ description: 'The times as a wall clock of the time zone shows them.' }),
    groups: z.array(z.string()), alerts: z.object({ start: z.string(), end: z.string().nullable() }), byEmail: z.boolean(), version: count,
    createdBy: z.string(), createdAt: time, approvedAt: time.nullable(), startedAt: time.nullable(), endedAt: time.nullable(),
    phases: z.record(z.string(), phase).openapi({ description: 'By their names: `start`, `update-1` ..., `end`; each from when it began; with `-email` behind it what goes by e-mail. E-mails stay `accepted`: nobody reports on them.' }),
  }),
}).openapi('ContinuityEvent');

export const eventListAnswer = z.object({
  items: z.array(z.object({
    id: z.string(), account: z.string(), kind: z.enum(eventKinds), name: z.string().nullable(), step: z.enum(eventSteps), startsAt: time, endsAt: time.nullable(), timeZone: z.string(), groups: z.array(z.string()),
    told: count.openapi({ description: 'How many people got its start, or most likely will.' }), createdAt: time,
  })),
  next: z.string().nullable(),
}).openapi('ContinuityEventList');

export const deliveryListAnswer = z.object({
  items: z.array(z.object({
    id: z.string(), phase: z.string(), user: z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }), number: z.string(), address: z.string().nullable().openapi({ description: 'Where an e-mail went; null: it is a text.' }), state: z.enum(deliveryStates), why: z.string().nullable(),
    attempts: count, attemptedAt: time.nullable(), segments: count.nullable(),
  })),
  next: z.string().nullable(),
}).openapi('ContinuityDeliveries');

const length = z.object({ text: z.string(), encoding: z.enum(['GSM-7', 'UCS-2']), segments: count, characters: count, notGsm: z.array(z.string()) });
export const previewAnswer = z.object({
  people: count, recipients: count, addresses: count.openapi({ description: 'How many of the recipients have a second address, for e-mails.' }),
  without: z.array(z.object({ why: z.string(), count })).openapi({ description: 'Who of the groups would get nothing, and why.' }),
  alerts: z.object({ start: length, end: length.nullable() }),
  segments: count.openapi({ description: 'Of start and end together, for everybody.' }),
  cost: z.number().openapi({ description: 'What they are estimated to cost, by the countries of the people.' }), currency: z.string(),
  fields: z.array(z.object({ field: z.string(), meaning: z.string() })),
}).openapi('ContinuityPreview');
