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
