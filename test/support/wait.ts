import { setTimeout as pause } from 'node:timers/promises';

/** How a condition is awaited. */
export interface WaitOptions {
  /** What is awaited, as it reads after "Waited in vain for". */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks `probe` until it answers something other than undefined: tests wait for a condition, never for a time.
 *
 * @throws Error that names what was awaited, and the last error of the probe, once the time is over
 */
export async function waitFor<T>(probe: () => Promise<T | undefined> | T | undefined, { what, timeoutMs = 30_000, everyMs = 100 }: WaitOptions): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const found = await probe();
      if (found !== undefined) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await pause(everyMs);
  } while (Date.now() < deadline);
  throw new Error(`Waited in vain for ${what} (${timeoutMs} ms).`, { cause: lastError });
}
