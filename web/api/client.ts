import createClient from 'openapi-fetch';
import type { Application } from '../../domain/password-reset';
import type { ProblemDocument, ResetCommand, ResetFlow } from './envelope';
import type { components, paths } from './schema';

/** A refusal of the API, with its problem document. */
export class ProblemError extends Error {
  constructor(readonly problem: ProblemDocument) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
  }
}

const client = createClient<paths>({ baseUrl: window.location.origin });

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

interface ClientAnswer<Body> {
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

/** The body of an answer, or its problem as an error. */
async function taken<Body>(request: Promise<ClientAnswer<Body>>): Promise<Body> {
  const { data, error, response } = await request.catch(() => {
    throw new ProblemError(unreachable);
  });
  if (data !== undefined) return data;
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

/** The contract says what details there can be; which step brings which is said in `ResetDetails`. */
async function flow(request: Promise<ClientAnswer<components['schemas']['Flow']>>): Promise<ResetFlow> {
  return (await taken(request)) as ResetFlow;
}

/** Begins a reset. */
export function startReset(email: string, application: Application): Promise<ResetFlow> {
  return flow(client.POST('/api/password-resets', { body: { email, application } }));
}

/** A reset as it is now. */
export function getReset(id: string): Promise<ResetFlow> {
  return flow(client.GET('/api/password-resets/{id}', { params: { path: { id } } }));
}

/** Takes a step of a reset. */
export function takeStep(id: string, command: ResetCommand): Promise<ResetFlow> {
  const params = { path: { id } };
  switch (command.action) {
    case 'captcha': return flow(client.POST('/api/password-resets/{id}/captcha', { params, body: command.body }));
    case 'method': return flow(client.POST('/api/password-resets/{id}/method', { params, body: command.body }));
    case 'code': return flow(client.POST('/api/password-resets/{id}/code', { params, body: command.body }));
    case 'link': return flow(client.POST('/api/password-resets/{id}/link', { params, body: command.body }));
    case 'temporary-password': return flow(client.POST('/api/password-resets/{id}/temporary-password', { params, body: command.body }));
    case 'password': return flow(client.POST('/api/password-resets/{id}/password', { params, body: command.body }));
    case 'resend': return flow(client.POST('/api/password-resets/{id}/resend', { params }));
    case 'cancel': return flow(client.POST('/api/password-resets/{id}/cancel', { params }));
  }
}

/** Every problem that can be met, with what to do about it. */
export function getProblems() {
  return taken(client.GET('/api/problems'));
}
