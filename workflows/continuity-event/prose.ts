import { nextMoment } from '../../domain/continuity/events';
import type { Report } from '../broadcast/messages';
import { LINE_BREAK, time } from '../prose';
import type { EventState } from './messages';

const WAITS = {
  'awaiting-approval': 'a second administrator to approve it',
  planned: 'its start',
  active: 'its end, an update, or somebody who ends it',
  ended: 'its last broadcast',
  cancelled: 'nothing',
} as const;

/** The summary of the one timer. */
export function momentSummary({ step }: EventState, at: number): string {
  return `${step === 'planned' ? 'Start' : 'End'}: ${time(at)}`;
}

/** An event in a few lines of markdown, for its page in the Temporal Web UI. */
export function describe(state: EventState, reports: ReadonlyMap<string, Report>): string {
  const at = nextMoment(state);
  const phases = state.phases.map(({ phase, state: is }) => {
    const report = reports.get(phase);
    const counts = Object.entries(report?.counts ?? {}).map(([name, count]) => `${name} ${count}`).join(', ');
    return `**${phase}:** ${report?.state ?? is}${counts ? `: ${counts}` : ''}`;
  });
  return [
    `**Step:** ${state.step}`, `**Waits for:** ${WAITS[state.step]}${at === null ? '' : `, until ${time(at)}`}`, ...phases,
    'A broadcast that is under way has a page of its own: `broadcast-…`, listed as its child.',
  ].join(LINE_BREAK);
}
