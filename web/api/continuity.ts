import { client, taken } from './client';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type ContinuityEvent = Schemas['ContinuityEvent'];
export type Phase = Schemas['ContinuityPhase'];
export type EventAction = ContinuityEvent['actions'][number]['name'];
export type ListedEvent = Schemas['ContinuityEventList']['items'][number];
export type Preview = Schemas['ContinuityPreview'];
export type Delivery = Schemas['ContinuityDeliveries']['items'][number];
export type DeliveryState = Delivery['state'];
type Body<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends { requestBody: { content: { 'application/json': infer Asked } } } ? Asked : never;
export type NewEvent = Body<'/api/continuity-events', 'post'>;
export type EventChange = Body<'/api/continuity-events/{id}', 'put'>;
export type PreviewAsked = Body<'/api/continuity-events/preview', 'post'>;
export type TestAsked = Body<'/api/continuity-events/test', 'post'>;

const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } });

/** A page of an account's events, the newest first. */
export function getEvents(account: string, after: string | undefined): Promise<Schemas['ContinuityEventList']> {
  return taken(client.GET('/api/continuity-events', { params: { query: { account, limit: 20, ...(after === undefined ? {} : { after }) } } }));
}

/** The names of the groups that an event can be for. */
export async function getGroupNames(account: string): Promise<string[]> {
  return (await taken(client.GET('/api/continuity-events/groups', { params: { query: { account } } }))).map(({ name }) => name);
}

export function getEvent(id: string): Promise<ContinuityEvent> {
  return taken(client.GET('/api/continuity-events/{id}', { params: { path: { id } } }));
}

/** Creates an event. `key`: a repeat with it is the same event, and tells nobody twice. */
export function createEvent(event: NewEvent, key: string): Promise<ContinuityEvent> {
  return taken(client.POST('/api/continuity-events', { params: keyed(key), body: event }));
}

export function changeEvent(id: string, change: EventChange): Promise<ContinuityEvent> {
  return taken(client.PUT('/api/continuity-events/{id}', { params: { path: { id } }, body: change }));
}

export function previewEvent(asked: PreviewAsked): Promise<Preview> {
  return taken(client.POST('/api/continuity-events/preview', { body: asked }));
}

/** Sends an alert to the own number. Answers the last digits of it. */
export async function testAlert(asked: TestAsked): Promise<string> {
  return (await taken(client.POST('/api/continuity-events/test', { body: asked }))).lastDigits;
}

/** A step of an event, with what it sends. */
export type EventStep =
  | { readonly action: Exclude<EventAction, 'change' | 'update' | 'end'> }
  /** `key`: a repeat with it tells nobody twice. The other steps can be taken once, or mean the same again. */
  | { readonly action: 'update'; readonly alert: string; readonly key: string }
  | { readonly action: 'end'; readonly alert: string | null };

export function takeEventStep(id: string, step: EventStep): Promise<ContinuityEvent> {
  const params = { path: { id } };
  const bare = { params, body: {} };
  switch (step.action) {
    case 'approve': return taken(client.POST('/api/continuity-events/{id}/approve', bare));
    case 'start': return taken(client.POST('/api/continuity-events/{id}/start', bare));
    case 'cancel': return taken(client.POST('/api/continuity-events/{id}/cancel', bare));
    case 'stop': return taken(client.POST('/api/continuity-events/{id}/stop', bare));
    case 'retry-failed': return taken(client.POST('/api/continuity-events/{id}/retry-failed', bare));
    case 'update': return taken(client.POST('/api/continuity-events/{id}/update', { params: { ...params, ...keyed(step.key) }, body: { alert: step.alert } }));
    case 'end': return taken(client.POST('/api/continuity-events/{id}/end', { params, body: { alert: step.alert } }));
  }
}

/** A page of what became of an event's notices. */
export function getDeliveries(id: string, filter: { readonly phase?: string; readonly state?: DeliveryState }, after: string | undefined): Promise<Schemas['ContinuityDeliveries']> {
  return taken(client.GET('/api/continuity-events/{id}/deliveries', { params: { path: { id }, query: { ...filter, limit: 20, ...(after === undefined ? {} : { after }) } } }));
}
