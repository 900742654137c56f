import { haltPhase } from '../../db/continuity-halt';
import { countSegments, countSending, findPhase, type PhaseRow } from '../../db/continuity-events';
import { claimDeliveries, countAttempted, dropQueued, hasQueued, recordOutcomes, suppressRefused, type Claimed, type PhaseKey } from '../../db/continuity-deliveries';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { smsSettingsOf } from '../../db/sms-settings';
import { correctTurn, pauseSender, senderIsWell, senderNow, takeTurn, type SenderNow } from '../../db/sms-senders';
import type { ActivityDependencies } from '../dependencies';
import { inParallel } from '../in-parallel';
import { carrierOf, outcomeOf, type Attempt, type Carrier } from './carriers';
import { batchSize, turnSize } from './rate';

/** A batch ends after this, full or not: progress is told, and a worker that is to stop has little left. */
const LONGEST_BATCH_MS = 30_000;
/** From the second refusal in a row on one notice at a time is tried. */
const CAREFUL_FROM = 2;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface BatchRequest extends PhaseKey {
  readonly accountCode: string;
  readonly lane: number;
  /** The position that the lane has come to. What is put back before it later is found by the look at the end. */
  readonly after?: number;
  /** The last position of the lane's share; without it the whole queue is. */
  readonly until?: number;
}

/** What a batch did. `left`: there may be more to send, after a position. */
export interface BatchResult {
  readonly after: number;
  readonly accepted: number;
  readonly failed: number;
  readonly suppressed: number;
  readonly unknown: number;
  readonly left: boolean;
}

/** What the batches of a worker share. */
export interface Worker {
  /** Waits for a time. @throws where the worker is to stop */
  waitUntil(at: number): Promise<void>;
  /** Has a turn send, with `atOnce` of the requests that may go out at a time by its channel. */
  send<T>(carrier: Pick<Carrier, 'channel' | 'atOnce'>, turn: () => Promise<T>): Promise<T>;
}

function attempt({ clock }: ActivityDependencies, carrier: Carrier, claimed: Claimed, claimedAt: number): Promise<Attempt> | Attempt {
  // This worker stood still: others may have given the attempt up, and looked for it in vain.
  if (clock() - claimedAt > carrier.timeoutMs) return outcomeOf(claimed, carrier.segments, 'queued', null);
  return carrier.send(claimed);
}

/** The provider refuses our account: nothing more goes out until that is mended, and administrators are told. */
async function halt(deps: ActivityDependencies, { eventId, phase, accountCode }: BatchRequest, why: string): Promise<void> {
  if (!(await haltPhase({ db: deps.db, keys: deps.keys, now: deps.clock() }, { eventId, phase, accountCode }, why))) return;
  deps.logger.error({ event: eventId, phase, why }, 'the provider refuses our account: a broadcast was halted');
}

/** What turns of a batch go by; read once a batch, and brought up to date by each turn. */
interface Pace {
  rate: SenderNow;
  /** How many phases the account is telling. */
  readonly phases: number;
  /** The account's own limit of texts in 24 hours. */
  readonly cap: number | null;
  /** The position that turns have come to. */
  after: number;
  /** A turn before found less than it looked for: there may be nobody left. */
  short: boolean;
}

async function paceOf({ db }: ActivityDependencies, { accountCode, after = 0 }: BatchRequest, carrier: Carrier): Promise<Pace> {
  const [rate, phases, settings] = await Promise.all([senderNow(db, carrier.rate), countSending(db, accountCode, carrier.channel), smsSettingsOf(db, accountCode)]);
  return { rate, phases, cap: carrier.channel === 'sms' ? settings.daily_cap : null, after, short: true };
}

/** How many more notices an account's own cap allows. It is an account's choice, and so is what counting costs. */
async function allowedToday({ db, clock }: ActivityDependencies, { accountCode }: BatchRequest, { cap }: Pace): Promise<number> {
  return cap === null ? Infinity : cap - (await countAttempted(db, accountCode, clock() - DAY_MS));
}

/** What is over the cap is not sent, and that is on record. */
async function dropOverCap({ db, clock }: ActivityDependencies, { eventId, phase, accountCode }: BatchRequest): Promise<void> {
  await inTransaction(db, async (tx) => {
    const dropped = await dropQueued(tx, { eventId, phase }, { state: 'suppressed', why: 'daily-cap' });
    if (dropped > 0) await appendAudit(tx, { at: clock(), action: 'continuity.suppressed', accountCode, flowId: eventId, details: { phase, why: 'daily-cap', people: dropped } });
  });
}

/** What was claimed for one turn, and how many were taken out of the queue in their place, since they may not be told. */
interface Turn {
  readonly claimed: readonly Claimed[];
  readonly claimedAt: number;
  readonly size: number;
  readonly suppressed: number;
}

