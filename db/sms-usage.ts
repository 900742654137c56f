import type { Knex } from 'knex';
import type { SegmentsTo } from '../domain/sms-prices';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What became of an account's texts, of one program on one day (UTC). */
export interface UsageRow {
  /** The beginning of the day. */
  readonly day: number;
  readonly program: string;
  readonly sent: number;
  readonly delivered: number;
  /** Taken by the provider and not delivered. */
  readonly failed: number;
  /** Not taken by the provider. */
  readonly refused: number;
  /** Not handed over: limits, an opt-out, a country that is not allowed, or too late. */
  readonly blocked: number;
  readonly segments: number;
  /** The same segments by where they went, a country perhaps more than once. */
  readonly byCountry: readonly SegmentsTo[];
}

interface Counted {
  day: number | string;
  purpose: string;
  state: string;
  taken: number | boolean;
  country: string | null;
  n: number | string;
  segments: number | string | null;
}

/** What each text is sent for. */
export const usagePrograms = ['password-reset', 'two-step', 'opt-in', 'continuity'] as const;
export type UsageProgram = (typeof usagePrograms)[number];

function programOf(purpose: string): UsageProgram {
  if (purpose === 'sign-in-passcode') return 'two-step';
  if (purpose === 'continuity') return 'continuity';
  return purpose.startsWith('sms-') ? 'opt-in' : 'password-reset';
}

const GROUPED = ['day', 'purpose', 'state', 'taken', 'country'] as const;

/** Texts of the journeys, each in its message row. */
function ofMessages(db: Knex, accountCode: string, from: number, to: number): Knex.QueryBuilder {
  return db('messages').where({ account_code: accountCode, channel: 'sms' }).whereBetween('created_at', [from, to - 1])
    .select(db.raw('created_at - created_at % ? AS day', [DAY_MS]), 'purpose', 'state', db.raw('CASE WHEN provider_id IS NULL THEN 0 ELSE 1 END AS taken'), 'country', 'segments');
}

/** Notices of continuity events, on the day of their attempt; what was never attempted, on that of its phase. */
function ofDeliveries(db: Knex, accountCode: string, from: number, to: number): Knex.QueryBuilder {
  const day = 'COALESCE(attempted_at, continuity_phases.created_at)';
  return db('continuity_events')
    .join('continuity_phases', 'continuity_phases.event_id', 'continuity_events.id')
    .join('continuity_deliveries', (on) => void on.on('continuity_deliveries.event_id', 'continuity_phases.event_id').on('continuity_deliveries.phase', 'continuity_phases.phase'))
    .where({ 'continuity_events.account_code': accountCode }).whereNull('continuity_deliveries.address').where('continuity_phases.created_at', '<', to)
    .where((q) => q.whereNull('continuity_phases.ended_at').orWhere('continuity_phases.ended_at', '>=', from)).whereRaw(`${day} BETWEEN ? AND ?`, [from, to - 1])
    .select(db.raw(`${day} - ${day} % ? AS day`, [DAY_MS]), db.raw("'continuity' AS purpose"), 'continuity_deliveries.state', db.raw('CASE WHEN provider_id IS NULL THEN 0 ELSE 1 END AS taken'), 'country', 'continuity_deliveries.segments');
}

const IN_HAND = ['accepted', 'sent', 'delivered', 'undelivered'];

function outcomeOf({ state, taken }: Counted): keyof Pick<UsageRow, 'failed' | 'refused' | 'blocked'> | undefined {
  if (state === 'undelivered' || (state === 'failed' && Number(taken) === 1)) return 'failed';
  if (state === 'failed') return 'refused';
  return ['suppressed', 'superseded', 'expired', 'stale'].includes(state) ? 'blocked' : undefined;
}

/** What became of an account's texts from `from` on and before `to`, by day and program. */
export async function smsUsage(db: Knex, accountCode: string, from: number, to: number): Promise<UsageRow[]> {
  const counted: Counted[] = [];
  for (const source of [ofMessages, ofDeliveries]) {
    counted.push(...((await db.from(source(db, accountCode, from, to).as('texts')).groupBy(GROUPED).select(GROUPED).count({ n: '*' }).sum({ segments: 'segments' })) as Counted[]));
  }
  const rows = new Map<string, { -readonly [Key in keyof UsageRow]: UsageRow[Key] } & { byCountry: SegmentsTo[] }>();
  for (const each of counted) {
    const [day, program] = [Number(each.day), programOf(each.purpose)];
    const key = `${day}/${program}`;
    const row = rows.get(key) ?? { day, program, sent: 0, delivered: 0, failed: 0, refused: 0, blocked: 0, segments: 0, byCountry: [] };
    rows.set(key, row);
    const inHand = IN_HAND.includes(each.state) || (each.state === 'failed' && Number(each.taken) === 1);
    if (inHand) {
      const segments = Number(each.segments ?? 0);
      [row.sent, row.segments] = [row.sent + Number(each.n), row.segments + segments];
      row.byCountry.push({ country: each.country, segments });
    }
    if (each.state === 'delivered') row.delivered += Number(each.n);
    const outcome = outcomeOf(each);
    if (outcome !== undefined) row[outcome] += Number(each.n);
  }
  return [...rows.values()].sort((a, b) => a.day - b.day || a.program.localeCompare(b.program));
}
