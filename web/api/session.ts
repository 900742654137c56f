import type { Application } from '../../domain/password-reset';
import { client, slugOf, taken } from './client';
import type { components } from './schema';
import type { SignInFlow } from './sign-ins';

export type Session = components['schemas']['Session'];

/** Who is signed in with this browser; null where nobody is. */
export function getSession(): Promise<Session | null> {
  return taken(client.GET('/api/session')).catch((error: unknown) => {
    if (slugOf(error) === 'unauthenticated') return null;
    throw error;
  });
}

/** Moves to another application. Answers the session as it is there, or the sign-in that the application asks for first. */
export async function enterApplication(application: Application): Promise<Session | SignInFlow> {
  return (await taken(client.POST('/api/session/application', { body: { application } }))) as Session | SignInFlow;
}

/** Ends this session. */
export function signOut() {
  return taken(client.DELETE('/api/session'));
}

/** One's own live sessions, the newest first. */
export function getSessions() {
  return taken(client.GET('/api/sessions'));
}

/** Ends one of one's own sessions. */
export function endSession(id: string) {
  return taken(client.DELETE('/api/sessions/{id}', { params: { path: { id } } }));
}

/** What is enrolled as one's own second step. */
export function getFactors() {
  return taken(client.GET('/api/session/factors'));
}
