import { isCancellation, sleep } from '@temporalio/workflow';

/**
 * Wakes a workflow at a deadline that moves. A timer is started only where none that runs would wake it in time: a
 * deadline that moves on costs no event, one that comes nearer is not overslept.
 */
export class Alarm {
  #at = Infinity;

  /** Whether a timer has to be started for this deadline; one that is past needs none. */
  isMissing(deadline: number): boolean {
    return deadline < this.#at && deadline > Date.now();
  }

  /** Starts the timer where one is missing. Wait for `isMissing` as well as for the deadline: when it has moved on, the next one is due. */
  set(deadline: number, summary: string): void {
    if (!this.isMissing(deadline)) return;
    this.#at = deadline;
    const wake = async (): Promise<void> => {
      await sleep(deadline - Date.now(), { summary });
      if (this.#at === deadline) this.#at = Infinity;
    };
    wake().catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  }
}
