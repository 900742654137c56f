import type { Draft } from '../../domain/onboarding/forms';

/** What the server has of a task: what was entered, and who changed it last. */
export interface Seen {
  readonly version: number;
  readonly draft: Draft;
  readonly by: string | null;
  readonly at: string;
}

/** What a page shows of a draft that is being edited. */
export interface DraftSnapshot {
  readonly draft: Draft;
  /** What it was entered over. */
  readonly version: number;
  readonly unsaved: boolean;
  readonly saving: boolean;
  /** What somebody else saved while this was being entered: one has to decide. */
  readonly theirs: Seen | null;
  /** The last change of somebody else that was taken over, as nothing here was unsaved. */
  readonly takenOver: Seen | null;
  readonly error: unknown;
}

export interface DraftKeeperOptions {
  /** Saves over a version. Answers what is there then. */
  readonly send: (version: number, draft: Draft) => Promise<Seen>;
  /** The same text for drafts that hold the same. */
  readonly comparable: (draft: Draft) => string;
  /** How long nothing is typed before it is saved. */
  readonly pauseMs: number;
  /** How long to wait before another try, where one may help; else undefined. */
  readonly retryMs: (error: unknown) => number | undefined;
}

/** What is entered cannot be saved over what somebody else saved before one has looked at it. */
export class UndecidedError extends Error {}

/** Keeps what is entered for a task: saves it by itself, and overwrites nothing that was not seen. */
export class DraftKeeper {
  #snapshot: DraftSnapshot;
  #seen: Seen;
  #running: Promise<number> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(seen: Seen, private readonly options: DraftKeeperOptions) {
    this.#seen = seen;
    this.#snapshot = { draft: seen.draft, version: seen.version, unsaved: false, saving: false, theirs: null, takenOver: null, error: undefined };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): DraftSnapshot => this.#snapshot;

  /** Takes what is entered now; it is saved after a pause. */
  edit(draft: Draft): void {
    this.#set({ draft, unsaved: true, error: undefined });
    this.#plan(this.options.pauseMs);
  }

  /** Takes notice of what the server has. What is being saved here decides first whether it is one's own. */
  see(seen: Seen): void {
    if (seen.version > this.#seen.version) this.#seen = seen;
    if (!this.#snapshot.saving) this.#compare();
  }

  /** Leaves what was entered here for what somebody else saved. */
  takeTheirs(): void {
    const { theirs } = this.#snapshot;
    if (theirs) this.#set({ draft: theirs.draft, version: theirs.version, unsaved: false, theirs: null, error: undefined });
  }

  /** Saves what was entered here over what somebody else saved. */
  keepMine(): void {
    const { theirs } = this.#snapshot;
    if (!theirs) return;
    this.#set({ version: theirs.version, theirs: null, error: undefined });
    this.#plan(0);
  }

  /**
   * Saves what is unsaved at once.
   * @returns the version that is there then
   * @throws UndecidedError, or what kept it from being saved
   */
  save(): Promise<number> {
    clearTimeout(this.#timer);
    this.#running ??= this.#saveAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Ends the waiting for a pause: the page is left. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  async #saveAll(): Promise<number> {
    while (this.#snapshot.unsaved) {
      const { draft, version, theirs } = this.#snapshot;
      if (theirs) throw new UndecidedError();
      this.#set({ saving: true, error: undefined });
      try {
        const saved = await this.options.send(version, draft);
        this.#set({ saving: false, version: saved.version, unsaved: this.#snapshot.draft !== draft, takenOver: null });
      } catch (error) {
        this.#set({ saving: false, error });
        this.#compare();
        const again = this.options.retryMs(error);
        if (again !== undefined) this.#plan(again);
        throw error;
      }
    }
    this.#compare();
    return this.#snapshot.version;
  }

  #compare(): void {
    const [seen, { version, draft, unsaved }] = [this.#seen, this.#snapshot];
    if (seen.version <= version) return;
    const { comparable } = this.options;
    if (comparable(seen.draft) === comparable(draft)) this.#set({ version: seen.version, unsaved: false, theirs: null, error: undefined });
    else if (unsaved) this.#set({ theirs: seen, error: undefined });
    else this.#set({ draft: seen.draft, version: seen.version, theirs: null, takenOver: seen });
  }

  #plan(afterMs: number): void {
    clearTimeout(this.#timer);
    // A failure is in the snapshot, and what is undecided waits for a decision.
    this.#timer = setTimeout(() => this.save().catch(() => undefined), afterMs);
  }

  #set(change: Partial<DraftSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
