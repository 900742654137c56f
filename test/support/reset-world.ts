import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Knex } from 'knex';
import { pino } from 'pino';
import type { ActivityDependencies } from '../../activities/dependencies';
import { createPasswordResetActivities, type PasswordResetActivities } from '../../activities/password-reset';
import type { ResetDependencies } from '../../api/password-reset/dependencies';
import { startReset } from '../../api/password-reset/start';
import { findFlow, findFlowByHandle, updateOpenFlow, type FlowRow } from '../../db/flows';
import { findUser, profileOfAddress, secretTtlMs, type ProfileRow, type UserRow } from '../../db/users';
import { limits, proofStep, type Application } from '../../domain/password-reset';
import { candidateDigests, randomValueDigest } from '../../security/digests';
import type { KeyRing } from '../../security/keys';
import { newHandle } from '../../security/secrets';
import type { Proof } from '../../workflows/password-reset/messages';
import { testKeys } from './keys';
import { RecordingEmail, RecordingSms } from './recording-senders';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A clock that stands still until a test moves it. */
export class TestClock {
  constructor(private now = Date.UTC(2031, 2, 3, 8)) {}

  readonly read = (): number => this.now;

  advance(ms: number): void {
    this.now += ms;
  }
}

/** The engine's clock, for everything that is not the engine. */
export class EngineClock extends TestClock {
  constructor(override readonly read: () => number) {
    super();
  }
}

type Variant = NonNullable<FlowRow['variant']>;

/** An account with its profile and a domain of its own. */
export interface TestAccount {
  readonly code: string;
  readonly domain: string;
  readonly profileId: string;
}

let numbers = 0;

/** A mobile number nobody has yet, from the ranges that are kept for fiction. */
export function newMobile(): string {
  const areaCodes = [202, 212, 312, 415, 617];
  numbers += 1;
  return `+1${areaCodes[Math.floor(numbers / 100) % areaCodes.length]}55501${String(numbers % 100).padStart(2, '0')}`;
}

/** Adds an account whose profile allows everything, except where `profile` says otherwise. */
export async function addAccount(db: Knex, profile: Partial<ProfileRow> = {}): Promise<TestAccount> {
  const code = `T${randomUUID().replaceAll('-', '').slice(0, 9).toUpperCase()}`;
  const account = { code, domain: `${code.toLowerCase()}.example`, profileId: randomUUID() };
  await db('authentication_profiles').insert({
    id: account.profileId, account_code: code, name: 'Default', reset_self_service: true, reset_by_sms: true, reset_by_email: true, sms_sole_factor_accepted: true,
    two_step: 'sms', legacy_complexity: false, password_min_length: null, code_ttl_ms: 10 * MINUTE_MS, link_ttl_ms: HOUR_MS, temporary_password_ttl_ms: 72 * HOUR_MS,
    help_contact: 'the service desk', ...profile,
  });
  await db('accounts').insert({ code, name: 'An account for tests', default_profile_id: account.profileId, sms_attribute: 'mobile' });
  await db('domains').insert({ name: account.domain, account_code: code });
  return account;
}

/** Adds a person of an account, with a mobile number of their own unless `mobile` is another one or null. */
export async function addPerson(db: Knex, account: TestAccount, more: { mobile?: string | null; user?: Partial<UserRow> } = {}): Promise<UserRow & { mobile: string | null }> {
  const { mobile = newMobile(), user } = more;
  const id = randomUUID();
  const email = `p${id.slice(0, 13)}@${account.domain}`;
  await db('users').insert({ id, account_code: account.code, email, name: 'A person', password_hash: 'the old one', password_changed_at: 0, ...user });
  await db('user_addresses').insert({ user_id: id, address: email, verified: true });
  if (mobile !== null) await db('user_attributes').insert({ user_id: id, name: 'mobile', value: mobile });
  return { ...(await findUser(db, id))!, mobile };
}

/** Everything a reset needs but the engine: real activities and repositories, a clock and carriers that a test controls. */
export class ResetWorld {
  readonly clock: TestClock;
  readonly sms = new RecordingSms();
  readonly email = new RecordingEmail();
  readonly deps: ActivityDependencies;
  /** What the reset's side of the API works with. */
  readonly api: ResetDependencies;
  readonly activities: PasswordResetActivities;
  // "Later" is no failure here: the engine's warning of each would only be noise.
  readonly #environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

