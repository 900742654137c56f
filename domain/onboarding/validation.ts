const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What is not there yet is looked for this long. */
export const VALIDATION_MS = 72 * HOUR_MS;

const FIRST_PAUSE_MS = MINUTE_MS;
const LONGEST_PAUSE_MS = HOUR_MS;
/** The pause grows with the time it has taken so far: after four hours it is an hour long. */
const SHARE = 0.25;

/** How long to wait before the next look, `elapsedMs` after the first one; the last look is at the end of the time. */
export function pauseMs(elapsedMs: number): number {
  const pause = Math.min(Math.max(Math.round(elapsedMs * SHARE), FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
  return Math.max(Math.min(pause, VALIDATION_MS - elapsedMs), 1_000);
}
