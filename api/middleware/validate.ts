import type { RequestHandler } from 'express';
import type { z } from 'zod';
import { Problem } from '../problems';

/** Refuses a body that does not fit, naming every field that is wrong; never repeats what was sent. */
export function validate(schema: z.ZodType): RequestHandler {
  return (req, _res, next) => {
    const parsed = schema.safeParse(req.body ?? {});
    if (parsed.success) return next();
    next(new Problem('invalid-request', { extra: { errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) } }));
  };
}
