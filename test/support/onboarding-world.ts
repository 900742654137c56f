import { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Knex } from 'knex';
import { pino } from 'pino';
import { createConnectOnboardingActivities, type ConnectOnboardingActivities } from '../../activities/connect-onboarding';
import type { OnboardingDependencies } from '../../activities/connect-onboarding/dependencies';
import type { OnboardingServiceDependencies } from '../../api/connect-onboarding/dependencies';
import { inTransaction } from '../../db/connection';
import { insertAccount, type NewAccount } from '../../db/new-account';
import { findOnboarding, taskOf, type Onboarding, type TaskRow } from '../../db/onboardings';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { KeyRing } from '../../security/keys';
import { testClient } from './directory';
import { testKeys } from './keys';
import { RecordingEmail, RecordingSms } from './recording-senders';
import { TestClock } from './reset-world';
import { CONNECT_DOMAIN, scriptedCheckers } from './scripted-checkers';

let numbers = 0;

/** An account nobody has yet, with every task unless `more` leaves one out. */
export function newAccount(more: Partial<NewAccount> = {}): NewAccount {
  numbers += 1;
  const code = more.code ?? `N${process.pid.toString(36).toUpperCase()}${numbers.toString(36).toUpperCase()}`.padEnd(4, '0');
  return { code, name: 'Beacon', region: 'eu', administrator: { email: `ada@${code.toLowerCase()}.example`, name: 'Ada' }, subscriptions: ['sms-services'], ...more };
}

/** Everything an onboarding needs but the engine: real activities and repositories, and a clock, checks and carriers that a test controls. */
export class OnboardingWorld {
  readonly clock: TestClock;
  readonly email = new RecordingEmail();
  readonly scripted;
  readonly deps: OnboardingDependencies;
  /** What the onboarding's side of the API works with. */
  readonly api: OnboardingServiceDependencies;
  readonly activities: ConnectOnboardingActivities;
  readonly #environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

  constructor(readonly db: Knex, more: { clock?: TestClock; keys?: KeyRing; temporal?: Client } = {}) {
    const { clock = new TestClock(), keys = testKeys('test') } = more;
    const { checkers, scripted } = scriptedCheckers();
    this.clock = clock;
    this.scripted = scripted;
    this.deps = {
      db, keys, clock: clock.read, email: this.email, sms: new RecordingSms(), logger: pino({ level: 'silent' }), brand: 'Postern', publicUrl: 'http://127.0.0.1:3000',
      noticeSms: new RecordingSms(), smsSegmentsPerSecond: 100, noticeEmailsPerSecond: 100, smsCountries: [], smsPerNumberDaily: 20, smsPerAccountDaily: 5_000, checkers,
    };
    this.api = { db, keys, clock: clock.read, temporal: more.temporal ?? new Client(), connectDomain: CONNECT_DOMAIN, directory: testClient(), mail: { spfInclude: 'spf.postern.example', mxHosts: ['mx1.postern.example'] } };
    this.activities = createConnectOnboardingActivities(this.deps);
  }

  /** The rows of a new account, as the API writes them. Returns its code. */
  async account(more: Partial<NewAccount> = {}): Promise<string> {
    const account = newAccount(more);
    await inTransaction(this.db, (tx) => insertAccount(tx, account, { connectDomain: CONNECT_DOMAIN, createdWith: null, at: this.clock.read() }));
    return account.code;
  }

  async onboarding(code: string): Promise<Onboarding> {
    return (await findOnboarding(this.db, code))!;
  }

  async task(code: string, name: TaskName): Promise<TaskRow> {
    return taskOf(await this.onboarding(code), name);
  }

  /** Runs an activity where it can report that it is alive. */
  run<P extends unknown[], R>(activity: (...args: P) => Promise<R>, ...args: P): Promise<R> {
    return this.#environment.run<P, R, (...args: P) => Promise<R>>(activity, ...args);
  }

  /** What an address was sent, as the subjects say it, oldest first. */
  subjects(address: string): string[] {
    return this.email.to(address).map(({ subject }) => subject.replace('Postern: ', ''));
  }

  /** Adds a user of an account with a mobile number. */
  async addUser(code: string, mobile = '+12025550123'): Promise<void> {
    numbers += 1;
    const id = `user-${process.pid}-${numbers}`;
    await this.db('users').insert({ id, account_code: code, email: `${id}@${code.toLowerCase()}.example`, name: 'A person' });
    await this.db('user_attributes').insert({ user_id: id, name: 'mobile', value: mobile });
  }
}
