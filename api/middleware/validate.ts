import type { RequestHandler } from 'express';
import type { z } from 'zod';
import { Problem } from '../problems';

/** Refuses a body that does not fit, naming every field that is wrong; never repeats what was sent. */
export function validate(schema: z.ZodType): RequestHandler {
  return (req, _res, next) => next(refusal(schema, req.body ?? {}));
}

/** The same for what stands behind the question mark. */
export function validateQuery(schema: z.ZodType): RequestHandler {
  return (req, _res, next) => next(refusal(schema, req.query));
}

function refusal(schema: z.ZodType, given: unknown): Problem | undefined {
  const parsed = schema.safeParse(given);
  if (parsed.success) return undefined;
  return new Problem('invalid-request', { extra: { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) } });
}
