import { z } from './zod';
import { ACCOUNT_CODE } from '../../domain/accounts';
import { consentActions, consentSources, endedWhys, optInSteps, smsPrograms, subscriptionStates } from '../../domain/sms-subscription';

const MOST_INVITED = 200;
const MOST_LISTED = 200;
const LISTED = 50;

const program = z.enum(smsPrograms).default('continuity').openapi({ description: 'The recurring program: continuity notices.' });

export const askSchema = z.strictObject({ program });
export const optInCodeSchema = z.strictObject({ code: z.string().trim().regex(/^\d{6}$/, 'must be the six digits from the text message') });
export const invitationSchema = z.strictObject({
  account: z.string().regex(ACCOUNT_CODE, 'must be 4 to 12 capitals and digits'),
  users: z.array(z.string().max(36)).min(1).max(MOST_INVITED).openapi({ description: 'Ids of users of the account.' }),
  program,
});

export const subscriptionListQuery = z.object({
  account: z.string().max(12).optional().openapi({ description: 'Only those of this account.', example: 'CSM33C3' }),
  state: z.enum(subscriptionStates).optional(),
  after: z.string().max(60).optional().openapi({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(LISTED),
});
export const consentQuery = z.object({ format: z.enum(['json', 'csv']).default('json') });

const time = z.string().openapi({ format: 'date-time' });
const number = z.object({ display: z.string(), country: z.string(), lastDigits: z.string() });

/** The envelope of an opt-in, and of what it led to. */
export const subscriptionSchema = z.object({
  id: z.string(),
  kind: z.literal('sms-subscription'),
  step: z.enum(optInSteps),
  expiresAt: z.string().nullable().openapi({ format: 'date-time', description: 'When silence lapses; null where nothing is waited for.' }),
  actions: z.array(z.object({ name: z.string(), method: z.literal('POST'), href: z.string() })),
  details: z.object({
    account: z.string(), user: z.string(), program: z.enum(smsPrograms), programName: z.string(), terms: z.string(), state: z.enum(subscriptionStates), since: time,
    endedWhy: z.enum(endedWhys).nullable(), number, remindersLeft: z.number().int(),
    delivery: z.enum(['sending', 'sent', 'undeliverable']).optional().openapi({ description: 'Of the confirmation text.' }),
    liftBy: z.string().optional().openapi({ description: 'What only the phone can do: an opt-out at the carrier is lifted by a text.' }),
  }),
}).openapi('SmsSubscription');

export const ownProgramsAnswer = z.array(z.object({
  program: z.enum(smsPrograms), name: z.string(), terms: z.string(),
  available: z.boolean(), why: z.string().nullable().openapi({ description: 'Why it cannot be asked for.' }),
  number: number.nullable(), subscription: z.union([subscriptionSchema, z.null()]),
})).openapi('OwnSmsPrograms');

export const subscriptionListAnswer = z.object({
  items: z.array(z.object({ id: z.string(), account: z.string(), user: z.string(), email: z.string(), name: z.string(), program: z.enum(smsPrograms), state: z.enum(subscriptionStates), since: time, endedWhy: z.enum(endedWhys).nullable(), number: z.string() })),
  next: z.string().nullable().openapi({ description: 'Where the next page begins; null on the last one.' }),
  counts: z.object({ pending: z.number().int(), active: z.number().int(), lapsed: z.number().int(), ended: z.number().int() }),
}).openapi('SmsSubscriptionList');

export const invitedAnswer = z.object({
  invited: z.number().int(),
  skipped: z.array(z.object({ user: z.string(), why: z.enum(['not-found', 'disabled', 'no-number', 'number-refused', 'subscribed', 'stopped']) })),
}).openapi('SmsInvitations');

export const consentsAnswer = z.array(z.object({
  id: z.string(), at: time, action: z.enum(consentActions), source: z.enum(consentSources), program: z.enum(smsPrograms), number: z.string(), actor: z.string().nullable(),
  textVersion: z.string().nullable(), origin: z.string().nullable(), keyword: z.string().nullable(), inboundId: z.string().nullable(),
})).openapi('SmsConsents');
