/** What became of notices, in a few numbers. What was dropped as stale, or stopped, is neither told nor left. */
export interface Tally {
  readonly audience: number;
  /** The provider took it, whatever it has reported since but a failure. */
  readonly told: number;
  readonly delivered: number;
  readonly failed: number;
  readonly suppressed: number;
  readonly superseded: number;
  readonly left: number;
}

/** Sums up how many notices are in each state. */
export function tallyOf(counts: Readonly<Record<string, number>>): Tally {
  const { queued = 0, attempting = 0, unknown = 0, accepted = 0, sent = 0, delivered = 0, failed = 0, suppressed = 0, superseded = 0 } = counts;
  const [told, left] = [accepted + sent + delivered, queued + attempting + unknown];
  return { audience: told + failed + suppressed + superseded + left, told, delivered, failed, suppressed, superseded, left };
}

const SOONEST_MS = 15_000;
/** Looks while notices go out: each after a twentieth of the time it has taken so far, so that two days of sending are some 150 of them. */
const SHARE_OF_TELLING = 1 / 20;
/** Looks afterwards: each at three times the time of the one before, for reports mostly come in at once. */
const SHARE_OF_TRAILING = 2;
const TRAILING_MS = 10 * 60_000;

/** In how many milliseconds to count again, after `tookMs` of telling or of waiting for the last reports; null: no more. */
export function nextCountMs(isTelling: boolean, tookMs: number): number | null {
  if (isTelling) return Math.max(SOONEST_MS, tookMs * SHARE_OF_TELLING);
  if (tookMs >= TRAILING_MS) return null;
  return Math.min(Math.max(SOONEST_MS, tookMs * SHARE_OF_TRAILING), TRAILING_MS - tookMs);
}
