import { continueAsNew, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { tallyOf } from '../../domain/continuity/counts';
import { searchAttributes } from '../../temporal.config';
import { countAttributes } from '../count-attributes';
import { progressQuery, type BroadcastInput, type Progress, type Report } from './messages';
import { describe } from './prose';
import { beginning, sending, settling } from './proxies';

/** So many batches at a time: while one waits for the provider, others send. */
const LANES = 4;
/** Fewer than a reader of a history minds, and far from the engine's limits. */
const CONTINUE_AFTER_EVENTS = 1_500;

const NOTHING: Progress = { audience: null, accepted: 0, failed: 0, suppressed: 0, unknown: 0, batches: 0 };

/** A phase being told: lanes of batches until nobody is left, then a look at what is not known, until all is. */
class Broadcast {
  #progress: Progress;
  #stage: 'sending' | 'looking-up' = 'sending';

  constructor(private readonly input: BroadcastInput) {
    this.#progress = input.progress ?? NOTHING;
  }

  get progress(): Progress {
    return this.#progress;
  }

  async run(): Promise<Report> {
    const { eventId, phase, accountCode, round } = this.input;
    if (this.#progress.audience === null) {
      const { audience } = await beginning('Fix whom it is for').beginPhase({ eventId, phase, accountCode, round });
      this.#progress = { ...this.#progress, audience };
    }
    for (;;) {
      this.#show('sending');
      await Promise.all(Array.from({ length: LANES }, (_, lane) => this.#send(lane)));
      if (this.#isLong()) await continueAsNew<(input: BroadcastInput) => Promise<Report>>({ ...this.input, progress: this.#progress });
      this.#show('looking-up');
      const { queued } = await settling('Look up what is not known').settlePhase({ eventId, phase });
      if (!queued) break;
    }
    const report = await beginning('Close the phase').closePhase({ eventId, phase });
    upsertSearchAttributes([{ key: searchAttributes.step, value: report.state }, { key: searchAttributes.outcome, value: report.state }, ...countAttributes(tallyOf(report.counts))]);
    setCurrentDetails(describe(this.#progress, report));
    return report;
  }

  async #send(lane: number): Promise<void> {
    const { eventId, phase, accountCode } = this.input;
    // Each has a share of its own, so that none waits for what another one holds.
    const [first, until] = [lane, lane + 1].map((number) => Math.floor(((this.#progress.audience ?? 0) * number) / LANES)) as [number, number];
    for (let after = first; !this.#isLong();) {
      const batch = await sending(`Send a batch, lane ${lane + 1}`).sendBatch({ eventId, phase, accountCode, lane, after, until });
      const { accepted, failed, suppressed, unknown, batches } = this.#progress;
      this.#progress = {
        ...this.#progress, accepted: accepted + batch.accepted, failed: failed + batch.failed, suppressed: suppressed + batch.suppressed, unknown: unknown + batch.unknown, batches: batches + 1,
      };
      setCurrentDetails(describe(this.#progress, this.#stage));
      if (!batch.left) return;
      after = batch.after;
    }
  }

  #isLong(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength >= (this.input.continueAfterEvents ?? CONTINUE_AFTER_EVENTS);
  }

  #show(stage: 'sending' | 'looking-up'): void {
    if (stage !== this.#stage) upsertSearchAttributes([{ key: searchAttributes.step, value: stage }]);
    this.#stage = stage;
    setCurrentDetails(describe(this.#progress, stage));
  }
}

/**
 * Tells one phase of a continuity event to everybody it is for. Who they are and what became of each notice lies in the
 * database; this owns order and time. Whatever happens to workers, nobody is told twice and nobody is forgotten.
 */
export async function broadcast(input: BroadcastInput): Promise<Report> {
  const sent = new Broadcast(input);
  setHandler(progressQuery, () => sent.progress);
  return sent.run();
}
