import createClient from 'openapi-fetch';
import type { ProblemDocument } from './envelope';
import type { paths } from './schema';

/** A refusal of the API, with its problem document. */
export class ProblemError extends Error {
  constructor(readonly problem: ProblemDocument) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
  }
}

/** The API, as its document describes it. */
export const client = createClient<paths>({ baseUrl: window.location.origin });

/** Under what the pages keep who is signed in. */
export const SESSION_KEY = ['session'] as const;

/** How far the server's clock is ahead of this one, so that countdowns are right on a device whose clock is not. */
let clockOffsetMs = 0;

client.use({
  onResponse: ({ response }) => {
    const date = Date.parse(response.headers.get('date') ?? '');
    // The header has whole seconds: a smaller difference says nothing.
    if (!Number.isNaN(date) && Math.abs(date - Date.now()) > 2_000) clockOffsetMs = date - Date.now();
  },
});

/** The server's time, in milliseconds. */
export function serverNow(): number {
  return Date.now() + clockOffsetMs;
}

export interface ClientAnswer<Body> {
  readonly data?: Body;
  readonly error?: unknown;
  readonly response: Response;
}

const unreachable: ProblemDocument = {
  type: 'about:blank', title: 'No connection', status: 0, detail: 'The service could not be reached. Check your connection and try again: nothing is lost.',
};

function isProblem(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && 'title' in value && 'status' in value;
}

/** The body of an answer, undefined where it has none, or its problem as an error. */
export async function taken<Body>(request: Promise<ClientAnswer<Body>>): Promise<Body> {
  const { data, error, response } = await request.catch(() => {
    throw new ProblemError(unreachable);
  });
  if (data !== undefined || (error === undefined && response.ok)) return data as Body;
  if (isProblem(error)) throw new ProblemError(error);
  throw new ProblemError({ type: 'about:blank', title: 'Something went wrong', status: response.status, detail: 'Please try again in a moment.' });
}

/** The problem document of anything that was thrown. */
export function problemOf(error: unknown): ProblemDocument {
  return error instanceof ProblemError ? error.problem : { type: 'about:blank', title: 'Something went wrong', status: 0, detail: 'Please load the page again.' };
}

/** The last segment of a problem's type: the name of its page. */
export function slugOf(error: unknown): string {
  return problemOf(error).type.split('/').at(-1) ?? '';
}

/** Whether asking again may help: no connection, or the service is away for a moment. */
export function isWorthRetrying(error: unknown): boolean {
  const { status } = problemOf(error);
  return status === 0 || status >= 500;
}

/** Every problem that can be met, with what to do about it. */
export function getProblems() {
  return taken(client.GET('/api/problems'));
}
