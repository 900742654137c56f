/** Where what takes longer than a few seconds tells how it goes: one line at a time. */
export type Progress = (line: string) => void;

const EVERY_MS = 5_000;

/** Runs `work` and tells every five seconds that, and for how long, it has been going on. */
export async function withProgress<T>(what: string, onProgress: Progress, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => onProgress(`  ${what}: ${Math.round((Date.now() - started) / 1000)} s`), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