  constructor(readonly db: Knex, more: { clock?: TestClock; keys?: KeyRing } & Partial<Omit<ActivityDependencies, 'db' | 'clock' | 'keys'>> = {}) {
    const { clock = new TestClock(), keys = testKeys('test'), ...rest } = more;
    this.clock = clock;
    this.deps = {
      db, keys, clock: clock.read, email: this.email, sms: this.sms, logger: pino({ level: 'silent' }), brand: 'Postern', publicUrl: 'http://127.0.0.1:3000',
      noticeSms: this.sms, smsSegmentsPerSecond: 100, noticeEmailsPerSecond: 100, smsCountries: [], smsPerNumberDaily: 20, smsPerAccountDaily: 5_000, ...rest,
    };
    // Starting a flow asks nothing of the engine: the client never connects.
    this.api = { db, keys, clock: clock.read, brand: this.deps.brand, steadyAnswerMs: 0, temporal: new Client(), limits: { origin: async () => null, send: async () => true } };
    this.activities = createPasswordResetActivities(this.deps);
  }

  /** The activities as another process runs them: its own connections, the same clock, keys and carriers. */
  elsewhere(db: Knex): PasswordResetActivities {
    return createPasswordResetActivities({ ...this.deps, db });
  }

  /**
   * A flow of an address up to the choice of its variant, as the API writes it, a moment after the one before.
   * `limited`: a limit of resets refuses it.
   */
  async flow(address: string, variant: Variant, more: { application?: Application; limited?: boolean } = {}): Promise<FlowRow> {
    this.clock.advance(1);
    const application = more.application ?? (variant === 'temporary-password' ? 'secure-messaging' : 'personal-portal');
    const handle = await startReset(this.api, { email: address, application, origin: '192.0.2.1' });
    const { flow } = (await findFlowByHandle(this.db, randomValueDigest(handle)))!;
    const now = this.clock.read();
    const ttlMs = secretTtlMs((await profileOfAddress(this.db, address)).profile, variant);
    await updateOpenFlow(this.db, flow.id, {
      captcha: null, variant, limits_checked: true, silent: more.limited ? 'limited' : null, expires_at: now + ttlMs, resend_at: now + limits.resendAfterMs, asked_at: now,
      step: variant === 'invitation' ? 'choose-method' : proofStep(variant),
    });
    return this.row(flow.id);
  }

  async row(flowId: string): Promise<FlowRow> {
    return (await findFlow(this.db, flowId))!;
  }

  /** One attempt at sending what the flow's round carries. */
  issueOnce(flow: Pick<FlowRow, 'id' | 'round'>): ReturnType<PasswordResetActivities['issueSecret']> {
    return this.run(this.activities.issueSecret, { flowId: flow.id, round: flow.round });
  }

  /** Attempts it as the engine does: again after a while, as long as it is told "later". Moves the clock. */
  async issue(flow: Pick<FlowRow, 'id' | 'round'>, most = 20): ReturnType<PasswordResetActivities['issueSecret']> {
    return this.untilDone(() => this.issueOnce(flow), most);
  }

  /** Repeats what answers "later", after the time it asks for. */
  async untilDone<T>(attempt: () => Promise<T>, most = 20): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ApplicationFailure) || error.type !== 'DeliverLater' || attempts === most) throw error;
        this.clock.advance(Number(error.nextRetryDelay ?? 1_000));
      }
    }
  }

  /** Begins the flow's next round, as a resend does. */
  async nextRound(flow: FlowRow): Promise<FlowRow> {
    const { round, expires_at, created_at } = await this.row(flow.id);
    const now = this.clock.read();
    await this.activities.beginRound({ flowId: flow.id, round: round + 1, expiresAt: now + (expires_at - created_at), resendAt: now + limits.resendAfterMs });
    return this.row(flow.id);
  }

  /** What the API makes of something typed. */
  async proof(flow: Pick<FlowRow, 'id'>, typed: string, purpose?: 'code' | 'link' | 'temporary-password'): Promise<Proof> {
    const { id, person, round, variant } = await this.row(flow.id);
    const digests = candidateDigests(this.deps.keys, purpose ?? (variant === 'invitation' ? 'code' : variant!), { person, flowId: id, round }, typed);
    return { round, digests, proofHandle: randomValueDigest(newHandle()) };
  }

  /** Enters something, as a request of its own unless `updateId` says that it is a repeat. */
  async enter(flow: Pick<FlowRow, 'id'>, typed: string, updateId: string = randomUUID()): ReturnType<PasswordResetActivities['verifySecret']> {
    return this.activities.verifySecret({ flowId: flow.id, updateId, ...(await this.proof(flow, typed)) });
  }

  /** Runs an activity where it can report that it is alive. */
  run<P extends unknown[], R>(activity: (...args: P) => Promise<R>, ...args: P): Promise<R> {
    return this.#environment.run<P, R, (...args: P) => Promise<R>>(activity, ...args);
  }
}
