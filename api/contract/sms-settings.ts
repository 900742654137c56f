import { z } from './zod';
import { ACCOUNT_CODE } from '../../domain/accounts';
import { isCountry, numberReasons } from '../../domain/number-check';

const MOST_COUNTRIES = 250;
const MOST_VALUES = 500;
const MOST_CAP = 10_000_000;

const account = z.string().regex(ACCOUNT_CODE, 'must be 4 to 12 capitals and digits');
const attribute = z.string().trim().min(1).max(100);
const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO country code, such as US').refine(isCountry, 'must be a country whose numbers are known');
const cap = z.number().int().min(0).max(MOST_CAP).nullable();
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 22:00');

/** Which account is asked about. Administrators keep one; operators name it. */
export const ofAccountQuery = z.object({ account: z.string().max(12).optional().openapi({ description: 'Operators name the account; for administrators it is their own.', example: 'CSM33C3' }) });

export const smsSettingsSchema = z.strictObject({
  account,
  attribute: attribute.nullable().openapi({ description: 'The attribute of users that holds the SMS number.' }),
  defaultCountry: country.nullable().openapi({ description: 'What a number without a country code is proposed to be of.' }),
  emailAttribute: attribute.nullable().optional().openapi({ description: 'The attribute of users that holds a second e-mail address, for notices of events that go by e-mail as well; left out, it stays.' }),
  countries: z.array(country).max(MOST_COUNTRIES).openapi({ description: 'Texts go to these countries only; none: to all that the installation sends to.' }),
  dailyCap: cap.openapi({ description: 'Notices in 24 hours; null: no limit.' }),
  codesDailyCap: cap.openapi({ description: "Codes and passcodes in 24 hours, within the installation's limit." }),
  approvalRequired: z.boolean().openapi({ description: 'Whether a second administrator approves a continuity event.' }),
  quietHours: z.strictObject({ from: clock, to: clock }).nullable().openapi({ description: "Notices of planned events wait for their end, by the event's time zone." }),
});
export type SmsSettingsInput = z.infer<typeof smsSettingsSchema>;

export const smsSettingsAnswer = smsSettingsSchema.extend({
  emailAttribute: z.string().nullable(),
  attributeLabel: z.string().nullable(),
  services: z.boolean().openapi({ description: 'Whether the account has the SMS Services package.' }),
  notices: z.object({ available: z.boolean(), why: z.string().nullable() }).openapi({ description: 'Whether continuity notices can be sent, and why not.' }),
  limits: z.object({ countries: z.array(z.string()), codesDaily: z.number().int(), perNumberDaily: z.number().int() }).openapi({ description: "The installation's own." }),
}).openapi('SmsSettings');

export const attributeSchema = z.strictObject({ account, name: attribute.regex(/^[\w .-]+$/, 'must be letters, digits, blanks, dots, dashes and underscores'), label: z.string().trim().min(1).max(100) });
export const attributesAnswer = z.array(z.object({ name: z.string(), label: z.string(), values: z.number().int() })).openapi('UserAttributes');

export const numberCheckSchema = z.strictObject({ account, attribute, defaultCountry: country.nullable().default(null) });
export const numberCheckAnswer = z.object({
  id: z.string(), account: z.string(), attribute: z.string(), defaultCountry: z.string().nullable(), state: z.enum(['running', 'done', 'applying', 'applied']),
  total: z.number().int(), lookedAt: z.number().int(), usable: z.number().int(), proposed: z.number().int(), unusable: z.number().int(), applied: z.number().int(), createdAt: z.string().openapi({ format: 'date-time' }),
}).openapi('NumberCheck');
export const numberCheckListAnswer = z.array(numberCheckAnswer);

export const checkedValuesQuery = z.object({
  outcome: z.enum(['proposed', 'unusable']).optional(),
  after: z.string().max(60).optional().openapi({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MOST_VALUES).default(50),
  format: z.enum(['json', 'csv']).default('json').openapi({ description: '`csv`: all of them, as text/csv.' }),
});
export const checkedValuesAnswer = z.object({
  items: z.array(z.object({ user: z.string(), email: z.string(), name: z.string(), value: z.string(), proposal: z.string().nullable(), reason: z.enum(numberReasons), text: z.string() })),
  next: z.string().nullable(),
}).openapi('CheckedNumbers');

const date = z.iso.date({ error: 'must be a date like 2024-01-31' });
export const usageQuery = ofAccountQuery.extend({ from: date.optional().openapi({ description: 'The first day, UTC; 30 days ago where it is left out.' }), to: date.optional().openapi({ description: 'The last day; today where it is left out.' }) });
const totals = { sent: z.number().int(), delivered: z.number().int(), failed: z.number().int(), refused: z.number().int(), blocked: z.number().int(), segments: z.number().int(), cost: z.number() };
export const usageAnswer = z.object({
  from: z.string(), to: z.string(), currency: z.string(),
  pricePerSegment: z.number().openapi({ description: 'What a segment is estimated to cost where its country is not among `prices`.' }), prices: z.record(z.string(), z.number()).openapi({ description: 'The same by ISO country code.' }),
  days: z.array(z.object({ day: z.string().openapi({ format: 'date' }), program: z.enum(['password-reset', 'two-step', 'opt-in', 'continuity']), ...totals })),
  totals: z.object(totals),
}).openapi('SmsUsage');
