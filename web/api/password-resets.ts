import type { Application } from '../../domain/password-reset';
import { client, taken, type ClientAnswer } from './client';
import type { ResetCommand, ResetFlow } from './envelope';
import type { components } from './schema';

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
