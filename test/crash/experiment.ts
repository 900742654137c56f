import { migrate, openDatabase } from '../../db/connection';
import { createActivities } from '../../activities';
import { keyEntry } from '../support/keys';
import { RealCarriers } from '../support/real-carriers';
import { TestClock } from '../support/reset-world';
import type { SignInWorld } from '../support/sign-in-world';
import { orLater } from './as-the-engine';
import { checkersThatFind, type DomainsFound } from './checkers';
import { newOriginal, type Copy, type Engine } from './copies';
import { stateOf, type State } from './state';
import type { Survival } from './victim';
import type { Victims } from './victims';

type Received = ReturnType<RealCarriers['received']>;

/** As many at once as the machines have cores that tests are made for. */
const LANES = 2;
/** A machine that is busy with other tests is no carrier that hangs. */
const PATIENCE_MS = 60_000;

/** An activity to be killed, and what is right afterwards. */
export interface Scenario {
  readonly title: string;
  readonly activity: keyof ReturnType<typeof createActivities>;
  /** Brings an empty database to the moment before the activity. `received`: what has reached somebody, newest first. */
  readonly prepare: (world: SignInWorld, received: (to: string | null) => Received) => Promise<Prepared>;
}

export interface Prepared {
  readonly input: unknown;
  /** What a look at the domains of an account finds. Left out: all of them are its own. */
  readonly finds?: DomainsFound;
  /** Expects what must hold after the kill and the second run. */
  readonly judge: (aftermath: Aftermath) => Promise<void> | void;
}

/** What there is once an activity was killed and has been run again, to its end, by another process. */
export interface Aftermath {
  /** Nobody killed it: this is what it comes to. */
  readonly undisturbed: { readonly state: State; readonly result: unknown };
  /** What the kill left. */
  readonly left: State;
  readonly state: State;
  readonly result: unknown;
  /** What reached people meanwhile, newest first. */
  readonly received: Received;
  readonly world: SignInWorld;
}

/** The end is the one that would have come without the kill. */
export function expectAsUndisturbed({ state, result, undisturbed }: Aftermath): void {
  expect({ state, result }).toEqual(undisturbed);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** A text comes once at most; an e-mail that comes again is the same one. */
function expectOneOfEach(received: Received): void {
  const distinct = new Set(received.map(({ channel, to, subject, messageId, text }) => JSON.stringify([channel, to, subject, messageId, text])));
  const kinds = new Set(received.map(({ channel, to, subject }) => JSON.stringify([channel, to, subject])));
  expect(distinct.size).toBe(kinds.size);
  const texts = received.filter(({ channel }) => channel === 'sms').map(({ to }) => to);
  expect(texts).toEqual([...new Set(texts)]);
}

/** Carriers know nothing of what was sent before: the same text of an earlier kill is no evidence. */
async function withCarriers<T>(work: (carriers: RealCarriers) => Promise<T>): Promise<T> {
  const carriers = await RealCarriers.start(null, PATIENCE_MS);
  try {
    return await work(carriers);
  } finally {
    await carriers.stop();
  }
}

/** A scenario's activity, at the moment before it begins. */
class Experiment {
  #undisturbed: Aftermath['undisturbed'] | undefined;

  constructor(
    private readonly victims: Victims,
    private readonly activity: Scenario['activity'],
    private readonly now: number,
    private readonly prepared: Prepared,
  ) {}

  /** Runs the activity in a process that nobody kills. */
  async undisturbed(copy: Copy): Promise<void> {
    await withCarriers(async (carriers) => {
      const survival = (await this.#victim(copy, carriers, 0)) as Survival;
      const db = openDatabase(copy.settings);
      this.#undisturbed = { state: await stateOf(db), result: plain(survival.result) };
      await db.destroy();
    });
  }

  /** @returns whether there is such a point */
  async killAt(point: number, copy: Copy): Promise<boolean> {
    await copy.restore();
    return withCarriers(async (carriers) => {
      const end = await this.#victim(copy, carriers, point);
      const where = 'diedAt' in end ? `Killed at point ${point}, ${end.diedAt}` : 'Run twice';
      await this.#judgeAfter(copy, carriers).catch((error: Error) => {
        throw new Error(`${where}: ${error.message}`, { cause: error });
      });
      return 'diedAt' in end;
    });
  }

  async #judgeAfter(copy: Copy, carriers: RealCarriers): Promise<void> {
    const db = openDatabase(copy.settings);
    try {
      const left = await stateOf(db);
      const world = carriers.world(db, { clock: new TestClock(this.now) });
      const result = await this.#again(world);
      const received = carriers.outside.store.received();
      expectOneOfEach(received);
      await this.prepared.judge({ undisturbed: this.#undisturbed!, left, state: await stateOf(db), result, received, world });
    } finally {
      await db.destroy();
    }
  }

  /** Runs the activity in this process as the engine would: once more, and again as long as it is told "later". */
  async #again(world: SignInWorld): Promise<unknown> {
    const activity = createActivities({ ...world.deps, checkers: checkersThatFind(this.prepared.finds, world.clock.read) })[this.activity] as (input: unknown) => Promise<unknown>;
    return plain(await orLater(() => world.untilDone(() => world.run(activity, this.prepared.input))));
  }

  #victim(copy: Copy, carriers: RealCarriers, dieAt: number): ReturnType<Victims['run']> {
    const { activity, now, prepared: { input, finds } } = this;
    return this.victims.run({ database: copy.settings, carriers: carriers.settings, keys: keyEntry('test'), now, activity, input, finds, dieAt });
  }
}

/**
 * Kills a scenario's activity at every await point, two at a time.
 *
 * @returns how many points there are
 */
export async function killEverywhere(scenario: Scenario, engine: Engine, victims: Victims): Promise<number> {
  const original = await newOriginal(engine);
  const copies: Copy[] = [];
  try {
    const clock = new TestClock(Date.now());
    const prepared = await prepare(scenario, original.settings, clock);
    await original.keep();
    while (copies.length < LANES) copies.push(await original.copy());
    const experiment = new Experiment(victims, scenario.activity, clock.read(), prepared);
    await experiment.undisturbed(copies[0]!);
    let [killed, next, more] = [0, 1, true];
    const walk = async (copy: Copy): Promise<void> => {
      while (more) {
        const died = await experiment.killAt(next++, copy).catch((error: unknown) => {
          more = false;
          throw error;
        });
        if (died) killed += 1;
        else more = false;
      }
    };
    const walks = await Promise.allSettled(copies.map(walk));
    for (const end of walks) if (end.status === 'rejected') throw end.reason;
    return killed;
  } finally {
    for (const copy of copies) await copy.drop();
    await original.drop();
  }
}

function prepare(scenario: Scenario, settings: Parameters<typeof openDatabase>[0], clock: TestClock): Promise<Prepared> {
  return withCarriers(async (carriers) => {
    const db = openDatabase(settings);
    try {
      await migrate(db);
      return await scenario.prepare(carriers.world(db, { clock }), (to) => carriers.received(to));
    } finally {
      await db.destroy();
    }
  });
}
