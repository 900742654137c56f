import type { Knex } from 'knex';
import { channelOf, GOT, type Channel, type DeliveryState } from '../domain/continuity/events';
import { mayReceive, whyNot } from './continuity-eligibility';
import { isPostgres } from './dialect';

export interface DeliveryRow {
  id: string;
  event_id: string;
  phase: string;
  /** Its place in its phase, from 1 on: notices are sent in this order. */
  position: number;
  account_code: string;
  user_id: string;
  e164: string;
  /** Where an e-mail goes; null: it is a text. */
  address: string | null;
  name: string;
  language: string | null;
  time_zone: string | null;
  state: DeliveryState;
  why: string | null;
  attempts: number;
  attempted_at: number | null;
  provider_id: string | null;
  segments: number | null;
}

/** A phase of an event, as every statement about its deliveries names it. */
export interface PhaseKey {
  readonly eventId: string;
  readonly phase: string;
}

const TABLE = 'continuity_deliveries';
const of = ({ eventId, phase }: PhaseKey) => ({ event_id: eventId, phase });
/** An id that the database makes. */
export const newId = (db: Knex): string => (isPostgres(db) ? 'CAST(gen_random_uuid() AS text)' : 'lower(hex(randomblob(16)))');

/** A claimed delivery: what its text is made of. */
export type Claimed = Pick<DeliveryRow, 'id' | 'position' | 'e164' | 'address' | 'name' | 'language' | 'time_zone' | 'attempts'>;

/** A slice of a queue. Whoever goes through it names the position it had come to, so that nobody reads what was sent before. */
export interface Slice {
  readonly after: number;
  /** The last position of it; without it the queue's. */
  readonly until?: number | undefined;
  readonly most: number;
}

function firstQueued(db: Knex, key: PhaseKey, { after, until, most }: Slice): Knex.QueryBuilder {
  const queued = db(TABLE).where({ ...of(key), state: 'queued' }).where('position', '>', after).orderBy('position').limit(most).select('id');
  return until === undefined ? queued : queued.where('position', '<=', until);
}

/**
 * Claims queued deliveries in one compare-and-set statement. It checks at this very moment that the phase is being sent
 * and that each person may still receive notices; others stay in the queue for {@link suppressRefused}.
 */
export async function claimDeliveries(db: Knex, key: PhaseKey, slice: Slice, more: { now: number; countries: readonly string[] }): Promise<Claimed[]> {
  const first = firstQueued(db, key, slice);
  const sending = db('continuity_phases').select(db.raw('1')).where({ ...of(key), state: 'sending' });
  return db.withMaterialized('picked', first).from(TABLE)
    .whereIn(`${TABLE}.id`, db('picked').select('id')).where(`${TABLE}.state`, 'queued').whereExists(sending).whereRaw('? = 1', [mayReceive(db, channelOf(key.phase), more.countries)])
    .update({ state: 'attempting', attempts: db.raw('attempts + 1'), attempted_at: more.now })
    .returning(['id', 'position', 'e164', 'address', 'name', 'language', 'time_zone', 'attempts']) as Promise<Claimed[]>;
}

/** Takes out of a slice of the queue those whose people may not be sent a notice any more, each with its reason. */
export async function suppressRefused(db: Knex, key: PhaseKey, slice: Slice, countries: readonly string[]): Promise<number> {
  return db(TABLE).whereIn('id', firstQueued(db, key, slice)).where({ state: 'queued' }).whereRaw('? = 0', [mayReceive(db, channelOf(key.phase), countries)]).update({ state: 'suppressed', why: db.raw(whyNot(channelOf(key.phase))) });
}

/** What became of one attempt. `queued`: certainly not taken, and no attempt spent. */
export interface Outcome {
  readonly id: string;
  readonly state: 'accepted' | 'failed' | 'suppressed' | 'unknown' | 'queued';
  readonly why: string | null;
  readonly providerId: string | null;
  readonly segments: number;
}

/** Whether an attempt's outcome still tells something new: the provider may have reported on it meanwhile, which is further on. */
const IS_NEWS = `(${TABLE}.state = 'attempting' OR (${TABLE}.state = 'unknown' AND outcome.state = 'accepted'))`;

/** Rows from a document of JSON, which is read faster than as many parameters. */
function fromJson(db: Knex): string {
  return isPostgres(db)
    ? 'SELECT * FROM json_to_recordset(CAST(? AS json)) AS one(id text, state text, why text, provider_id text, segments integer)'
    : "SELECT value ->> 'id' AS id, value ->> 'state' AS state, value ->> 'why' AS why, value ->> 'provider_id' AS provider_id, value ->> 'segments' AS segments FROM json_each(?)";
}

