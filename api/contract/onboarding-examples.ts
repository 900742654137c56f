import { newTasks, offeredActions, taskNames, type TaskName, type TaskState, type TaskStates } from '../../domain/onboarding/tasks';
import { taskTexts, welcome } from '../../domain/onboarding/texts';

const CODE = 'CEU44D4';
const UPDATED = '2024-01-08T09:12:00.000Z';
const discontinuation = { date: '2024-01-31', daysLeft: 22, extended: false };

export const accountInput = { code: CODE, name: 'Beacon', region: 'eu', administrator: { email: 'ada@beacon.example', name: 'Ada' }, subscriptions: ['sms-services'] };
const account = { code: CODE, name: 'Beacon', region: 'eu', subscriptions: ['sms-services'] };

export const detailsDraft = { company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }], timeZone: 'Europe/Berlin', notices: ['it@beacon.example'] };
const drafts: { readonly [Name in TaskName]?: Readonly<Record<string, unknown>> } = { details: detailsDraft, domains: { domains: ['beacon.example'] } };

const verification = { name: 'beacon.example', type: 'TXT', value: 'postern-verification=1f6c0a4b7d2e4c9f8a35b0d1e6f7a2c4', note: 'Beside the TXT records that are there.' };

function task(name: TaskName, state: TaskState) {
  const begun = state !== 'not-started';
  const waits = state === 'validating';
  return {
    name, ...taskTexts[name], state, version: begun ? 1 : 0, draft: begun ? (drafts[name] ?? {}) : {}, secretsGiven: [],
    reason: waits ? 'The TXT record was not found at beacon.example.' : null, whatToDo: waits ? 'Add it where the DNS of the domain is kept.' : null,
    checkedAt: waits ? UPDATED : null, nextCheckAt: waits ? '2024-01-08T09:13:00.000Z' : null, facts: null, records: name === 'domains' && begun ? [verification] : [], needs: [],
    completedAt: state === 'completed' ? UPDATED : null, updatedBy: begun ? 'Ada' : null, updatedAt: UPDATED,
  };
}

function onboarding(step: string, some: TaskStates, lastCompleted: TaskName | null, more: Readonly<Record<string, unknown>> = {}) {
  const states: TaskStates = { ...newTasks(['sms-services']), ...some };
  const actions = taskNames.flatMap((name) => offeredActions(name, states).map((action) => ({ name: action, task: name, method: action === 'draft' ? 'PUT' : 'POST', href: `/api/onboardings/${CODE}/tasks/${name}/${action}` })));
  return {
    id: CODE, kind: 'connect-onboarding', step, expiresAt: '2024-01-31T23:00:00.000Z', actions,
    details: {
      account: { ...account, timeZone: 'Europe/Berlin' }, ...more, tasks: taskNames.map((name) => task(name, states[name] ?? 'not-started')), lastCompleted,
      inProgress: taskNames.filter((name) => !['not-started', 'completed'].includes(states[name] ?? '')), next: taskNames.find((name) => states[name] !== 'completed') ?? null,
      waitsFor: 'administrator', discontinuation, endedAt: null,
    },
  };
}

/** The envelope as it is at some points of the way. */
export const onboardings = {
  welcome: onboarding('welcome', {}, null, { welcome }),
  started: onboarding('details', { details: 'in-progress' }, null),
  completed: onboarding('details', { details: 'completed' }, 'details'),
  validating: onboarding('details', { details: 'completed', domains: 'validating' }, 'details'),
  cancelled: onboarding('details', { details: 'completed', domains: 'in-progress' }, 'details'),
} as const;

export const newAccount = { account, holdingDomain: 'ceu44d4.connect.postern.example', administrator: { id: '0b6f1c9e-5d0a-4f0e-9a53-3f1d6f2a7c11', email: 'ada@ceu44d4.connect.postern.example', name: 'Ada' }, onboarding: onboardings.welcome };

export const list = {
  items: [{ account: CODE, name: 'Beacon', region: 'eu', next: 'domains', waitsFor: 'administrator', completed: 1, outcome: null, lastWorkAt: UPDATED, createdAt: '2024-01-01T10:00:00.000Z', stalled: true, discontinuation }],
  next: null,
  counts: { open: 1, completed: 0, discontinued: 0, cancelled: 0, stalled: 1, tasks: taskNames.map((name) => ({ task: name, administrator: name === 'domains' ? 1 : 0, validation: 0, attention: 0 })) },
};

const counts = { add: 240, change: 1, leave: 0, conflict: 0 };
const report = { read: 241, problems: 0, toldProblems: [], plan: { counts, conflicts: [] } };
export const uploads = {
  good: { result: 'ok', reason: null, whatToDo: null, report, upload: 'q1v2HnS8w3mZ6cXr0tYbLg', fileName: 'users.csv', bytes: 13_512 },
  trial: { result: 'ok', reason: null, whatToDo: null, report, connection: { encryption: 'tls', people: 100, more: true, withEmail: 100, withName: 100, withMobile: 74 } },
} as const;
