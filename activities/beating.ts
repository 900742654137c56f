import { heartbeat } from '@temporalio/activity';

const HEARTBEAT_MS = 2_000;

/** Tells the engine that this worker is alive while it waits for a carrier. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
