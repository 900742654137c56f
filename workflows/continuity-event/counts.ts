import { CancellationScope, isCancellation, sleep, TemporalFailure, upsertSearchAttributes } from '@temporalio/workflow';
import { nextCountMs, type Tally } from '../../domain/continuity/counts';
import { countAttributes } from '../count-attributes';
import type { PhaseCounts } from './messages';
import { counting } from './proxies';

type Sums = Pick<Tally, 'told' | 'delivered' | 'failed'>;

/** What became of an event's notices, counted in the database: ever less often while they go out, for a while after, and at the end. */
export class Counts {
  #phases: ReadonlyMap<string, PhaseCounts> = new Map();
  #countedAt: number | null = null;
  #shown: Sums | undefined;
  #pace: CancellationScope | undefined;

  /** `inTurn`: does nothing else of the event's at the same time, and carries what has begun to its end. */
  constructor(private readonly eventId: string, private readonly inTurn: (work: () => Promise<void>) => Promise<void>, private readonly onCounted: () => void) {}

  get phases(): ReadonlyMap<string, PhaseCounts> {
    return this.#phases;
  }

  /** When they were counted, in milliseconds since the epoch; null: not yet. */
  get countedAt(): number | null {
    return this.#countedAt;
  }

  /** A phase begins to be told. */
  begin(): void {
    this.#follow(true);
  }

  /** A phase was told; others may still be. */
  close(isTelling: boolean): void {
    void this.#count();
    this.#follow(isTelling);
  }

  /** Counts a last time. */
  finish(): Promise<void> {
    this.#pace?.cancel();
    return this.#count();
  }

  /** Counts anew from time to time, whatever is cancelled meanwhile, until the next phase begins or closes. */
  #follow(isTelling: boolean): void {
    this.#pace?.cancel();
    CancellationScope.nonCancellable(() => {
      this.#pace = new CancellationScope();
      return this.#pace.run(() => this.#countOn(isTelling));
    }).catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  }

  async #countOn(isTelling: boolean): Promise<void> {
    const since = Date.now();
    for (let wait = nextCountMs(isTelling, 0); wait !== null; wait = nextCountMs(isTelling, Date.now() - since)) {
      await sleep(wait, { summary: isTelling ? 'Notices go out: count again' : 'Reports come in: count again' });
      await this.#count();
    }
  }

  #count(): Promise<void> {
    return this.inTurn(() => this.#read());
  }

  async #read(): Promise<void> {
    try {
      const phases = await counting('Count the notices').countNotices({ eventId: this.eventId });
      this.#phases = new Map(phases.map((one) => [one.phase, one]));
      this.#countedAt = Date.now();
    } catch (error) {
      // Numbers on a page are worth no waiting: they stay as they were until the next time. A local activity fails as what it threw, or as a timeout.
      if (!(error instanceof TemporalFailure)) throw error;
      return;
    }
    this.#search();
    this.onCounted();
  }

  #search(): void {
    const sum = (name: keyof Sums): number => [...this.#phases.values()].reduce((total, one) => total + one[name], 0);
    const sums: Sums = { told: sum('told'), delivered: sum('delivered'), failed: sum('failed') };
    const { told, delivered, failed } = this.#shown ?? {};
    if (told === sums.told && delivered === sums.delivered && failed === sums.failed) return;
    this.#shown = sums;
    upsertSearchAttributes(countAttributes(sums));
  }
}
