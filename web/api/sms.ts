import { client, taken } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type OwnProgram = Schemas['OwnSmsPrograms'][number];
export type Subscription = Schemas['SmsSubscription'];
export type SmsSettings = Schemas['SmsSettings'];
export type Attribute = Schemas['UserAttributes'][number];
export type NumberCheck = Schemas['NumberCheck'];
export type Usage = Schemas['SmsUsage'];
export type Invited = Schemas['SmsInvitations'];
export type UsageDay = Usage['days'][number];

/** One's own recurring programs, and where one stands. */
export function getOwnPrograms() {
  return taken(client.GET('/api/session/sms-subscriptions'));
}

export function askForProgram(program: OwnProgram['program']): Promise<Subscription> {
  return taken(client.POST('/api/sms-subscriptions', { body: { program } }));
}

/** Invites a user by e-mail, or says why not. */
export function inviteToProgram(account: string, user: string): Promise<Invited> {
  return taken(client.POST('/api/sms-subscriptions/invitations', { body: { account, users: [user], program: 'continuity' } }));
}

/** Takes a step of one's own opt-in. */
export function takeOptInStep(id: string, step: { readonly action: 'accept' | 'remind' | 'stop' } | { readonly action: 'code'; readonly code: string }): Promise<Subscription> {
  const params = { path: { id } };
  switch (step.action) {
    case 'accept': return taken(client.POST('/api/sms-subscriptions/{id}/accept', { params }));
    case 'remind': return taken(client.POST('/api/sms-subscriptions/{id}/remind', { params }));
    case 'stop': return taken(client.POST('/api/sms-subscriptions/{id}/stop', { params }));
    case 'code': return taken(client.POST('/api/sms-subscriptions/{id}/code', { params, body: { code: step.code } }));
  }
}

export function getSmsSettings(account: string): Promise<SmsSettings> {
  return taken(client.GET('/api/sms-settings', { params: { query: { account } } }));
}

/** What an account chooses: without what the server answers beside it. */
export type ChosenSettings = Omit<SmsSettings, 'attributeLabel' | 'services' | 'notices' | 'limits'>;

export function saveSmsSettings(settings: ChosenSettings): Promise<SmsSettings> {
  return taken(client.PUT('/api/sms-settings', { body: settings }));
}

/** The part of the settings that can be sent back. */
export function chosenOf({ attributeLabel: _label, services: _services, notices: _notices, limits: _limits, ...chosen }: SmsSettings): ChosenSettings {
  return chosen;
}

export function getAttributes(account: string): Promise<Attribute[]> {
  return taken(client.GET('/api/sms-settings/attributes', { params: { query: { account } } }));
}

export function defineAttribute(account: string, name: string, label: string): Promise<Attribute[]> {
  return taken(client.POST('/api/sms-settings/attributes', { body: { account, name, label } }));
}

export function beginNumberCheck(account: string, attribute: string, defaultCountry: string | null): Promise<NumberCheck> {
  return taken(client.POST('/api/sms-settings/number-checks', { body: { account, attribute, defaultCountry } }));
}

export function getNumberCheck(id: string): Promise<NumberCheck> {
  return taken(client.GET('/api/sms-settings/number-checks/{id}', { params: { path: { id } } }));
}

export function applyProposals(id: string): Promise<NumberCheck> {
  return taken(client.POST('/api/sms-settings/number-checks/{id}/apply', { params: { path: { id } } }));
}

/** Some of the values that are not usable as they are. */
export function getCheckedValues(id: string, outcome: 'proposed' | 'unusable') {
  return taken(client.GET('/api/sms-settings/number-checks/{id}/values', { params: { path: { id }, query: { outcome, limit: 20 } } }));
}

export function getUsage(account: string): Promise<Usage> {
  return taken(client.GET('/api/sms-usage', { params: { query: { account } } }));
}
