import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { createActivities } from '../../activities';
import { receiveText } from '../../api/sms-subscription/receive';
import { createSubscriptionService, type SubscriptionService } from '../../api/sms-subscription/service';
import { firstBrokenAuditRecord } from '../../db/audit';
import { consentsOf } from '../../db/sms-consents';
import { subscriptionOf, type SubscriptionRow } from '../../db/sms-subscriptions';
import { openMigrated } from './database';
import type { Person } from './live-resets';
import type { ResetEngine } from './reset-engine';
import { EngineClock, addAccount, addPerson, ResetWorld } from './reset-world';
import { scriptedCheckers } from './scripted-checkers';
import { waitFor } from './wait';

/** The number that people answer to. */
const SENDER = '+12025550100';
const ORIGIN = '192.0.2.1';

/** Gives an account SMS Services. */
export async function addServices(db: Knex, code: string): Promise<void> {
  await db('accounts').where({ code }).update({ subscriptions: JSON.stringify(['sms-services']) });
}

/** Opt-ins as people take them, without HTTP: the API's service and what comes in by text, real activities on SQLite, and carriers that a test controls, on a real engine. */
export class LiveOptIns {
  readonly world: ResetWorld;
  readonly service: SubscriptionService;
  /** Every code that was sent: none may be found anywhere but in its message. */
  readonly secrets = new Set<string>();

  private constructor(
    readonly engine: ResetEngine,
    readonly db: Knex,
    readonly close: () => Promise<void>,
  ) {
    this.world = new ResetWorld(db, { clock: new EngineClock(engine.clock), keys: engine.keys });
    this.service = createSubscriptionService({ db, keys: engine.keys, temporal: engine.client, clock: this.world.clock.read, sender: SENDER });
  }

  static async open(engine: ResetEngine): Promise<LiveOptIns> {
    const { db, close } = await openMigrated();
    return new LiveOptIns(engine, db, close);
  }

  /** Runs `work` while a worker serves. */
  serving<T>(work: () => Promise<T>): Promise<T> {
    return this.engine.serving(createActivities({ ...this.world.deps, checkers: scriptedCheckers().checkers }), work);
  }

  /** Somebody of an account of their own, which has SMS Services. */
  async person(more: Parameters<typeof addPerson>[2] = {}): Promise<Person> {
    const account = await addAccount(this.db);
    await addServices(this.db, account.code);
    return addPerson(this.db, account, more);
  }

  /** Asks on the page. Returns the opt-in's flow. */
  async ask(person: Person): Promise<{ id: string; flowId: string }> {
    await this.engine.followTime();
    const { id } = await this.service.ask(person, 'continuity', ORIGIN);
    return { id, flowId: (await this.row(person)).flow_id! };
  }

  async invite(person: Person): Promise<{ id: string; flowId: string }> {
    await this.engine.followTime();
    await this.service.invite(person.account_code, [person.id], 'continuity', 'an administrator');
    const { id, flow_id } = await this.row(person);
    return { id, flowId: flow_id! };
  }

  async accept(person: Person): Promise<void> {
    await this.service.accept(await this.row(person), person, ORIGIN);
  }

  /** Waits for the confirmation text number `number` to somebody and reads its code. */
  async code(person: Person, number = 1): Promise<string> {
    const text = await waitFor(() => this.confirmations(person)[number - 1], { what: `the confirmation text number ${number} to ${person.mobile}` });
    const [code] = /\b\d{6}\b/.exec(text) ?? [];
    this.secrets.add(code!);
    return code!;
  }

  confirmations(person: Person): string[] {
    return this.world.sms.to(person.mobile).map(({ body }) => body).filter((body) => body.includes('reply YES'));
  }

  async enter(person: Person, code: string): Promise<void> {
    await this.service.code(await this.row(person), code, ORIGIN);
  }

  /** A text from somebody's phone; of one id it is the same text. Answers what it was answered. */
  async text(person: Pick<Person, 'mobile'>, body: string, providerId = `SM${randomUUID()}`): Promise<void> {
    await this.engine.followTime();
    await receiveText({ db: this.db, keys: this.engine.keys, temporal: this.engine.client, clock: this.world.clock.read }, { providerId, from: person.mobile!, to: SENDER, body, optOutType: undefined });
  }

  async row(person: Pick<Person, 'id'>): Promise<SubscriptionRow> {
    return (await subscriptionOf(this.db, person.id, 'continuity'))!;
  }

  /** What a person consented to and revoked, in order. */
  async evidence(person: Pick<Person, 'id'>): Promise<string[]> {
    expect(await firstBrokenAuditRecord(this.db)).toBeNull();
    return (await consentsOf(this.db, person.id, 'continuity')).map(({ action }) => action);
  }
}
