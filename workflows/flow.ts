import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';

/** How a journey's handlers refuse: by one of its own types, and in words. */
export function refusals<Type extends string>(): (type: Type, message: string) => ApplicationFailure {
  return (type, message) => ApplicationFailure.nonRetryable(message, type);
}

interface Course<Outcome> {
  /** Waits until the flow has ended. */
  readonly wait: () => Promise<void>;
  /** Ends what nothing has ended, and does what is still owed. */
  readonly conclude: () => Promise<Outcome>;
  /** The outcome of a flow that an operator cancelled. */
  readonly cancelled: Outcome;
}

/**
 * Takes a flow to its ending. Whoever cancels stops the waiting, not what people are owed.
 * @throws the cancellation, where it is what ended the flow
 */
export async function toEnding<Outcome>({ wait, conclude, cancelled }: Course<Outcome>): Promise<{ outcome: Outcome }> {
  const cancellation = await wait().catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
    return error;
  });
  const outcome = await CancellationScope.nonCancellable(conclude);
  if (cancellation !== undefined && outcome === cancelled) throw cancellation;
  return { outcome };
}

/** One request at a time changes a flow's row. What has begun to is carried to its end, whatever is cancelled meanwhile. */
export class Exclusive {
  #busy = false;

  get busy(): boolean {
    return this.#busy;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#busy = true;
    try {
      return await CancellationScope.nonCancellable(work);
    } finally {
      this.#busy = false;
    }
  }
}
