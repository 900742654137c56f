import { z } from './zod';
import { ACCOUNT_CODE, regions, subscriptionSlug } from '../../domain/accounts';
import { isCalendarDate } from '../../domain/onboarding/calendar';
import { onboardingEndings } from '../../domain/onboarding/page';
import { taskNames, taskStates } from '../../domain/onboarding/tasks';

const MOST_SUBSCRIPTIONS = 50;
const MOST_LISTED = 200;
const LISTED = 50;

const name = z.string().trim().min(1).max(200);
const accountCode = z.string().regex(ACCOUNT_CODE, 'must be 4 to 12 capitals and digits');
const date = z.string().refine(isCalendarDate, 'must be a date like 2024-01-31').openapi({ format: 'date' });

export const accountSchema = z.strictObject({
  code: accountCode,
  name,
  region: z.enum(regions),
  administrator: z.strictObject({ email: z.string().trim().max(254).pipe(z.email()).openapi({ format: 'email' }), name }),
  subscriptions: z.array(z.string().trim().min(1).max(60).transform(subscriptionSlug)).max(MOST_SUBSCRIPTIONS).default([]).openapi({ description: 'Among them `sms-services` for the task of SMS.' }),
});

export const draftSchema = z.strictObject({
  version: z.number().int().min(0).openapi({ description: 'The one that was seen. Where another was saved meanwhile, this one is refused.' }),
  draft: z.record(z.string().max(50), z.unknown()).openapi({ description: 'What was entered so far, complete or not. A password given with it is kept sealed and never shown.' }),
});
export const submitSchema = z.strictObject({ version: z.number().int().min(0).openapi({ description: 'Of the draft that was seen.' }) });
/** A step that needs no more than its name. */
export const bareSchema = z.strictObject({});
export const lastDaySchema = z.strictObject({ date: date.nullable().openapi({ description: 'The last day, by the clock of each account; null for none, or for that of the application.' }) });

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const listQuery = z.object({
  status: z.enum(['open', ...onboardingEndings]).default('open'),
  next: z.enum(taskNames).optional().openapi({ description: 'Only those whose next task this is.' }),
  waitsFor: z.enum(['administrator', 'validation', 'attention']).optional(),
  region: z.enum(regions).optional(),
  stalled: flag.optional().openapi({ description: 'Only those that have stood still for a week.' }),
  endsBy: date.optional().openapi({ description: 'Only those whose last day is this one or earlier.' }),
  account: z.string().regex(/^[A-Z0-9]{1,12}$/).optional().openapi({ description: 'The beginning of the code.', example: 'CEU' }),
  after: z.string().max(100).optional().openapi({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(LISTED),
});

const time = z.string().openapi({ format: 'date-time' });
const discontinuation = z.object({ date: z.string().openapi({ format: 'date' }), daysLeft: z.number().int(), extended: z.boolean() }).nullable();

const dnsRecord = z.object({ name: z.string(), type: z.enum(['TXT', 'MX']), value: z.string(), note: z.string().openapi({ description: 'Beside what, or in place of what, it goes.' }) }).openapi('DnsRecord');

const task = z.object({
  name: z.enum(taskNames), title: z.string(), introduction: z.string(), state: z.enum(taskStates), version: z.number().int(),
  draft: z.record(z.string(), z.unknown()), secretsGiven: z.array(z.string()).openapi({ description: 'Passwords that are kept for the validation, by name.' }),
  reason: z.string().nullable(), whatToDo: z.string().nullable(), checkedAt: time.nullable(), nextCheckAt: time.nullable(), facts: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'What the last look found.' }),
  records: z.array(dnsRecord).openapi({ description: 'What is to be published in the DNS for this task.' }),
  needs: z.array(z.enum(taskNames)).openapi({ description: 'What has to be completed before.' }),
  completedAt: time.nullable(), updatedBy: z.string().nullable(), updatedAt: time,
}).openapi('OnboardingTask');

const account = z.object({ code: z.string(), name: z.string(), region: z.enum(regions), subscriptions: z.array(z.string()) });

