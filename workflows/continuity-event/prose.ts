import { nextMoment } from '../../domain/continuity/events';
import type { Report } from '../broadcast/messages';
import { LINE_BREAK, time } from '../prose';
import type { Counts } from './counts';
import type { EventState, PhaseCounts, PhaseKnown } from './messages';

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

function inWords({ audience, told, delivered, failed, reasons, suppressed, superseded, left }: PhaseCounts): string {
  const why = reasons.map((reason) => `${reason.why}: ${reason.count}`).join(', ');
  const dropped = superseded === 0 ? '' : `, dropped ${superseded}`;
  return `for ${audience}: told ${told}, delivered ${delivered}, failed ${failed}${why && ` (${why})`}, suppressed ${suppressed}${dropped}, left ${left}`;
}

/** What is known of a phase: as it was counted, or else as its broadcast said at its close. */
function phaseInWords({ phase, state }: PhaseKnown, counted: PhaseCounts | undefined, report: Report | undefined): string {
  const counts = counted ? inWords(counted) : Object.entries(report?.counts ?? {}).map(([name, count]) => `${name} ${count}`).join(', ');
  // Whom it is for is fixed when its sending begins.
  const now = report?.state ?? (counted && state === 'waiting' ? 'sending' : state);
  return `**${phase}:** ${now}${counts && `: ${counts}`}`;
}

interface Numbers {
  readonly reports: ReadonlyMap<string, Report>;
  /** Undefined: of an event that began before they were counted. */
  readonly counts: Pick<Counts, 'phases' | 'countedAt'> | undefined;
}

/** An event in a few lines of markdown, for its page in the Temporal Web UI. */
export function describe(state: EventState, { reports, counts }: Numbers): string {
  const at = nextMoment(state);
  const phases = state.phases.map((known) => phaseInWords(known, counts?.phases.get(known.phase), reports.get(known.phase)));
  const countedAt = counts?.countedAt ?? null;
  return [
    `**Step:** ${state.step}`, `**Waits for:** ${WAITS[state.step]}${at === null ? '' : `, until ${time(at)}`}`, ...phases,
    ...(countedAt === null ? [] : [`**Counted:** ${time(countedAt)}`]),
    'A broadcast that is under way has a page of its own: `broadcast-…`, listed as its child.',
  ].join(LINE_BREAK);
}
