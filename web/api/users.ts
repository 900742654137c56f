import type { Application, ResetMethod } from '../../domain/password-reset';
import { client, taken } from './client';
import type { components } from './schema';

export type User = components['schemas']['User'];

/** What an administrator does for a user with a button. */
export type UserAction = 'disable' | 'enable' | 'reset-second-step';

/** The users that the signed-in administrator keeps. */
export function getUsers(): Promise<User[]> {
  return taken(client.GET('/api/users', {}));
}

export function getUser(id: string): Promise<User> {
  return taken(client.GET('/api/users/{id}', { params: { path: { id } } }));
}

/** Does something for a user. Answers the user as they are then. */
export function actOnUser(id: string, action: UserAction): Promise<User> {
  const params = { path: { id } };
  switch (action) {
    case 'disable': return taken(client.POST('/api/users/{id}/disable', { params }));
    case 'enable': return taken(client.POST('/api/users/{id}/enable', { params }));
    case 'reset-second-step': return taken(client.POST('/api/users/{id}/reset-second-step', { params }));
  }
}

/** Sends a user what a new password is chosen with. The one who asks never sees it. */
export function resetPasswordOf(id: string, method: ResetMethod, application: Application) {
  return taken(client.POST('/api/users/{id}/password-resets', { params: { path: { id } }, body: { method, application } }));
}