/** Writes down what became of attempts, in one statement. What the provider has reported meanwhile stays; how long the texts were is known here alone. */
export async function recordOutcomes(db: Knex, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await db.raw(
    `WITH outcome AS (${fromJson(db)})
     UPDATE ${TABLE} SET segments = outcome.segments, provider_id = COALESCE(${TABLE}.provider_id, outcome.provider_id),
       state = CASE WHEN ${IS_NEWS} THEN outcome.state ELSE ${TABLE}.state END, why = CASE WHEN ${IS_NEWS} THEN outcome.why ELSE ${TABLE}.why END,
       attempts = ${TABLE}.attempts - (CASE WHEN ${IS_NEWS} AND outcome.state = 'queued' THEN 1 ELSE 0 END)
     FROM outcome WHERE ${TABLE}.id = outcome.id`,
    [JSON.stringify(outcomes.map(({ id, state, why, providerId, segments }) => ({ id, state, why, provider_id: providerId, segments })))],
  );
}

/** What was claimed so long ago that its sender must be gone: whether it was sent is not known. */
export async function giveUpAttempts(db: Knex, key: PhaseKey, attemptedBefore: number): Promise<number> {
  return db(TABLE).where({ ...of(key), state: 'attempting' }).where('attempted_at', '<=', attemptedBefore).update({ state: 'unknown', why: 'its sender stopped' });
}

/** Deliveries to be looked up at the provider. */
export async function unknownDeliveries(db: Knex, key: PhaseKey, { after, most }: Slice, attemptedBefore: number): Promise<DeliveryRow[]> {
  return db<DeliveryRow>(TABLE).where({ ...of(key), state: 'unknown' }).where('position', '>', after).where('attempted_at', '<=', attemptedBefore).orderBy('position').limit(most);
}

/** Settles what was looked up, unless the provider has reported it meanwhile. */
export async function settleDelivery(db: Knex, id: string, to: { state: 'accepted' | 'queued' | 'failed'; why: string | null; providerId?: string }): Promise<boolean> {
  return (await db(TABLE).where({ id, state: 'unknown' }).update({ state: to.state, why: to.why, ...(to.providerId === undefined ? {} : { provider_id: to.providerId }) })) === 1;
}

/** Those of a provider's ids of messages to a number that are known to be notices. */
export async function ownNoticeIds(db: Knex, e164: string, providerIds: readonly string[]): Promise<string[]> {
  return db(TABLE).where({ e164 }).whereIn('provider_id', providerIds).pluck('provider_id');
}

const FROM_PROVIDER: Readonly<Record<'accepted' | 'sent' | 'delivered' | 'failed' | 'suppressed', readonly DeliveryState[]>> = {
  // What was given up may have been taken after all: the report proves it, and nobody sends it again.
  accepted: ['queued', 'attempting', 'unknown'],
  sent: ['queued', 'attempting', 'unknown', 'accepted'],
  delivered: ['queued', 'attempting', 'unknown', 'accepted', 'sent'],
  failed: ['queued', 'attempting', 'unknown', 'accepted', 'sent'],
  suppressed: ['queued', 'attempting', 'unknown', 'accepted', 'sent'],
};

/** Moves a delivery to what the provider reports, never backwards. Returns whether it moved. */
export async function moveDelivery(db: Knex, id: string, to: keyof typeof FROM_PROVIDER, report: { providerId: string; why?: string }): Promise<boolean> {
  const moved = await db(TABLE).where({ id }).whereIn('state', [...FROM_PROVIDER[to]])
    // Of one that was sent twice only the message that is known counts.
    .where((q) => q.whereNull('provider_id').orWhere({ provider_id: report.providerId }))
    .update({ state: to, provider_id: report.providerId, ...(report.why === undefined ? {} : { why: report.why }) });
  return moved === 1;
}

export async function findDelivery(db: Knex, id: string): Promise<DeliveryRow | undefined> {
  return db<DeliveryRow>(TABLE).where({ id }).first();
}

/** Takes everything that is still in the queue out of it. Returns how much that was. */
export async function dropQueued(db: Knex, key: PhaseKey, to: { state: 'superseded' | 'suppressed'; why: string }): Promise<number> {
  return db(TABLE).where({ ...of(key), state: 'queued' }).update(to);
}

/**
 * Puts what failed, or was dropped when it was stopped, back into the queue, but for numbers that a provider refuses for good. Each gets another id: what is
 * still reported, or reported again, of the message before changes nothing.
 */
export async function requeueFailed(db: Knex, key: PhaseKey): Promise<number> {
  return db(TABLE).where(of(key)).where((q) => q.where({ state: 'failed' }).orWhere({ state: 'superseded', why: 'stopped' }))
    .where((q) => q.whereNotNull('address').orWhereNotExists(db('sms_number_marks').select(db.raw('1')).whereRaw(`sms_number_marks.e164 = ${TABLE}.e164`)))
    .update({ id: db.raw(newId(db)), state: 'queued', why: null, attempts: 0, provider_id: null });
}

