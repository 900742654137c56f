import type { Knex } from 'knex';
import { createActivities } from '../../activities';
import { createSignInService, type SignInService } from '../../api/sign-in/service';
import { firstBrokenAuditRecord } from '../../db/audit';
import { findFlowByHandle } from '../../db/flows';
import type { ProfileRow, UserRow } from '../../db/users';
import { randomValueDigest } from '../../security/digests';
import { openMigrated } from './database';
import type { Person } from './live-resets';
import type { ResetEngine } from './reset-engine';
import { EngineClock, addAccount } from './reset-world';
import { scriptedCheckers } from './scripted-checkers';
import { PASSWORD, SignInWorld } from './sign-in-world';
import { waitFor } from './wait';

/** A sign-in whose password was right, as its person holds it. */
export interface Begun {
  readonly flowId: string;
  readonly handle: string;
}

/** Sign-ins as people take them, without HTTP: the API's service, real activities on SQLite, and carriers that a test controls, on a real engine. */
export class LiveSignIns {
  readonly world: SignInWorld;
  readonly service: SignInService;
  /** Every handle, code and password that was used: none of them may be found anywhere but in its message. */
  readonly secrets = new Set<string>([PASSWORD]);
  readonly password = PASSWORD;

  private constructor(
    readonly engine: ResetEngine,
    readonly db: Knex,
    readonly close: () => Promise<void>,
  ) {
    this.world = new SignInWorld(db, { clock: new EngineClock(engine.clock), keys: engine.keys });
    this.service = createSignInService({ ...this.world.signInApi, temporal: engine.client });
  }

  static async open(engine: ResetEngine): Promise<LiveSignIns> {
    const { db, close } = await openMigrated();
    return new LiveSignIns(engine, db, close);
  }

  /** Runs `work` while a worker serves. */
  serving<T>(work: () => Promise<T>): Promise<T> {
    return this.engine.serving(createActivities({ ...this.world.deps, checkers: scriptedCheckers().checkers }), work);
  }

  /** Somebody of an account of their own. */
  async person(more: { profile?: Partial<ProfileRow>; user?: Partial<UserRow> } = {}): Promise<Person> {
    return this.world.person(await addAccount(this.db, more.profile), more.user);
  }

  /** From the address to the right password. */
  async begin(person: Person, password = PASSWORD): Promise<Begun> {
    await this.engine.followTime();
    const { id } = await this.service.start({ email: person.email, application: 'personal-portal', origin: '192.0.2.1' });
    const { flow } = await this.service.password(id, { authenticationType: 'cloud', password, origin: '192.0.2.1' });
    for (const secret of [id, password]) this.secrets.add(secret);
    return this.held(flow.id);
  }

  /** What somebody holds by this handle. */
  async held(handle: string): Promise<Begun> {
    this.secrets.add(handle);
    return { handle, flowId: (await findFlowByHandle(this.db, randomValueDigest(handle), 'sign-in'))!.flow.id };
  }

  /** Waits for the text number `number` to somebody and reads its passcode. */
  async passcode(mobile: string | null, number = 1): Promise<string> {
    const code = await waitFor(() => (this.world.sms.to(mobile).length < number ? undefined : this.world.sms.code(mobile)), { what: `the passcode number ${number} to ${mobile}` });
    this.secrets.add(code);
    return code;
  }

  /** Enters a second step. Answers the session's token, where it made one. */
  async enter({ handle }: Begun, kind: 'passcode' | 'totp' | 'recovery-code', typed: string, key?: string): Promise<string | undefined> {
    this.secrets.add(typed);
    const { session } = await this.service.secondStep(handle, kind, typed, key);
    if (session !== undefined) this.secrets.add(session);
    return session;
  }

  /** A first sign-in: the number is enrolled by the passcode that goes there. */
  async enrol(person: Person): Promise<Begun> {
    const begun = await this.begin(person);
    await this.service.phone(begun.handle, person.mobile!);
    await this.enter(begun, 'passcode', await this.passcode(person.mobile));
    return begun;
  }

  /** What the audit table says of a flow, in order. */
  async audited(flowId: string): Promise<string[]> {
    expect(await firstBrokenAuditRecord(this.db)).toBeNull();
    return this.world.audited(flowId);
  }
}
