import { applications } from '../../domain/password-reset';
import { assurances, authenticationTypes, roles, signInPurposes, signInSteps } from '../../domain/sign-in';
import { codeSchema, passwordSchema } from './password-resets';
import { z } from './zod';

const MAX_PASSWORD = 1024;
const MAX_NUMBER = 40;
const MAX_RECOVERY_CODE = 60;

export const signInPasswordSchema = z.strictObject({ authenticationType: z.enum(authenticationTypes), password: z.string().min(1).max(MAX_PASSWORD) });
export const phoneSchema = z.strictObject({ number: z.string().max(MAX_NUMBER).openapi({ description: 'Plus, country code, number; no zero at the beginning.' }) });
export const passcodeSchema = codeSchema;
export const recoveryCodeSchema = z.strictObject({ code: z.string().trim().min(1).max(MAX_RECOVERY_CODE).openapi({ description: 'With or without its dashes.' }) });
export const newPasswordSchema = passwordSchema;
/** Whoever is signed in enters the password again before the second step is changed. */
export const reauthenticationSchema = z.strictObject({ password: z.string().min(1).max(MAX_PASSWORD) });
export const applicationSchema = z.strictObject({ application: z.enum(applications) });
export const roleSchema = z.strictObject({ role: z.enum(roles) });

const criterion = z.object({ id: z.string(), label: z.string() });

/** What the steps bring along. Each is there at its own step only. */
const details = z.object({
  application: z.enum(applications),
  purpose: z.enum(signInPurposes),
  authenticationTypes: z.array(z.enum(authenticationTypes)).optional(),
  countries: z.array(z.string()).optional().openapi({ description: 'ISO codes of the countries whose numbers may be enrolled; absent: all.' }),
  risk: z.string().optional().openapi({ description: 'What to say beside the field for a number.' }),
  enrolment: z.object({ uri: z.string(), secret: z.string() }).optional().openapi({ description: 'The key of an authenticator app that is being enrolled: an otpauth URI for a picture, and as text.' }),
  number: z.object({ display: z.string().optional(), country: z.string().optional(), lastDigits: z.string().optional() }).optional().openapi({ description: 'Where the passcode goes: a number that is being enrolled as it was understood, of a saved one the last two digits.' }),
  delivery: z.enum(['sending', 'sent', 'failed']).optional(),
  resend: z.object({ availableAt: z.string().nullable(), left: z.number().int() }).optional(),
  policy: z.array(criterion).optional(),
  policyContext: z.object({ minLength: z.number().int(), maxLength: z.number().int(), legacyComplexity: z.boolean(), context: z.array(z.string()) }).optional(),
  assurance: z.enum(assurances).optional(),
  open: z.boolean().optional().openapi({ description: 'Once it is done: whether the application is open to who signed in. If not, the session is in one that is.' }),
  recoveryCodes: z.array(z.string()).optional().openapi({ description: 'One-time codes, shown this once, in the answer to the step that made them.' }),
}).loose();

/** The envelope that every answer of a sign-in is. */
export const signInSchema = z.object({
  id: z.string().openapi({ description: 'The bearer handle. After the password it is a new one.' }),
  kind: z.literal('sign-in'),
  step: z.enum(signInSteps),
  expiresAt: z.string().nullable().openapi({ format: 'date-time', description: 'Null once the sign-in has ended.' }),
  actions: z.array(z.object({ name: z.string(), method: z.literal('POST'), href: z.string() })),
  details,
}).openapi('SignIn');

export const sessionAnswer = z.object({
  user: z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.enum(roles), account: z.string() }),
  application: z.enum(applications),
  assurance: z.enum(assurances),
  applications: z.array(z.object({
    application: z.enum(applications), stepUp: z.boolean().openapi({ description: 'Whether it asks for a second step before it opens.' }),
  })).openapi({ description: 'Those that are open to this person.' }),
  expiresAt: z.string().openapi({ format: 'date-time' }),
  idleUntil: z.string().openapi({ format: 'date-time', description: 'When it ends if it is not used before.' }),
}).openapi('Session');

export const addressAnswer = z.object({ email: z.string() });

export const sessionListAnswer = z.array(z.object({
  id: z.string(), application: z.enum(applications), assurance: z.enum(assurances), createdAt: z.string(), lastSeenAt: z.string(), expiresAt: z.string(),
  current: z.boolean().openapi({ description: 'Whether it is the one that asks.' }),
}));

export const factorsAnswer = z.object({
  phone: z.object({ lastDigits: z.string(), enrolledAt: z.string() }).nullable(),
  totp: z.object({ enrolledAt: z.string() }).nullable(),
  recoveryCodes: z.number().int().openapi({ description: 'How many are left.' }),
}).openapi('SecondStep');
