import { z } from './zod';
import { applications, resetMethods } from '../../domain/password-reset';

const MAX_EMAIL = 254;
const MAX_TOKEN = 128;
const MAX_PASSWORD = 1024;
/** A solved alternative challenge is longer than a picture's text. */
const MAX_ANSWER = 4096;

export const startSchema = z.strictObject({ email: z.string().trim().max(MAX_EMAIL).pipe(z.email()).openapi({ format: 'email' }), application: z.enum(applications) });
export const captchaSchema = z.strictObject({ answer: z.string().min(1).max(MAX_ANSWER) });
export const methodSchema = z.strictObject({ method: z.enum(resetMethods) });
export const codeSchema = z.strictObject({ code: z.string().max(40).transform((code) => code.replace(/\s/g, '')).pipe(z.string().regex(/^[0-9]{6}$/, 'must be six digits')).openapi({ description: 'Six digits. Blanks are forgiven.' }) });
export const linkSchema = z.strictObject({ token: z.string().trim().min(1).max(MAX_TOKEN) });
export const temporaryPasswordSchema = z.strictObject({ password: z.string().min(1).max(MAX_PASSWORD) });
export const passwordSchema = z.strictObject({ password: z.string().min(1).max(MAX_PASSWORD), confirmation: z.string().min(1).max(MAX_PASSWORD) });
export const administratorResetSchema = z.strictObject({ method: z.enum(resetMethods), application: z.enum(applications).default('personal-portal') });
