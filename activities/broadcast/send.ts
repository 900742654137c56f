import { haltPhase } from '../../db/continuity-halt';
import { countSegments, countSending, findPhase, type PhaseRow } from '../../db/continuity-events';
import { claimDeliveries, countAttempted, dropQueued, hasAny, recordOutcomes, suppressRefused, type Claimed, type Outcome, type PhaseKey } from '../../db/continuity-deliveries';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { smsSettingsOf } from '../../db/sms-settings';
import { correctTurn, pauseSender, senderIsWell, senderNow, takeTurn } from '../../db/sms-senders';
import type { ActivityDependencies } from '../dependencies';
import { inParallel } from '../in-parallel';
import { batchSize, noticeRate, turnSize } from './rate';
import { refused } from './refusals';
import { textsOf, type PhaseTexts } from './texts';

/** Requests to the provider at a time, of one lane. */
const REQUESTS_AT_ONCE = 16;
/** A batch ends after this, full or not: progress is told, and a worker that is to stop has little left. */
const LONGEST_BATCH_MS = 30_000;
/** From the second refusal in a row on one notice at a time is tried. */
const CAREFUL_FROM = 2;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface BatchRequest extends PhaseKey {
  readonly accountCode: string;
  readonly lane: number;
}

/** What a batch did. `left`: there may be more to send. */
export interface BatchResult {
  readonly accepted: number;
  readonly failed: number;
  readonly suppressed: number;
  readonly unknown: number;
  readonly left: boolean;
}

/** What became of one attempt, and whether it says something about the provider or our account there. */
interface Attempt extends Outcome {
  readonly account?: true;
}

/** Waits for a time. @throws where the worker is to stop */
export type WaitUntil = (at: number) => Promise<void>;

export async function attempt(deps: ActivityDependencies, texts: PhaseTexts, claimed: Claimed, claimedAt: number): Promise<Attempt> {
  const { id, e164 } = claimed;
  const { body, segments } = texts.of(claimed);
  const outcome = (state: Outcome['state'], why: string | null, providerId: string | null = null): Attempt => ({ id, state, why, providerId, segments });
  // This worker stood still: others may have given the attempt up, and looked for it in vain.
  if (deps.clock() - claimedAt > deps.noticeSms.timeoutMs) return outcome('queued', null);
  const sent = await deps.noticeSms.send({ to: e164, body, statusCallback: `${deps.publicUrl}/api/webhooks/sms/status?message=${id}` });
  switch (sent.kind) {
    case 'accepted': return outcome('accepted', null, sent.providerId);
    case 'unknown': return outcome('unknown', sent.why);
    case 'retry': return { ...outcome('queued', sent.why), ...(sent.account ? { account: true } : {}) };
    case 'failed': return outcome(await refused(deps, claimed, sent), sent.why);
  }
}

/** The provider refuses our account: nothing more goes out until that is mended, and administrators are told. */
async function halt(deps: ActivityDependencies, { eventId, phase, accountCode }: BatchRequest, why: string): Promise<void> {
  if (!(await haltPhase({ db: deps.db, keys: deps.keys, now: deps.clock() }, { eventId, phase, accountCode }, why))) return;
  deps.logger.error({ event: eventId, phase, why }, 'the provider refuses our account: a broadcast was halted');
}

/** How many more notices an account's own daily cap allows. It is an account's choice, and so is what counting costs. */
async function allowedToday({ db, clock }: ActivityDependencies, accountCode: string): Promise<number> {
  const { daily_cap: cap } = await smsSettingsOf(db, accountCode);
  return cap === null ? Infinity : cap - (await countAttempted(db, accountCode, clock() - DAY_MS));
}

/** What is over the cap is not sent, and that is on record. */
async function dropOverCap({ db, clock }: ActivityDependencies, { eventId, phase, accountCode }: BatchRequest): Promise<void> {
  await inTransaction(db, async (tx) => {
    const dropped = await dropQueued(tx, { eventId, phase }, { state: 'suppressed', why: 'daily-cap' });
    if (dropped > 0) await appendAudit(tx, { at: clock(), action: 'continuity.suppressed', accountCode, flowId: eventId, details: { phase, why: 'daily-cap', people: dropped } });
  });
}

/** Claims and sends one turn. Null where nobody was left to be claimed. */
async function takeOneTurn(deps: ActivityDependencies, request: BatchRequest, texts: PhaseTexts, most: number, waitUntil: WaitUntil): Promise<readonly Attempt[] | null> {
  const { db, clock } = deps;
  if (!(await hasAny(db, request, ['queued']))) return null;
  const rate = await senderNow(db, noticeRate(deps));
  const { strikes } = rate;
  const wanted = strikes >= CAREFUL_FROM ? 1 : Math.min(turnSize(rate, texts.segments, await countSending(db, request.accountCode)), most);
  const allowed = await allowedToday(deps, request.accountCode);
  if (allowed <= 0) {
    await dropOverCap(deps, request);
    return null;
  }
  const size = Math.min(wanted, allowed);
  await waitUntil(await takeTurn(db, rate, size * texts.segments, clock()));
  const claimedAt = clock();
  const claimed = await claimDeliveries(db, request, size, { now: claimedAt, countries: deps.smsCountries });
  if (claimed.length === 0) {
    await correctTurn(db, rate, -size * texts.segments);
    return null;
  }
  const attempts = await inParallel(claimed, REQUESTS_AT_ONCE, (one) => attempt(deps, texts, one, claimedAt));
  await recordOutcomes(db, attempts);
  const segments = attempts.filter(({ state }) => state !== 'queued').reduce((sum, one) => sum + one.segments, 0);
  await countSegments(db, request.eventId, request.phase, segments);
  await correctTurn(db, rate, segments - size * texts.segments);
  const account = attempts.find((one) => one.account);
  if (account) await halt(deps, request, account.why ?? '');
  else if (attempts.some(({ state }) => state === 'queued') || attempts.every(({ state }) => state === 'unknown')) await pauseSender(db, rate, clock());
  else if (strikes > 0) await senderIsWell(db, rate.sender);
  return attempts;
}

/**
 * Sends a batch of a phase's notices, turn by turn: each turn waits for its sender's time, claims, sends and writes down
 * what became of it. Killed anywhere, it leaves rows that say how far it came.
 */
export async function sendBatch(deps: ActivityDependencies, request: BatchRequest, waitUntil: WaitUntil): Promise<BatchResult> {
  const phase: PhaseRow | undefined = await findPhase(deps.db, request.eventId, request.phase);
  const size = batchSize(await senderNow(deps.db, noticeRate(deps)));
  const until = deps.clock() + LONGEST_BATCH_MS;
  const done = { accepted: 0, failed: 0, suppressed: 0, unknown: 0 };
  if (phase?.state !== 'sending') return { ...done, left: false };
  const texts = textsOf(deps, phase);
  for (let handled = 0; handled < size && deps.clock() < until;) {
    const attempts = await takeOneTurn(deps, request, texts, size - handled, waitUntil);
    if (attempts === null) {
      const suppressed = await suppressRefused(deps.db, request, size, deps.smsCountries);
      done.suppressed += suppressed;
      if (suppressed === 0) return { ...done, left: false };
    }
    for (const { state } of attempts ?? []) if (state !== 'queued') done[state] += 1;
    handled += attempts?.length ?? 1;
  }
  return { ...done, left: true };
}