export const onboardingSchema = z.object({
  id: z.string().openapi({ description: "The account's code." }),
  kind: z.literal('connect-onboarding'),
  step: z.enum(['welcome', ...taskNames, 'done', 'discontinued', 'cancelled']).openapi({ description: 'The page to show to who enters.' }),
  expiresAt: z.string().nullable().openapi({ format: 'date-time', description: 'The end of the last day; null where none is set, or once it has ended.' }),
  actions: z.array(z.object({ name: z.string(), task: z.enum(taskNames), method: z.enum(['POST', 'PUT']), href: z.string() })),
  details: z.object({
    account: account.extend({ timeZone: z.string() }),
    welcome: z.object({ title: z.string(), introduction: z.array(z.string()), resources: z.array(z.object({ title: z.string(), text: z.string() })) }).optional(),
    tasks: z.array(task),
    lastCompleted: z.enum(taskNames).nullable(),
    inProgress: z.array(z.enum(taskNames)),
    next: z.enum(taskNames).nullable(),
    waitsFor: z.enum(['administrator', 'validation', 'attention']).nullable(),
    discontinuation,
    endedAt: time.nullable(),
  }),
}).openapi('Onboarding');

export const accountAnswer = z.object({
  account, holdingDomain: z.string(), administrator: z.object({ id: z.string(), email: z.string(), name: z.string() }).nullable(), onboarding: onboardingSchema,
}).openapi('NewAccount');
export const requestedAnswer = z.object({ requested: z.literal(true) });
export const lastDayAnswer = z.object({ application: z.literal('connect'), date: z.string().nullable() }).openapi('Discontinuation');

export const listAnswer = z.object({
  items: z.array(z.object({
    account: z.string(), name: z.string(), region: z.enum(regions), next: z.enum(taskNames).nullable(), waitsFor: z.enum(['administrator', 'validation', 'attention']).nullable(), completed: z.number().int(),
    outcome: z.enum(onboardingEndings).nullable(), lastWorkAt: time, createdAt: time, stalled: z.boolean(), discontinuation,
  })),
  next: z.string().nullable().openapi({ description: 'Where the next page begins; null on the last one.' }),
  counts: z.object({
    open: z.number().int(), completed: z.number().int(), discontinued: z.number().int(), cancelled: z.number().int(), stalled: z.number().int(),
    tasks: z.array(z.object({ task: z.enum(taskNames), administrator: z.number().int(), validation: z.number().int(), attention: z.number().int() })),
  }),
}).openapi('OnboardingList');

export const uploadQuery = z.object({ name: z.string().trim().min(1).max(200).default('users.csv').openapi({ description: 'What the file is called.' }) });
export const uploadSchema = z.string().openapi({ description: 'A line of headings (e-mail, name, and where there is one a mobile number; others become attributes), then a line for each user. In UTF-8.' });

const count = z.number().int();
const report = z.object({
  read: count, problems: count,
  toldProblems: z.array(z.object({ line: count, reason: z.string() })).openapi({ description: 'The first hundred of those who cannot be taken, by line.' }),
  plan: z.object({
    counts: z.object({ add: count, change: count, leave: count, conflict: count }),
    conflicts: z.array(z.object({ line: count, why: z.enum(['elsewhere', 'disabled', 'second-address']) })).openapi({ description: 'The first hundred of those who would be left as they are.' }),
  }),
}).openapi('ImportReport');

const dryRun = z.object({
  result: z.enum(['ok', 'not-yet', 'wrong']), reason: z.string().nullable(), whatToDo: z.string().nullable(),
  report: report.nullable().openapi({ description: 'What taking them over would do; null where they could not be read.' }),
});
export const uploadAnswer = dryRun.extend({ upload: z.string().openapi({ description: 'For the field `upload` of the task.' }), fileName: z.string(), bytes: count }).openapi('UploadedUsers');
export const trialAnswer = dryRun.extend({
  connection: z.object({ encryption: z.enum(['tls', 'starttls', 'none']), people: count, more: z.boolean(), withEmail: count, withName: count, withMobile: count }).nullable()
    .openapi({ description: 'What the first page of people showed; null where the directory could not be asked.' }),
}).openapi('DirectoryTrial');
