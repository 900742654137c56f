import type { Knex } from 'knex';
import { isPostgres } from './dialect';

const LONGEST_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const MOST_DOUBLINGS = 6;

/** What a sender's number or messaging service may send. */
export interface SenderRate {
  readonly sender: string;
  /** Segments a second, where the sender's row says nothing else. */
  readonly perSecond: number;
}

/** A sender as it is now: at what rate it sends, and how many times in a row the provider took nothing from it. */
export interface SenderNow extends SenderRate {
  readonly strikes: number;
}

/** Milliseconds for so many segments, where the settings allow so many a second. */
const COST = '? * 1000.0 / COALESCE(sms_senders.rate_per_s, ?)';

function latest(db: Knex, ...values: string[]): string {
  return `${isPostgres(db) ? 'GREATEST' : 'MAX'}(${values.join(', ')})`;
}

/**
 * Takes the next free time of a sender for so many segments, one statement whichever worker asks. Callers wait for it
 * before they send; each asks again only then, so that they take turns.
 * @returns the time to send at, in milliseconds since the epoch, and the sender as it is now
 */
export async function takeTurn(db: Knex, rate: SenderRate, segments: number, now: number): Promise<{ readonly at: number; readonly sender: SenderNow }> {
  const { sender, perSecond } = rate;
  const take = async () => (await db('sms_senders').where({ sender })
    .update({ free_at: db.raw(`${latest(db, 'free_at', '?')} + ${COST}`, [now, segments, perSecond]) })
    .returning(['free_at', 'rate_per_s', 'strikes'])) as { free_at: number; rate_per_s: number | null; strikes: number }[];
  let [row] = await take();
  if (!row) {
    await db('sms_senders').insert({ sender, free_at: now, strikes: 0 }).onConflict('sender').ignore();
    [row] = await take();
  }
  const found = { sender, perSecond: row!.rate_per_s ?? perSecond, strikes: row!.strikes };
  return { at: row!.free_at - (segments * 1_000) / found.perSecond, sender: found };
}

/** Corrects a turn by what was needed in the end: more segments, for which whoever comes next waits, or less, which are given back. */
export async function correctTurn(db: Knex, { sender, perSecond }: SenderRate, segments: number): Promise<void> {
  if (segments !== 0) await db('sms_senders').where({ sender }).update({ free_at: db.raw(`free_at + ${COST}`, [segments, perSecond]) });
}

/** A sender as its row says. */
export async function senderNow(db: Knex, { sender, perSecond }: SenderRate): Promise<SenderNow> {
  const row = await db('sms_senders').where({ sender }).first<{ rate_per_s: number | null; strikes: number } | undefined>('rate_per_s', 'strikes');
  return { sender, perSecond: row?.rate_per_s ?? perSecond, strikes: row?.strikes ?? 0 };
}

/** Spread so that senders that were refused together do not come back together: 0.5 to 1.5. */
function jitter(now: number): number {
  return 0.5 + ((now * 2_654_435_761) % 997) / 997;
}

/**
 * Holds a sender up, longer each time in a row, for a minute and a half at most: the provider is busy or away.
 * @returns for how long, in milliseconds
 */
export async function pauseSender(db: Knex, { sender, strikes }: { sender: string; strikes: number }, now: number): Promise<number> {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(strikes, MOST_DOUBLINGS), LONGEST_PAUSE_MS) * jitter(now);
  // Of several that were refused at once one counts.
  await db('sms_senders').where({ sender, strikes }).update({ strikes: strikes + 1, free_at: db.raw(latest(db, 'free_at', '?'), [now + pauseMs]) });
  return pauseMs;
}

/** The provider takes texts from a sender again. */
export async function senderIsWell(db: Knex, sender: string): Promise<void> {
  await db('sms_senders').where({ sender }).where('strikes', '>', 0).update({ strikes: 0 });
}
