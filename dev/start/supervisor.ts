import { setTimeout as pause } from 'node:timers/promises';

/** Something that runs until it ends or is stopped. */
export interface Running {
  readonly exited: Promise<unknown>;
  /** The last line it printed. */
  readonly lastWords?: () => string;
  stop(): Promise<void>;
}

export interface Part {
  readonly name: string;
  /** Gives up, and leaves nothing behind, when `stopping` says so. */
  readonly start: (stopping: AbortSignal) => Promise<Running>;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** A part that ran this long was well: its next end is a new matter. */
const WELL_AFTER_MS = 30_000;

/**
 * Keeps parts running. While the instance starts, the end of a part ends the start; afterwards the part is started
 * again, ever later if it keeps ending. Parts are stopped in the opposite order of their start.
 */
export class Supervisor {
  readonly #running = new Map<string, Running>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #ends: Promise<never>[] = [];
  readonly #stopping = new AbortController();
  #started = false;

  constructor(private readonly say: (line: string) => void) {}

  get stopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Starts a part. @throws what its start throws, and Error when everything is being stopped */
  async add(part: Part): Promise<void> {
    const running = await this.#start(part);
    void this.#watch(part, running);
    const ended = running.exited.then(() => {
      if (this.#started || this.stopping) return new Promise<never>(() => {});
      throw new Error(running.lastWords?.() || `${part.name} ended while the instance was starting.`);
    });
    // Looked at in whenReady, perhaps after it happened.
    ended.catch(() => {});
    this.#ends.push(ended);
  }

  /** Waits for `ready`; from then on parts are started again when they end. @throws Error when a part ends before */
  async whenReady(ready: Promise<void>): Promise<void> {
    await Promise.race([ready, ...this.#ends]);
    this.#started = true;
  }

  /** Stops everything, the last one first; what is just being started as well. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#starting);
    for (const [name, running] of [...this.#running].reverse()) {
      this.#running.delete(name);
      await running.stop();
    }
  }

  async #start(part: Part): Promise<Running> {
    const starting = (async () => {
      if (this.stopping) throw new Error('The instance is being stopped.');
      const running = await part.start(this.#stopping.signal);
      // The place in the order of stopping stays that of the first start.
      this.#running.set(part.name, running);
      return running;
    })();
    this.#starting.add(starting);
    return starting.finally(() => this.#starting.delete(starting));
  }

  async #watch(part: Part, running: Running, wait = FIRST_WAIT_MS): Promise<void> {
    const since = Date.now();
    await running.exited;
    if (this.stopping || !this.#started) return;
    let next = Date.now() - since > WELL_AFTER_MS ? FIRST_WAIT_MS : wait;
    this.say(`${part.name} ended and is started again: its log is in the data folder.`);
    while (!this.stopping) {
      await pause(next, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.stopping) return;
      next = Math.min(2 * next, LONGEST_WAIT_MS);
      try {
        return await this.#watch(part, await this.#start(part), next);
      } catch (error) {
        if (!this.stopping) this.say(`${part.name} does not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
