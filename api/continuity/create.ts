import { randomUUID } from 'node:crypto';
import { accountTimeZone } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findEvent, insertEvent, lockEvent, type EventRow } from '../../db/continuity-events';
import { startEvent, type By } from '../../db/continuity-transitions';
import { smsSettingsOf } from '../../db/sms-settings';
import { instantOfEventTime } from '../../domain/continuity/times';
import { keyedDigest } from '../../security/digests';
import type { EventBody } from '../contract/continuity';
import { Problem } from '../problems';
import type { ContinuityDependencies } from './dependencies';
import { ensureRunning } from './engine';
import { accountWithSms, expectEmailAttribute, groupsNamed } from './find';

/** A request may take this long to come here, and a clock be behind by as much. */
const LATE_MS = 60_000;

interface Times {
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/** Judges the times of an event. @throws Problem `invalid-request` that says what is wrong with which */
export function expectTimes({ startsAt, endsAt }: Times, lies: 'ahead' | 'now', now: number): void {
  const errors = [
    ...(lies === 'ahead' && startsAt < now - LATE_MS ? [{ path: 'startsAt', message: 'must lie ahead' }] : []),
    ...(endsAt !== null && endsAt <= Math.max(startsAt, now) ? [{ path: 'endsAt', message: 'must lie ahead, after the start' }] : []),
  ];
  if (errors.length > 0) throw new Problem('invalid-request', { extra: { errors } });
}

function timesOf(body: EventBody, timeZone: string, now: number): Times {
  const missing = body.kind === 'planned' ? (['startsAt', 'endsAt'] as const).filter((name) => !body[name]) : [];
  if (missing.length > 0) throw new Problem('invalid-request', { extra: { errors: missing.map((path) => ({ path, message: 'is missing: a planned event has a start and an end' })) } });
  const times = { startsAt: body.kind === 'planned' ? instantOfEventTime(body.startsAt!, timeZone) : now, endsAt: body.endsAt ? instantOfEventTime(body.endsAt, timeZone) : null };
  expectTimes(times, body.kind === 'planned' ? 'ahead' : 'now', now);
  return times;
}

/** The same request again, whatever happened to its answer, is the same event. */
function idFor({ keys }: ContinuityDependencies, account: string, by: By, idempotencyKey: string | undefined): string {
  return idempotencyKey === undefined ? randomUUID() : keyedDigest(keys, 'idempotency', ['continuity-event', account, by.id, idempotencyKey], keys.oldest).digest.slice(0, 32);
}

/**
 * Creates an event. An unplanned one starts in the same transaction: what follows is carried out as soon as the engine is
 * there, and told so at once.
 * @returns its id
 * @throws Problem `not-found`, `sms-services-missing`, `invalid-request`
 */
export async function createEvent(deps: ContinuityDependencies, body: EventBody, by: By, idempotencyKey: string | undefined): Promise<string> {
  const { db, clock } = deps;
  const account = await accountWithSms(db, body.account);
  const groups = await groupsNamed(db, account.code, body.groups);
  if (body.byEmail) await expectEmailAttribute(db, account.code);
  const timeZone = body.timeZone ?? (await accountTimeZone(db, account));
  const now = clock();
  const times = timesOf(body, timeZone, now);
  const needsApproval = Boolean((await smsSettingsOf(db, account.code)).approval_required);
  const row: EventRow = {
    id: idFor(deps, account.code, by, idempotencyKey), account_code: account.code, kind: body.kind, name: body.name ?? null, state: needsApproval ? 'awaiting-approval' : 'planned',
    starts_at: times.startsAt, ends_at: times.endsAt, time_zone: timeZone, alert_start: body.alerts.start, alert_end: body.alerts.end ?? null, by_email: body.byEmail ?? false, groups: JSON.stringify(groups),
    created_by: by.id, created_by_name: by.name, approved_by: null, approved_at: null, started_at: null, ended_at: null, version: 1, told_at: null, created_at: now,
  };
  await inTransaction(db, async (tx) => {
    if (!(await insertEvent(tx, row))) return;
    await appendAudit(tx, { at: now, action: 'continuity.created', accountCode: account.code, flowId: row.id, details: { by: by.id, kind: body.kind, groups: groups.length } });
    if (body.kind === 'unplanned' && !needsApproval) await startEvent(tx, (await lockEvent(tx, row.id))!, by, now);
  });
  await ensureRunning(deps, (await findEvent(db, row.id))!).catch((error: unknown) => {
    // It is written down, and starts when the engine is back.
    if (!(error instanceof Problem)) throw error;
  });
  return row.id;
}
