import type { PhaseProgress } from '../../../domain/continuity/events';

/** So far back the rate is measured, in milliseconds: long enough to be calm, short enough to show that it stands still. */
const WINDOW_MS = 10_000;
/** Over less than this a batch more or less would be all that is measured. */
const SHORTEST_MS = 1_000;

/** How many notices of each phase had gone out, and when that was seen. */
export interface Sample {
  readonly at: number;
  readonly out: Readonly<Record<string, number>>;
}

/** Of a phase, how many notices are out: whatever becomes of them, nothing is left to send. */
function outOf({ accepted, sent, delivered, failed }: PhaseProgress): number {
  return accepted + sent + delivered + failed;
}

export function sampleOf(phases: Readonly<Record<string, PhaseProgress>>, at: number): Sample {
  return { at, out: Object.fromEntries(Object.entries(phases).map(([name, phase]) => [name, outOf(phase)])) };
}

/** Adds a sample, and drops what is too old to be measured from. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...samples.filter(({ at }) => at >= sample.at - WINDOW_MS), sample];
}

/** Notices a second of a phase, over the last seconds; null where that is not known yet. */
export function rateOf(samples: readonly Sample[], phase: string, now: number): number | null {
  const [first] = samples.filter(({ at }) => at >= now - WINDOW_MS);
  if (first === undefined) return samples.length === 0 ? null : 0;
  const elapsedMs = now - first.at;
  if (elapsedMs < SHORTEST_MS) return null;
  // Fewer are out than before where what failed was put back.
  return Math.max(0, ((samples.at(-1)!.out[phase] ?? 0) - (first.out[phase] ?? 0)) / (elapsedMs / 1_000));
}
