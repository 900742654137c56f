import type { FlowKind } from '../../db/flows';
import type { ResetEngine } from './reset-engine';
import type { ResetWorld } from './reset-world';

/** A journey as people take it, on a real engine. */
export interface Live {
  readonly engine: ResetEngine;
  readonly world: ResetWorld;
  readonly secrets: ReadonlySet<string>;
  serving<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Runs of a journey that are recorded, by name. Each runs to its end, and answers its flow's id. */
export interface Recording<L extends Live> {
  readonly journey: FlowKind;
  open(engine: ResetEngine): Promise<L>;
  /** Those that wait for nothing: on the real development server. */
  readonly immediate: Readonly<Record<string, (live: L) => Promise<string>>>;
  /** Those that wait for minutes or days: on the server that skips time, one after the other. */
  readonly patient: Readonly<Record<string, (live: L) => Promise<string>>>;
}

/** Has a journey recorded on an engine of its own, while a worker serves; both are gone afterwards. */
export async function recordOn<L extends Pick<Live, 'serving' | 'close'>>(engine: ResetEngine, open: (engine: ResetEngine) => Promise<L>, record: (live: L) => Promise<void>): Promise<void> {
  try {
    const live = await open(engine);
    try {
      await live.serving(() => record(live));
    } finally {
      await live.close();
    }
  } finally {
    await engine.stop();
  }
}