const NOTHING: Turn = { claimed: [], claimedAt: 0, size: 0, suppressed: 0 };

/** Waits for the sender's next time and claims as many as that is for. */
async function claimTurn(deps: ActivityDependencies, request: BatchRequest, pace: Pace, given: { carrier: Carrier; most: number; worker: Worker }): Promise<Turn> {
  const { db, clock, smsCountries: countries } = deps;
  const { carrier: { rate, segments }, most, worker } = given;
  // Nobody waits for a time that nobody needs.
  const where = { after: pace.after, until: request.until };
  if (pace.short && !(await hasQueued(db, request, where))) return NOTHING;
  const allowed = await allowedToday(deps, request, pace);
  if (allowed <= 0) {
    await dropOverCap(deps, request);
    return NOTHING;
  }
  const wanted = pace.rate.strikes >= CAREFUL_FROM ? 1 : turnSize(pace.rate, segments, pace.phases);
  const size = Math.min(wanted, most, allowed);
  const turn = await takeTurn(db, rate, size * segments, clock());
  pace.rate = turn.sender;
  await worker.waitUntil(turn.at);
  const claimedAt = clock();
  const slice = { ...where, most: size };
  const claimed = await claimDeliveries(db, request, slice, { now: claimedAt, countries });
  pace.short = claimed.length < size;
  pace.after = claimed.reduce((last, { position }) => Math.max(last, position), pace.after);
  return { claimed, claimedAt, size, suppressed: pace.short ? await suppressRefused(db, request, slice, countries) : 0 };
}

/** Holds the sender up, or what is being sent, where attempts say that the provider is busy or away or refuses our account. */
async function heed(deps: ActivityDependencies, request: BatchRequest, pace: Pace, attempts: readonly Attempt[]): Promise<void> {
  const account = attempts.find((one) => one.account);
  if (account) await halt(deps, request, account.why ?? '');
  else if (attempts.some(({ state, why }) => state === 'queued' && why !== null) || attempts.every(({ state }) => state === 'unknown')) await pauseSender(deps.db, pace.rate, deps.clock());
  else if (pace.rate.strikes > 0) await senderIsWell(deps.db, pace.rate.sender);
}

/** Claims and sends one turn, and writes down what became of it. */
async function takeOneTurn(deps: ActivityDependencies, request: BatchRequest, carrier: Carrier, pace: Pace, most: number, worker: Worker): Promise<{ attempts: readonly Attempt[]; suppressed: number }> {
  const { claimed, claimedAt, size, suppressed } = await claimTurn(deps, request, pace, { carrier, most, worker });
  const attempts = await worker.send(carrier, () => inParallel(claimed, carrier.atOnce, async (one) => attempt(deps, carrier, one, claimedAt)));
  await recordOutcomes(deps.db, attempts);
  // What was put back is next.
  const back = claimed.filter((_, index) => attempts[index]!.state === 'queued').map(({ position }) => position);
  if (back.length > 0) pace.after = Math.min(...back) - 1;
  const segments = segmentsOf(attempts);
  if (segments > 0 && carrier.channel === 'sms') await countSegments(deps.db, request.eventId, request.phase, segments);
  await correctTurn(deps.db, carrier.rate, segments - size * carrier.segments);
  if (attempts.length > 0) await heed(deps, request, pace, attempts);
  return { attempts, suppressed };
}

/** Of what may have gone out. */
function segmentsOf(attempts: readonly Attempt[]): number {
  return attempts.filter(({ state }) => state !== 'queued').reduce((sum, { segments }) => sum + segments, 0);
}

/**
 * Sends a batch of a phase's notices, turn by turn: each turn waits for its sender's time, claims, sends and writes down
 * what became of it. Killed anywhere, it leaves rows that say how far it came.
 */
export async function sendBatch(deps: ActivityDependencies, request: BatchRequest, worker: Worker): Promise<BatchResult> {
  const phase: PhaseRow | undefined = await findPhase(deps.db, request.eventId, request.phase);
  const done = { accepted: 0, failed: 0, suppressed: 0, unknown: 0 };
  if (phase?.state !== 'sending') return { ...done, left: false, after: 0 };
  const carrier = carrierOf(deps, phase);
  const pace = await paceOf(deps, request, carrier);
  const [size, until] = [batchSize(pace.rate), deps.clock() + LONGEST_BATCH_MS];
  let left = true;
  for (let handled = 0; left && handled < size && deps.clock() < until;) {
    const { attempts, suppressed } = await takeOneTurn(deps, request, carrier, pace, size - handled, worker);
    for (const { state } of attempts) if (state !== 'queued') done[state] += 1;
    done.suppressed += suppressed;
    handled += attempts.length;
    left = attempts.length + suppressed > 0;
  }
  return { ...done, left, after: pace.after };
}
