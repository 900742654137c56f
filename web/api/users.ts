import type { Application, ResetMethod } from '../../domain/password-reset';
import type { Role } from '../../domain/sign-in';
import { client, taken } from './client';
import type { components } from './schema';

export type User = components['schemas']['User'];

/** What an administrator does for a user with a button. */
export type UserAction = 'disable' | 'enable' | 'reset-second-step' | 'unlock-password' | 'unlock-reset';

const PAGE = 50;

/** A page of users, and where the next one begins. */
export interface UserPage {
  readonly users: readonly User[];
  readonly next: string | undefined;
}

/** A page of the users that the signed-in administrator keeps: of those whose address or name begins like this. */
export async function getUsers(search: string, after: string | undefined): Promise<UserPage> {
  const request = client.GET('/api/users', { params: { query: { limit: PAGE, ...(search === '' ? {} : { search }), ...(after === undefined ? {} : { after }) } } });
  const users = await taken(request);
  const [, next] = /[?&]after=([^&>]+)[^>]*>; rel="next"/.exec((await request).response.headers.get('link') ?? '') ?? [];
  return { users, next };
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
    case 'unlock-password': return taken(client.POST('/api/users/{id}/unlock-password', { params }));
    case 'unlock-reset': return taken(client.POST('/api/users/{id}/unlock-reset', { params }));
    case 'reset-second-step': return taken(client.POST('/api/users/{id}/reset-second-step', { params }));
  }
}

/** Gives a user another role. Their sessions end. */
export function changeRole(id: string, role: Role): Promise<User> {
  return taken(client.POST('/api/users/{id}/role', { params: { path: { id } }, body: { role } }));
}

/** Sends a user what a new password is chosen with. The one who asks never sees it. */
export function resetPasswordOf(id: string, method: ResetMethod, application: Application) {
  return taken(client.POST('/api/users/{id}/password-resets', { params: { path: { id } }, body: { method, application } }));
}
