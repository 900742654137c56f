import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Problem, type ProblemSlug } from '../problems';

/** What body-parser and the router call their refusals, and what we call them. */
const BY_TYPE: Record<string, ProblemSlug> = {
  'entity.too.large': 'body-too-large',
  'entity.parse.failed': 'malformed-json',
  'encoding.unsupported': 'unsupported-media-type',
  'charset.unsupported': 'unsupported-media-type',
  'request.aborted': 'invalid-request',
  'request.size.invalid': 'invalid-request',
};

function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const { type, status } = error as { type?: string; status?: number };
  if (type && BY_TYPE[type]) return new Problem(BY_TYPE[type]);
  if (error instanceof URIError || status === 400) return new Problem('invalid-request');
  return null;
}

/** Answers every error as a problem document. What is not ours to explain is logged and answered as `internal-error`. */
export function problemHandler(publicUrl: string, logger: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = asProblem(error) ?? new Problem('internal-error');
    if (problem.slug === 'internal-error') logger.error({ err: error }, 'a request failed');
    res.status(problem.status).set({ ...problem.headers }).type('application/problem+json').send(JSON.stringify(problem.toDocument(publicUrl)));
  };
}

/** What no route took. */
export const notFound: RequestHandler = (_req, _res, next) => next(new Problem('not-found'));
