import { mergeFields } from '../../domain/continuity/alerts';

const ID = '0b6f1c9e-5d0a-4f0e-9a53-3f1d6f2a7c11';
const STARTS = '2024-03-31T06:00:00.000Z';
const ENDS = '2024-03-31T10:00:00.000Z';
const start = 'Mail is down from {{ event.start }}. Work in the Connect Application.';
const end = 'Mail is back. Thank you for your patience.';

export const eventInput = { account: 'CSM33C3', kind: 'planned', name: 'Move to the new data centre', startsAt: '2024-03-31T08:00', endsAt: '2024-03-31T12:00', timeZone: 'Europe/Berlin', groups: ['Everyone'], alerts: { start, end } };

const phase = {
  channel: 'sms', state: 'sending', why: null, text: start, audience: 300, queued: 60, attempting: 4, unknown: 0, accepted: 6, sent: 10, delivered: 215, failed: 3, suppressed: 2, superseded: 0,
  reasons: [{ state: 'failed', why: 'provider 30003', count: 3 }, { state: 'suppressed', why: 'opted-out', count: 2 }], segments: 238, createdAt: STARTS, startedAt: STARTS, endedAt: null,
};

function event(step: string, actions: readonly string[], phases: Readonly<Record<string, unknown>>) {
  const over = step === 'ended' || step === 'cancelled';
  return {
    id: ID, kind: 'continuity-event', step, expiresAt: over ? null : ENDS,
    actions: actions.map((name) => ({ name, method: name === 'change' ? 'PUT' : 'POST', href: `/api/continuity-events/${ID}${name === 'change' ? '' : `/${name}`}` })),
    details: {
      account: 'CSM33C3', kind: 'planned', name: eventInput.name, startsAt: STARTS, endsAt: ENDS, timeZone: 'Europe/Berlin', wallClock: { startsAt: '2024-03-31T08:00', endsAt: '2024-03-31T12:00' },
      groups: ['Everyone'], alerts: { start, end }, byEmail: false, version: 1, createdBy: 'Ada', createdAt: '2024-03-20T09:00:00.000Z', approvedAt: null,
      startedAt: step === 'planned' ? null : STARTS, endedAt: over ? ENDS : null, phases,
    },
  };
}

const done = { ...phase, state: 'done', queued: 0, attempting: 0, accepted: 0, sent: 0, delivered: 295, endedAt: '2024-03-31T06:00:20.000Z' };

/** The envelope as it is at some points of the way. */
export const events = {
  planned: event('planned', ['start', 'change', 'cancel'], {}),
  active: event('active', ['change', 'update', 'end', 'stop'], { start: phase }),
  ended: event('ended', ['stop'], { start: done, end: { ...phase, text: end } }),
  cancelled: event('cancelled', [], {}),
} as const;

export const eventList = { items: [{ id: ID, account: 'CSM33C3', kind: 'planned', name: eventInput.name, step: 'planned', startsAt: STARTS, endsAt: ENDS, timeZone: 'Europe/Berlin', groups: ['Everyone'], told: 0, createdAt: '2024-03-20T09:00:00.000Z' }], next: null };
export const groupChoice = [{ name: 'Everyone' }];
export const deliveryList = { items: [{ id: ID, phase: 'start', user: { id: ID, name: 'User 1', email: 'user1@beacon.example' }, number: '+12025550101', address: null, state: 'failed', why: 'provider 30003', attempts: 1, attemptedAt: STARTS, segments: 1 }], next: null };

const length = (text: string, segments: number) => ({ text, encoding: 'GSM-7', segments, characters: text.length, notGsm: [] });
export const preview = {
  people: 500, recipients: 300, addresses: 20, without: [{ why: 'never-asked', count: 200 }], alerts: { start: length('Mail is down from 31 Mar 2024, 08:00. Work in the Connect Application.', 1), end: length(end, 1) }, segments: 600, cost: 4.98, currency: 'USD', fields: mergeFields,
};
