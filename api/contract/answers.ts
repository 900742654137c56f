import { z } from './zod';
import { groupSchema, profileSchema, userSchema } from './administration';
import { applications, endings, resetMethods } from '../../domain/password-reset';

const criterion = z.object({ id: z.string(), label: z.string() });

/** What the steps of a reset bring along. Each is there at its own step only. */
const details = z.object({
  application: z.enum(applications),
  captcha: z.object({
    image: z.string().openapi({ description: 'A picture, as a data: URL.' }),
    alternative: z.object({ kind: z.literal('altcha'), challenge: z.record(z.string(), z.unknown()) }).openapi({ description: 'A proof of work (ALTCHA) for those who cannot read the picture.' }),
  }).optional(),
  methods: z.array(z.enum(resetMethods)).optional(),
  help: z.string().optional().openapi({ description: 'Whom to ask where no method is offered.' }),
  method: z.enum(resetMethods).optional(),
  resend: z.object({ availableAt: z.string().nullable(), left: z.number().int() }).optional(),
  policy: z.array(criterion).optional(),
  policyContext: z.object({ minLength: z.number().int(), maxLength: z.number().int(), legacyComplexity: z.boolean(), context: z.array(z.string()) }).optional(),
}).loose();

/** The envelope that every answer of a reset is. */
export const flowSchema = z.object({
  id: z.string().openapi({ description: 'The bearer handle. After a proof it is a new one.' }),
  kind: z.literal('password-reset'),
  step: z.enum(['captcha', 'choose-method', 'enter-code', 'follow-link', 'enter-temporary-password', 'new-password', ...endings]),
  expiresAt: z.string().nullable().openapi({ format: 'date-time', description: 'Null once the reset has ended.' }),
  actions: z.array(z.object({ name: z.string(), method: z.literal('POST'), href: z.string() })),
  details,
}).openapi('Flow');

/** RFC 9457, with the members that some types add. */
export const problemSchema = z.object({
  type: z.string().openapi({ format: 'uri', description: 'The address of a page that says what to do.' }),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  failures: z.array(criterion).optional(),
  attemptsLeft: z.number().int().optional(),
  reason: z.string().optional().openapi({ description: 'Why a number cannot be used.' }),
}).loose().openapi('Problem');

export const administratorResetAnswer = z.object({ requested: z.literal(true), method: z.enum(resetMethods) });
export const profileAnswer = profileSchema.extend({ id: z.string() }).openapi('AuthenticationProfile');
export const groupAnswer = groupSchema.extend({ id: z.string() }).openapi('Group');
export const userAnswer = userSchema.openapi('User');
export const healthAnswer = z.object({ status: z.literal('live') });
export const readyAnswer = z.object({ status: z.enum(['ready', 'not-ready']), database: z.boolean(), engine: z.boolean(), worker: z.boolean() }).openapi('Readiness');
export const problemListAnswer = z.array(z.object({ slug: z.string(), status: z.number().int(), title: z.string(), whatToDo: z.string() }));
export const documentAnswer = z.object({ openapi: z.string() }).loose();
