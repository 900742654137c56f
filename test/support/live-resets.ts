import type { Knex } from 'knex';
import { createPasswordResetService, type PasswordResetService } from '../../api/password-reset/service';
import { firstBrokenAuditRecord } from '../../db/audit';
import type { FlowRow } from '../../db/flows';
import type { UserRow } from '../../db/users';
import type { ResetVariant } from '../../domain/password-reset';
import { randomValueDigest } from '../../security/digests';
import { linkHandle } from '../../security/secrets';
import { openMigrated } from './database';
import { newPassword } from './journey';
import type { ResetEngine } from './reset-engine';
import { EngineClock, ResetWorld } from './reset-world';
import { waitFor } from './wait';

export type Person = UserRow & { readonly mobile: string | null };

/** A flow as its person holds it. */
export interface Begun {
  readonly flowId: string;
  readonly handle: string;
  readonly variant: ResetVariant;
}

/** Resets as people take them, without HTTP: the API's service, real activities on SQLite, and carriers that a test controls, on a real engine. */
export class LiveResets {
  readonly world: ResetWorld;
  readonly service: PasswordResetService;
  /** Every handle, secret and password that was used: none of them may be found anywhere but in its message. */
  readonly secrets = new Set<string>();

  private constructor(
    readonly engine: ResetEngine,
    readonly db: Knex,
    readonly close: () => Promise<void>,
  ) {
    this.world = new ResetWorld(db, { clock: new EngineClock(engine.clock), keys: engine.keys });
    this.service = createPasswordResetService({ ...this.world.api, temporal: engine.client });
  }

  static async open(engine: ResetEngine): Promise<LiveResets> {
    const { db, close } = await openMigrated();
    return new LiveResets(engine, db, close);
  }

  /** Runs `work` while a worker serves. */
  serving<T>(work: () => Promise<T>): Promise<T> {
    return this.engine.serving(this.world.activities, work);
  }

  /** From the address to the message with the secret. */
  async ask(email: string, variant: ResetVariant): Promise<Begun> {
    const application = variant === 'temporary-password' ? 'secure-messaging' : 'personal-portal';
    await this.engine.followTime();
    const { id: handle } = await this.service.start({ email, application, origin: '192.0.2.1' });
    this.secrets.add(handle);
    await this.service.captcha(handle, (await this.service.captchaAnswer(handle)) ?? '');
    await this.service.method(handle, variant === 'code' ? 'sms' : 'email');
    return { flowId: randomValueDigest(handle), handle, variant };
  }

  /** An administrator asks for it by SMS: an invitation goes. Returns the flow's id. */
  async invite(person: Person): Promise<string> {
    await this.engine.followTime();
    await this.service.requestByAdministrator({ userId: person.id, method: 'sms', application: 'personal-portal' });
    return (await this.db<FlowRow>('flows').where({ user_id: person.id, variant: 'invitation' }).orderBy('created_at', 'desc').first('id'))!.id;
  }

  /** Waits for the message number `number` to a person and reads its secret. */
  secret(person: Person, variant: ResetVariant, number = 1): Promise<string> {
    const { sms, email } = this.world;
    return waitFor(() => {
      if ((variant === 'code' ? sms.to(person.mobile) : email.to(person.email)).length < number) return undefined;
      if (variant === 'code') return sms.code(person.mobile);
      return variant === 'link' ? email.token(person.email) : email.temporaryPassword(person.email);
    }, { what: `the ${variant} for ${person.email}` });
  }

  /** Enters what was sent. Returns the handle that goes on. */
  async prove(begun: Begun, typed: string, service = this.service): Promise<string> {
    const handle = begun.variant === 'link' ? linkHandle(this.engine.keys, begun.flowId) : begun.handle;
    this.secrets.add(typed).add(handle);
    const { id } = await service.prove(handle, begun.variant, typed);
    this.secrets.add(id);
    return id;
  }

  async save(handle: string): Promise<void> {
    const password = newPassword();
    this.secrets.add(password);
    await this.service.password(handle, { password, confirmation: password });
  }

  /** A whole reset. Returns the flow's id. */
  async reset(person: Person, variant: ResetVariant): Promise<string> {
    const begun = await this.ask(person.email, variant);
    await this.save(await this.prove(begun, await this.secret(person, variant)));
    return begun.flowId;
  }

  /** What the audit table says of a flow, in order. */
  async audited(flowId: string): Promise<string[]> {
    const actions: string[] = await this.db('audit').where({ flow_id: flowId }).orderBy('seq').pluck('action');
    expect(await firstBrokenAuditRecord(this.db)).toBeNull();
    return actions;
  }
}
