import { accountTimeZone, findAccount } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { fixAudience } from '../../db/continuity-audience';
import { countDeliveries, dropQueued, hasAny, type PhaseKey } from '../../db/continuity-deliveries';
import { findEvent, findPhase, groupsOf, lockEvent, movePhase, sumSegments, updatePhaseRow, type ContinuityEvent } from '../../db/continuity-events';
import { smsSettingsOf } from '../../db/sms-settings';
import { isEndPhase } from '../../domain/continuity/events';
import { afterQuietHours } from '../../domain/continuity/times';
import type { Report } from '../../workflows/broadcast/messages';
import { comeBack } from '../come-back';
import type { ActivityDependencies } from '../dependencies';

export interface PhaseRequest extends PhaseKey {
  readonly accountCode: string;
  readonly round: number;
}

/** So long at most between two looks: the event may have ended meanwhile. */
const LOOK_AGAIN_MS = 15 * 60_000;

/** Notices of a planned event are kept for the end of the account's quiet hours. @throws ApplicationFailure `QuietHours` until then */
async function waitOutQuietHours({ db, clock }: ActivityDependencies, eventId: string, name: string): Promise<void> {
  const event = await findEvent(db, eventId);
  if (event?.row.kind !== 'planned' || findIn(event, name)?.state !== 'waiting') return;
  const account = (await findAccount(db, event.row.account_code))!;
  const { quiet_from: from, quiet_to: to } = await smsSettingsOf(db, account.code);
  if (from === null || to === null) return;
  const left = afterQuietHours(clock(), { from, to }, await accountTimeZone(db, account)) - clock();
  if (left > 0) throw comeBack(`Quiet hours until ${to}`, 'QuietHours', Math.min(left, LOOK_AGAIN_MS));
}

const findIn = ({ phases }: ContinuityEvent, name: string) => phases.find(({ phase }) => phase === name);

/**
 * Fixes whom a phase is for, once, in one transaction. The end is for those who got something before; what of that had
 * not gone out by now is dropped with it, so that nobody is told of a start after its end.
 */
export async function beginPhase(deps: ActivityDependencies, { eventId, phase: name }: PhaseRequest): Promise<{ audience: number }> {
  const { db, clock } = deps;
  await waitOutQuietHours(deps, eventId, name);
  return inTransaction(db, async (tx) => {
    const event = await lockEvent(tx, eventId);
    const phase = event && findIn(event, name);
    if (!event || !phase) throw new Error('There is no such phase.');
    const isEnd = isEndPhase(name);
    if (phase.state === 'waiting') {
      if (isEnd) for (const other of event.phases) if (other.state === 'superseded') await dropQueued(tx, { eventId, phase: other.phase }, { state: 'superseded', why: 'stale' });
      const groupIds = isEnd ? null : groupsOf(event.row).map(({ id }) => id);
      const audience = await fixAudience(tx, { eventId, phase: name, accountCode: event.row.account_code, groupIds });
      await updatePhaseRow(tx, eventId, name, { state: 'sending', started_at: clock() });
      await appendAudit(tx, { at: clock(), action: 'continuity.phase-begun', accountCode: event.row.account_code, flowId: eventId, details: { phase: name, audience } });
      return { audience };
    }
    const counts = (await countDeliveries(tx, eventId))[name] ?? {};
    return { audience: Object.values(counts).reduce((sum, count) => sum + count, 0) };
  });
}

const LEFT = { superseded: 'stale', stopped: 'stopped' } as const;

/** Ends a phase of which everything is known, and says how it came out. */
export async function closePhase({ db, clock }: ActivityDependencies, { eventId, phase: name }: PhaseKey): Promise<Report> {
  return inTransaction(db, async (tx) => {
    const event = await lockEvent(tx, eventId);
    const { state } = (await findPhase(tx, eventId, name))!;
    // Somebody had it go on while this round came to its end: what is in the queue again is the next round's.
    const goesOn = await hasAny(tx, { eventId, phase: name }, ['queued']);
    const isClosedNow = !goesOn && await movePhase(tx, eventId, name, ['sending'], { state: 'done', ended_at: clock() });
    await sumSegments(tx, eventId, name);
    if (state === 'superseded' || state === 'stopped') await dropQueued(tx, { eventId, phase: name }, { state: 'superseded', why: LEFT[state] });
    const report: Report = { state: isClosedNow ? 'done' : state, counts: (await countDeliveries(tx, eventId))[name] ?? {} };
    if (isClosedNow) await appendAudit(tx, { at: clock(), action: 'continuity.phase-done', accountCode: event!.row.account_code, flowId: eventId, details: { phase: name, ...report.counts } });
    return report;
  });
}
