import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Knex } from 'knex';
import { createContinuityService, type ContinuityService } from '../../api/continuity/service';
import type { EventEnvelope } from '../../api/continuity/view';
import type { EventBody } from '../../api/contract/continuity';
import { createContinuityEventActivities } from '../../activities/continuity-event';
import { accountTimeZone, findAccount } from '../../db/accounts';
import { wallClockAt } from '../../domain/continuity/times';
import type { EventStep } from '../../domain/continuity/events';
import { broadcastWorkflowId, continuityEventWorkflowId } from '../../temporal.config';
import { ContinuityWorld } from './continuity-world';
import { openMigrated } from './database';
import type { EventType, ResetEngine } from './reset-engine';
import { EngineClock, HOUR_MS } from './reset-world';
import { waitFor } from './wait';

export const ada = { id: 'ada', name: 'Ada' };
export const bob = { id: 'bob', name: 'Bob' };

/** Continuity events as administrators go about them, without HTTP: the API's service and real activities on SQLite, on a real engine. */
export class LiveEvents {
  readonly service: ContinuityService;
  /** Steps of one test get an answer of their own. */
  #requests = 0;

  private constructor(readonly engine: ResetEngine, readonly db: Knex, readonly world: ContinuityWorld, readonly close: () => Promise<void>) {
    this.service = createContinuityService({ db, keys: engine.keys, temporal: engine.client, clock: engine.clock, publicUrl: 'https://portal.example', smsCountries: [], smsPerNumberDaily: 20, prices: { currency: 'USD', standard: 0.01, byCountry: {} } });
  }

  /** With so many people in the group `Everyone`, all of whom are subscribed. */
  static async open(engine: ResetEngine, people = 3): Promise<LiveEvents> {
    const { db, close } = await openMigrated();
    const world = await ContinuityWorld.create(db, { smsSegmentsPerSecond: 10_000, keys: engine.keys }, new EngineClock(engine.clock));
    await world.group('Everyone', await world.people(people));
    return new LiveEvents(engine, db, world, close);
  }

  /** Runs `work` while a worker serves. */
  serving<T>(work: () => Promise<T>): Promise<T> {
    return this.engine.serving({ ...createContinuityEventActivities(this.world.deps), ...this.world.activities }, work);
  }

  create(more: Partial<EventBody> & Pick<EventBody, 'kind'>): Promise<EventEnvelope> {
    this.#requests += 1;
    return this.service.create({ account: this.world.code, groups: ['Everyone'], timeZone: 'Europe/Berlin', alerts: { start: 'Mail is down.', end: 'Mail is back.' }, ...more }, ada, `create-${this.#requests}`);
  }

  step(id: string, request: Parameters<ContinuityService['step']>[2], by = ada): Promise<EventEnvelope> {
    this.#requests += 1;
    return this.service.step(id, undefined, request, by, `${request.action}-${this.#requests}`);
  }

  read(id: string): Promise<EventEnvelope> {
    return this.service.view(id, undefined);
  }

  handle(id: string): WorkflowHandle {
    return this.engine.client.workflow.getHandle(continuityEventWorkflowId(id));
  }

  broadcast(id: string, phase: string, round = 0, runId?: string): WorkflowHandle {
    return this.engine.client.workflow.getHandle(broadcastWorkflowId(id, phase, round), runId);
  }

  /** What an operator reads on the page of an event. */
  metadata(id: string): Promise<{ currentDetails: string }> {
    return this.handle(id).query('__temporal_workflow_metadata');
  }

  /** Waits until an operator reads this on the page of an event. */
  async reads(id: string, text: string, timeoutMs?: number): Promise<void> {
    await waitFor(async () => (await this.metadata(id)).currentDetails.includes(text) || undefined, { what: `"${text}" on the page of ${id}`, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }

  /** Waits until an event is at a step, by its row. */
  async reaches(id: string, step: EventStep): Promise<EventEnvelope> {
    return waitFor(async () => {
      const event = await this.read(id);
      return event.step === step ? event : undefined;
    }, { what: step });
  }

  /** Waits until a phase was told. */
  async told(id: string, phase: string): Promise<EventEnvelope> {
    return waitFor(async () => {
      const event = await this.read(id);
      return event.details.phases[phase]?.state === 'done' ? event : undefined;
    }, { what: `${phase} to be told` });
  }

  /** What everybody was sent, oldest first. */
  texts(): string[] {
    return this.world.sms.taken.map(({ body }) => body);
  }

  async eventTypes(handle: WorkflowHandle): Promise<EventType[]> {
    const { events } = await handle.fetchHistory();
    return (events ?? []).map(({ eventType }) => temporal.api.enums.v1.EventType[eventType ?? 0]!.replace('EVENT_TYPE_', '') as EventType);
  }

  /** Quiet hours of the account, every day, that begin and end in so many hours. */
  async keepQuiet(fromHours: number, toHours: number): Promise<void> {
    const zone = await accountTimeZone(this.db, (await findAccount(this.db, this.world.code))!);
    const wallClock = (hours: number): string => wallClockAt(this.engine.clock() + hours * HOUR_MS, zone).slice(-'00:00'.length);
    await this.db('sms_settings').insert({ account_code: this.world.code, quiet_from: wallClock(fromHours), quiet_to: wallClock(toHours), updated_at: 0 });
  }

  /** Whether a second administrator has to approve the account's events. */
  async requireApproval(required: boolean): Promise<void> {
    await this.db('sms_settings').insert({ account_code: this.world.code, approval_required: required, updated_at: 0 }).onConflict('account_code').merge();
  }
}
