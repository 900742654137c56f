import { programNames, programTerms } from '../../domain/sms-texts';
import { recordId } from './examples';

const at = '2026-01-01T12:00:00.000Z';
const number = { display: '+1 212 555 0100', country: 'US', lastDigits: '00' };

function subscription(step: string, actions: readonly string[], state: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    id: recordId, kind: 'sms-subscription', step, expiresAt: state === 'pending' ? '2026-01-02T12:00:00.000Z' : null,
    actions: actions.map((name) => ({ name, method: 'POST', href: `/api/sms-subscriptions/${recordId}/${name}` })),
    details: { account: 'CSM33C3', user: recordId, program: 'continuity', programName: programNames.continuity, terms: programTerms('continuity'), state, since: at, endedWhy: null, number, remindersLeft: 1, ...more },
  };
}

/** The envelope at each step. */
export const subscriptions = {
  invited: subscription('invited', ['accept', 'stop'], 'pending'),
  'enter-code': subscription('enter-code', ['code', 'remind', 'stop'], 'pending', { delivery: 'sent' }),
  active: subscription('active', ['stop'], 'active'),
  ended: subscription('ended', [], 'ended', { endedWhy: 'stopped' }),
} as const;

export const ownPrograms = [{ program: 'continuity', name: programNames.continuity, terms: programTerms('continuity'), available: true, why: null, number, subscription: subscriptions.active }];
export const subscriptionList = {
  items: [{ id: recordId, account: 'CSM33C3', user: recordId, email: 'user1@beacon.example', name: 'User 1', program: 'continuity', state: 'active', since: at, endedWhy: null, number: '+12125550100' }],
  next: null, counts: { pending: 0, active: 1, lapsed: 0, ended: 0 },
};
export const consents = [{ id: recordId, at, action: 'confirmed', source: 'sms', program: 'continuity', number: '+12125550100', actor: null, textVersion: 'en-1', origin: null, keyword: 'YES', inboundId: 'SM00000000000000000000000000000001' }];

export const smsSettingsInput = {
  account: 'CSM33C3', attribute: 'mobile', emailAttribute: 'second-email', defaultCountry: 'US', countries: ['US'], dailyCap: 100_000, codesDailyCap: null, approvalRequired: false, quietHours: { from: '22:00', to: '07:00' },
};
export const smsSettings = {
  ...smsSettingsInput, attributeLabel: 'Mobile number', services: true, notices: { available: true, why: null }, limits: { countries: [], codesDaily: 5_000, perNumberDaily: 20 },
};
export const attributes = [{ name: 'mobile', label: 'Mobile number', values: 460 }];
export const numberCheck = { id: recordId, account: 'CSM33C3', attribute: 'mobile', defaultCountry: 'US', state: 'done', total: 460, lookedAt: 460, usable: 360, proposed: 80, unusable: 20, applied: 0, createdAt: at };
export const checkedValues = {
  items: [{ user: recordId, email: 'user361@beacon.example', name: 'User 361', value: '(718) 555-0160', proposal: '+17185550160', reason: 'no-country-code', text: 'It has no plus and country code.' }], next: null,
};
const counted = { sent: 300, delivered: 298, failed: 2, refused: 0, blocked: 1, segments: 300, cost: 2.49 };
export const usage = { from: '2026-01-01', to: '2026-01-31', currency: 'USD', pricePerSegment: 0.0083, prices: { GB: 0.04 }, days: [{ day: '2026-01-01', program: 'continuity', ...counted }], totals: counted };
