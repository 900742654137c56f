import type { Knex } from 'knex';
import { insertAccount } from '../db/new-account';
import { verifyDomains } from '../db/domains';
import { changeTask, lockOnboarding, updateOnboarding } from '../db/onboardings';
import { firstLogon, holdingDomain } from '../domain/accounts';
import { savedDomains } from '../domain/onboarding/forms';
import { addDays, DAY_MS, dateAt } from '../domain/onboarding/calendar';
import type { TaskName } from '../domain/onboarding/tasks';

interface DemoOnboarding {
  readonly code: string;
  readonly name: string;
  readonly purpose: string;
  /** What is completed, days ago, with what was entered. */
  readonly completed: readonly (readonly [task: TaskName, daysAgo: number, draft: Readonly<Record<string, unknown>>])[];
  readonly working: readonly (readonly [task: TaskName, draft: Readonly<Record<string, unknown>>])[];
  /** Where the account has a last day of its own. */
  readonly daysLeft?: number;
  /** The administrator was never there: the password is to be changed at the first sign-in. */
  readonly fresh?: true;
}

const details = (company: string, domain: string) => ({ company, contacts: [{ name: 'Administrator', email: `admin@${domain}` }], timeZone: 'Europe/Berlin', notices: [`admin@${domain}`] });

const onboardings: readonly DemoOnboarding[] = [
  { code: 'CEU44D4', name: 'Skerry', purpose: 'Connect, at the start: another password is to be chosen first', completed: [], working: [], fresh: true },
  {
    code: 'CEU55E5', name: 'Fairway', purpose: 'Connect, in the middle: two tasks completed, one in progress',
    completed: [['details', 6, details('Fairway', 'fairway.example')], ['domains', 3, { domains: ['fairway.example'] }]],
    working: [['outbound-mail', { hosts: ['relay.fairway.example'] }]],
  },
  { code: 'CEU66F6', name: 'Breakwater', purpose: 'Connect, near its last day', completed: [['details', 12, details('Breakwater', 'breakwater.example')]], working: [['domains', { domains: ['breakwater.example'] }]], daysLeft: 5 },
];

const mailbox = ({ name }: DemoOnboarding): string => `admin@${name.toLowerCase()}.example`;

/** Loads accounts that come on board. Their workflows are started by the API, as for any row that none was started for. */
export async function insertDemoOnboardings(tx: Knex.Transaction, input: { connectDomain: string; passwordHash: string; at: number }): Promise<void> {
  const { connectDomain, passwordHash, at } = input;
  for (const onboarding of onboardings) {
    const { code, name, completed, working, daysLeft, fresh = false } = onboarding;
    const account = { code, name, region: 'eu' as const, administrator: { email: mailbox(onboarding), name: 'Administrator' }, subscriptions: ['sms-services'] };
    const administrator = await insertAccount(tx, account, { connectDomain, createdWith: null, at: fresh ? at : at - 14 * DAY_MS });
    const change = async (task: TaskName, row: Parameters<typeof changeTask>[3], when: number): Promise<unknown> => changeTask(tx, (await lockOnboarding(tx, code))!, task, { updated_by: 'Administrator', updated_at: when, ...row }, when);
    for (const [task, daysAgo, draft] of completed) {
      const when = at - daysAgo * DAY_MS;
      await change(task, { state: 'completed', version: 1, draft: JSON.stringify(draft), facts: '{}', completed_at: when }, when);
      if (task === 'domains') await verifyDomains(tx, code, { domains: savedDomains(draft).map((domain) => ({ name: domain, mxBefore: undefined })), holding: holdingDomain(code, connectDomain), at: when });
    }
    for (const [task, draft] of working) await change(task, { state: 'in-progress', version: 1, draft: JSON.stringify(draft) }, at - DAY_MS);
    if (daysLeft !== undefined) await updateOnboarding(tx, code, { last_day: addDays(dateAt(at, 'Europe/Berlin'), daysLeft) });
    await updateOnboarding(tx, code, { passwords_made: 1, passwords_told: 1 });
    await tx('users').where({ id: administrator }).update({ password_hash: passwordHash, password_changed_at: at, password_temporary: fresh });
  }
}

/** The logons of the administrators, and what each is for. */
export function demoAdministrators(connectDomain: string): (readonly [name: string, purpose: string])[] {
  return onboardings.map((onboarding) => [firstLogon(mailbox(onboarding), onboarding.code, connectDomain), onboarding.purpose]);
}
