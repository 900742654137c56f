import { setTimeout as pause } from 'node:timers/promises';

/**
 * Answers, or refuses, no sooner than `leastMs` after it was asked. What is sent to somebody known is done beside the
 * answer, but on the same machine and database: without this its weight could be measured (FP, "uniform response time").
 */
export async function steadily<T>(leastMs: number, work: () => Promise<T>): Promise<T> {
  const soonest = pause(leastMs);
  try {
    return await work();
  } finally {
    await soonest;
  }
}
