import { LINE_BREAK } from '../prose';
import type { Progress, Report } from './messages';

const STAGES = {
  sending: 'Batches go out. What a person got stands in `continuity_deliveries`.',
  'looking-up': 'Everybody was tried. What is not known to have been taken is looked up at the provider; what is not there is sent.',
} as const;

const ENDS: Readonly<Record<string, string>> = {
  done: 'Everybody was told who could be.',
  superseded: 'The event has ended: what had not gone out was dropped as stale.',
  stopped: 'It was stopped: what had not gone out stays unsent.',
  halted: 'The provider refuses our account. Mend that, then `POST /api/continuity-events/{id}/retry-failed`.',
};

/** A broadcast in a few lines of markdown, for its page in the Temporal Web UI. */
export function describe(progress: Progress, stage: keyof typeof STAGES | Report): string {
  const { audience, accepted, failed, suppressed, unknown, batches } = progress;
  const numbers = `**For:** ${audience ?? '…'} people; accepted ${accepted}, failed ${failed}, suppressed ${suppressed}, looked up ${unknown}, in ${batches} batches`;
  if (typeof stage === 'string') return [`**Now:** ${STAGES[stage]}`, numbers].join(LINE_BREAK);
  const counts = Object.entries(stage.counts).map(([state, count]) => `${state} ${count}`).join(', ');
  return [`**Ended:** ${stage.state}`, ENDS[stage.state] ?? '', `**Notices:** ${counts || 'none'}`].join(LINE_BREAK);
}
