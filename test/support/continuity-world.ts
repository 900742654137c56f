import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Knex } from 'knex';
import { pino } from 'pino';
import { sendBatch, type BatchResult } from '../../activities/broadcast/send';
import { settlePhase } from '../../activities/broadcast/settle';
import { createBroadcastActivities, type BroadcastActivities } from '../../activities/broadcast';
import type { ActivityDependencies } from '../../activities/dependencies';
import { inTransaction } from '../../db/connection';
import type { DeliveryRow } from '../../db/continuity-deliveries';
import { findEvent, type ContinuityEvent } from '../../db/continuity-events';
import { takeTransition, type Transition } from '../../db/continuity-transitions';
import { createAccount } from './accounts';
import { crowdNumber } from './crowd';
import { testKeys } from './keys';
import { RecordingEmail, RecordingSms } from './recording-senders';
import { TestClock } from './reset-world';

let accounts = 0;
let people = 0;

/** Somebody of an account. */
export interface Somebody {
  readonly id: string;
  readonly e164: string;
}

/** Continuity events without an engine: real rows and activities, and a clock and a phone that a test controls. */
export class ContinuityWorld {
  readonly sms = Object.assign(new RecordingSms(), { from: '+13125550100' });
  readonly code: string;
  readonly deps: ActivityDependencies;
  readonly activities: BroadcastActivities;
  /** For how long a sender's time was waited for, in all. */
  waitedMs = 0;
  readonly #environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

  private constructor(readonly db: Knex, readonly clock: TestClock, more: Partial<ActivityDependencies>) {
    accounts += 1;
    this.code = `W${process.pid.toString(36).toUpperCase()}${accounts.toString(36).toUpperCase()}`.padEnd(4, '0');
    this.deps = {
      db, keys: testKeys('test'), clock: this.clock.read, email: new RecordingEmail(), sms: new RecordingSms(), noticeSms: this.sms, smsSegmentsPerSecond: 100, noticeEmailsPerSecond: 100, logger: pino({ level: 'silent' }), brand: 'Postern',
      publicUrl: 'https://portal.example', smsCountries: [], smsPerNumberDaily: 20, smsPerAccountDaily: 5_000, ...more,
    };
    this.activities = createBroadcastActivities(this.deps);
  }

  /** An account with SMS Services and nobody in it. Senders of worlds before are free. */
  static async create(db: Knex, more: Partial<ActivityDependencies> = {}, clock = new TestClock()): Promise<ContinuityWorld> {
    const world = new ContinuityWorld(db, clock, more);
    await db('sms_senders').delete();
    await createAccount(db, world.code, `${world.code.toLowerCase()}.example`);
    await db('accounts').where({ code: world.code }).update({ subscriptions: '["sms-services"]' });
    return world;
  }

  async group(name: string, members: readonly Somebody[], groups: readonly string[] = []): Promise<string> {
    const id = randomUUID();
    await this.db('groups').insert({ id, account_code: this.code, name });
    for (const { id: userId } of members) await this.db('group_members').insert({ group_id: id, user_id: userId });
    for (const member of groups) await this.db('group_groups').insert({ group_id: id, member_group_id: member });
    return id;
  }

  /** Adds people who are subscribed, unless they are in another state or never were. */
  async people(count: number, state: 'active' | 'ended' | 'pending' | null = 'active', more: { name?: string; attributes?: Readonly<Record<string, string>> } = {}): Promise<Somebody[]> {
    const added: Somebody[] = [];
    for (let one = 0; one < count; one += 1) {
      people += 1;
      const [id, e164] = [randomUUID(), crowdNumber(people)];
      await this.db('users').insert({ id, account_code: this.code, email: `p${process.pid}-${people}@${this.code.toLowerCase()}.example`, name: more.name ?? `Person ${people}` });
      for (const [name, value] of Object.entries({ mobile: e164, ...more.attributes })) await this.db('user_attributes').insert({ user_id: id, name, value });
      if (state !== null) {
        await this.db('sms_subscriptions').insert({ id: randomUUID(), account_code: this.code, user_id: id, program: 'continuity', e164, country: 'US', attribute_value: e164, state, since: 0, created_at: 0, updated_at: 0 });
      }
      added.push({ id, e164 });
    }
    return added;
  }

  /** An event of these groups, started. Returns its id. */
  async event(groupIds: readonly string[], alerts: { start?: string; end?: string | null; byEmail?: boolean } = {}): Promise<string> {
    const id = randomUUID();
    const at = this.clock.read();
    await this.db('continuity_events').insert({
      id, account_code: this.code, kind: 'unplanned', state: 'planned', starts_at: at, time_zone: 'Europe/Berlin', alert_start: alerts.start ?? 'Mail is down.', alert_end: alerts.end === undefined ? 'Mail is back.' : alerts.end, by_email: alerts.byEmail ?? false,
      groups: JSON.stringify(groupIds.map((group) => ({ id: group, name: group }))), created_by: 'ada', created_by_name: 'Ada', created_at: at,
    });
    await this.take(id, { action: 'start', by: { id: 'ada', name: 'Ada' } });
    return id;
  }

  take(eventId: string, transition: Transition): Promise<ContinuityEvent> {
    return inTransaction(this.db, (tx) => takeTransition(tx, eventId, transition, this.clock.read()));
  }

  async read(eventId: string): Promise<ContinuityEvent> {
    return (await findEvent(this.db, eventId))!;
  }

  run<P extends unknown[], R>(activity: (...args: P) => Promise<R>, ...args: P): Promise<R> {
    return this.#environment.run<P, R, (...args: P) => Promise<R>>(activity, ...args);
  }

  async begin(eventId: string, phase = 'start'): Promise<number> {
    return (await this.run(this.activities.beginPhase, { eventId, phase, accountCode: this.code, round: 0 })).audience;
  }

  /** A batch, in which waiting for a sender's time takes none of ours. */
  send(eventId: string, phase = 'start'): Promise<BatchResult> {
    return this.run(() => sendBatch(this.deps, { eventId, phase, accountCode: this.code, lane: 0 }, { send: (_carrier, turn) => turn(), waitUntil: async (at) => {
      const left = Math.ceil(at - this.clock.read());
      if (left <= 0) return;
      this.waitedMs += left;
      this.clock.advance(left);
    } }));
  }

  /** Batches until nobody is left in the queue. */
  async sendAll(eventId: string, phase = 'start'): Promise<void> {
    while ((await this.send(eventId, phase)).left);
  }

  settle(eventId: string, phase = 'start'): Promise<{ queued: boolean }> {
    return this.run(() => settlePhase(this.deps, { eventId, phase }));
  }

  /** What somebody's notice is now. */
  async delivery(eventId: string, { id }: Somebody, phase = 'start'): Promise<DeliveryRow> {
    return (await this.db<DeliveryRow>('continuity_deliveries').where({ event_id: eventId, phase, user_id: id }).first())!;
  }

  /** How many notices of a phase are in each state. */
  async counts(eventId: string, phase = 'start'): Promise<Record<string, number>> {
    const rows = await this.db('continuity_deliveries').where({ event_id: eventId, phase }).groupBy('state').select('state').count<{ state: string; n: number | string }[]>({ n: '*' });
    return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
  }
}
