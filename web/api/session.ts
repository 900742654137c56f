import { client, slugOf, taken } from './client';
import type { components } from './schema';

export type Session = components['schemas']['Session'];

/** Who is signed in with this browser; null where nobody is. */
export function getSession(): Promise<Session | null> {
  return taken(client.GET('/api/session')).catch((error: unknown) => {
    if (slugOf(error) === 'unauthenticated') return null;
    throw error;
  });
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