/** How many of a phase's deliveries are in each state. */
export async function countDeliveries(db: Knex, eventId: string): Promise<Readonly<Record<string, Partial<Record<DeliveryState, number>>>>> {
  const rows = await db(TABLE).where({ event_id: eventId }).groupBy('phase', 'state').select('phase', 'state').count<{ phase: string; state: DeliveryState; n: number | string }[]>({ n: '*' });
  const counts: Record<string, Partial<Record<DeliveryState, number>>> = {};
  for (const { phase, state, n } of rows) counts[phase] = { ...counts[phase], [state]: Number(n) };
  return counts;
}

/** Of each of some events, how many people got its start, or most likely will. Those that nobody was told of are left out. */
export async function countTold(db: Knex, eventIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db(TABLE).whereIn('event_id', [...eventIds]).where({ phase: 'start' }).whereIn('state', [...GOT]).groupBy('event_id').select('event_id')
    .count<{ event_id: string; n: number | string }[]>({ n: '*' });
  return new Map(rows.map(({ event_id, n }) => [event_id, Number(n)]));
}

/** Why notices of an event failed or were suppressed, and how many for each reason. */
export async function reasonsOf(db: Knex, eventId: string): Promise<{ phase: string; state: DeliveryState; why: string | null; count: number }[]> {
  const rows = await db(TABLE).where({ event_id: eventId }).whereIn('state', ['failed', 'suppressed']).groupBy('phase', 'state', 'why').orderBy(['phase', 'state', 'why'])
    .select('phase', 'state', 'why').count<{ phase: string; state: DeliveryState; why: string | null; n: number | string }[]>({ n: '*' });
  return rows.map(({ n, ...row }) => ({ ...row, count: Number(n) }));
}

/** How many texts of an account were tried since: of phases that were being told then, since others have none. */
export async function countAttempted(db: Knex, accountCode: string, since: number): Promise<number> {
  const told = db('continuity_events').join('continuity_phases', 'continuity_phases.event_id', 'continuity_events.id').where({ account_code: accountCode })
    .where((q) => q.whereNull('continuity_phases.ended_at').orWhere('continuity_phases.ended_at', '>', since)).select('continuity_phases.event_id', 'continuity_phases.phase');
  const [row] = await db(TABLE).whereIn(['event_id', 'phase'], told).whereNull('address').where('attempted_at', '>', since).count<{ n: number | string }[]>({ n: '*' });
  return Number(row!.n);
}

/** Whether a phase has anybody in one of these states. */
export async function hasAny(db: Knex, key: PhaseKey, states: readonly DeliveryState[]): Promise<boolean> {
  return (await db(TABLE).where(of(key)).whereIn('state', [...states]).first('id')) !== undefined;
}

/** Whether a slice of a phase's queue has anybody. */
export async function hasQueued(db: Knex, key: PhaseKey, slice: Omit<Slice, 'most'>): Promise<boolean> {
  return (await firstQueued(db, key, { ...slice, most: 1 })).length > 0;
}

/** The people who got a text of an event, or an e-mail, or most likely will. */
export function whoGot(db: Knex, eventId: string, channel: Channel): Knex.QueryBuilder {
  const got = db(TABLE).where({ event_id: eventId }).whereIn('state', [...GOT]).select('user_id');
  return channel === 'email' ? got.whereNotNull('address') : got.whereNull('address');
}

export interface ListedDelivery extends Pick<DeliveryRow, 'id' | 'phase' | 'user_id' | 'e164' | 'address' | 'name' | 'state' | 'why' | 'attempts' | 'attempted_at' | 'segments'> {
  readonly email: string | null;
}

/** A page of an event's deliveries, by their ids. */
export async function listDeliveries(db: Knex, eventId: string, filter: { phase?: string | undefined; states?: readonly DeliveryState[] | undefined; after?: string | undefined }, most: number): Promise<ListedDelivery[]> {
  const query = db(TABLE).leftJoin('users', 'users.id', `${TABLE}.user_id`).where({ event_id: eventId }).orderBy(`${TABLE}.id`).limit(most)
    .select<ListedDelivery[]>(`${TABLE}.id`, 'phase', 'user_id', 'e164', 'address', `${TABLE}.name`, 'state', 'why', 'attempts', 'attempted_at', 'segments', 'users.email');
  if (filter.phase) query.where({ phase: filter.phase });
  if (filter.states) query.whereIn('state', [...filter.states]);
  if (filter.after) query.where(`${TABLE}.id`, '>', filter.after);
  return query;
}
