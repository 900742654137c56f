import { z } from './zod';
import { bounds } from '../../domain/password-reset';
import { lockKinds, roles, sessionBounds } from '../../domain/sign-in';

const MINUTE_MS = 60_000;
const MOST_USERS = 500;
/** What an answer adds: taken and ignored, so that an answer can be changed and sent back. */
const answered = { id: z.string().optional().openapi({ description: 'Answered; ignored where it is sent back.' }) };
const name = z.string().trim().min(1).max(100);

export const userSchema = z.object({
  id: z.string(), account: z.string(), email: z.string(), name: z.string(), role: z.enum(roles), status: z.enum(['active', 'disabled']), authentication: z.enum(['cloud', 'domain']),
  locks: z.array(z.object({ what: z.enum(lockKinds), until: z.string().nullable().openapi({ format: 'date-time', description: 'Null: until an administrator lifts it.' }) }))
    .openapi({ description: 'What is refused now, after too many wrong entries.' }),
});

export const userListQuery = z.object({
  account: z.string().max(12).optional().openapi({ description: 'Only those of this account.', example: 'CEU11A1' }),
  email: z.string().max(254).optional().openapi({ description: 'Only the one with this address.' }),
  search: z.string().trim().max(100).optional().openapi({ description: 'How the address, the name or the last name begins.' }),
  after: z.string().max(36).optional().openapi({ description: 'The last user of the page before: its `Link` header has the address of the next.' }),
  limit: z.coerce.number().int().min(1).max(MOST_USERS).default(MOST_USERS),
});

/** "Password Reset Options" and what else a profile decides. Times are milliseconds. */
export const profileSchema = z.strictObject({
  account: z.string().regex(/^[A-Z0-9]{4,12}$/, 'must be an account code'),
  name,
  passwordResetOptions: z.strictObject({ selfService: z.boolean(), sms: z.boolean(), email: z.boolean(), smsSoleFactorAccepted: z.boolean() }),
  twoStep: z.enum(['off', 'sms', 'strong']),
  legacyComplexity: z.boolean(),
  codeTtlMs: z.number().int().min(MINUTE_MS).max(bounds.codeTtlMs).default(bounds.codeTtlMs),
  linkTtlMs: z.number().int().min(MINUTE_MS).max(bounds.linkTtlMs).default(60 * MINUTE_MS),
  temporaryPasswordTtlMs: z.number().int().min(MINUTE_MS).max(bounds.temporaryPasswordTtlMs).default(72 * 60 * MINUTE_MS),
  sessionIdleMs: z.number().int().min(sessionBounds.leastMs).max(sessionBounds.idleMs).default(sessionBounds.idleMs),
  sessionAbsoluteMs: z.number().int().min(sessionBounds.leastMs).max(sessionBounds.absoluteMs).default(sessionBounds.absoluteMs),
  helpContact: z.string().trim().min(1).max(300),
  ...answered,
  risks: z.array(z.string()).optional().openapi({ description: 'What its owner accepts with these options. Answered; ignored where it is sent back.' }),
});
export type ProfileInput = z.infer<typeof profileSchema>;

export const groupSchema = z.strictObject({
  account: z.string().regex(/^[A-Z0-9]{4,12}$/, 'must be an account code'),
  name,
  profileId: z.string().max(36).nullable().default(null),
  members: z.array(z.string().max(36)).max(1000).default([]),
  groups: z.array(z.string().max(36)).max(100).default([]).openapi({ description: 'Groups of the account whose people are its people too, each once.' }),
  ...answered,
});
export type GroupInput = z.infer<typeof groupSchema>;
