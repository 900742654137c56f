import { findPhase } from '../../db/continuity-events';
import { giveUpAttempts, hasAny, ownNoticeIds, settleDelivery, unknownDeliveries, type DeliveryRow, type PhaseKey } from '../../db/continuity-deliveries';
import { ownProviderIds } from '../../db/messages';
import { channelOf } from '../../domain/continuity/events';
import { comeBack } from '../come-back';
import type { ActivityDependencies } from '../dependencies';
import { inParallel } from '../in-parallel';
import { textsOf, type PhaseTexts } from './texts';

/** In the provider's timeouts after an attempt: its sender must be gone, it is looked up, and it is believed not to be there. */
const GONE_AFTER = 3;
const LOOKED_UP_AFTER = 2;
const BELIEVED_AFTER = 5;
/** Each attempt was looked up in vain before the next one: this many in a row are no accident of the provider's. */
const MOST_ATTEMPTS = 5;
const PAGE = 200;
const LOOK_UPS_AT_ONCE = 8;
const CLOCK_SKEW_MS = 60_000;

/** The provider does not answer look-ups. */
class ProviderAway extends Error {}

/** An e-mail is sent again at once: its Message-ID tells the reader's server that it is the same. */
async function settleEmail({ db }: ActivityDependencies, { id, attempts }: DeliveryRow, sending: boolean): Promise<void> {
  await settleDelivery(db, id, { state: sending && attempts < MOST_ATTEMPTS ? 'queued' : 'failed', why: 'its sender stopped' });
}

async function settleText(deps: ActivityDependencies, texts: PhaseTexts, delivery: DeliveryRow, sending: boolean): Promise<void> {
  const { db, noticeSms, clock } = deps;
  const { id, e164: to, attempts } = delivery;
  const attemptedAt = delivery.attempted_at ?? 0;
  const { body } = texts.of(delivery);
  const found = await noticeSms.lookUp({ to, body }, new Date(attemptedAt - CLOCK_SKEW_MS)).catch(() => {
    throw new ProviderAway();
  });
  // Others may have been told the same, at the same number: what is known to be theirs is not this one.
  const known = new Set([...(await ownNoticeIds(db, to, found)), ...(await ownProviderIds(db, found))]);
  const providerId = found.find((one) => !known.has(one));
  if (providerId !== undefined) await settleDelivery(db, id, { state: 'accepted', why: 'found at the provider', providerId });
  else if (clock() < attemptedAt + BELIEVED_AFTER * noticeSms.timeoutMs) return;
  else if (sending && attempts < MOST_ATTEMPTS) await settleDelivery(db, id, { state: 'queued', why: 'not found at the provider' });
  else await settleDelivery(db, id, { state: 'failed', why: 'not found at the provider' });
}

/** Those to one number one after the other: each is another message. */
function byNumber(deliveries: readonly DeliveryRow[]): DeliveryRow[][] {
  const numbers = new Map<string, DeliveryRow[]>();
  for (const delivery of deliveries) numbers.set(delivery.e164, [...(numbers.get(delivery.e164) ?? []), delivery]);
  return [...numbers.values()];
}

/**
 * Looks up at the provider what a killed sender or a lost answer left open: what is there was accepted, what is not, and
 * has had the time to appear, goes back into the queue. Its texts and times are those of the attempt.
 * @returns whether something is in the queue again
 * @throws ApplicationFailure `Unsettled` where the same call is to be made again after a while
 */
export async function settlePhase(deps: ActivityDependencies, key: PhaseKey): Promise<{ queued: boolean }> {
  const { db, noticeSms, email, clock } = deps;
  const phase = await findPhase(db, key.eventId, key.phase);
  if (!phase) throw new Error('There is no such phase.');
  const [texts, sending] = [textsOf(deps, phase), phase.state === 'sending'];
  const isEmail = channelOf(key.phase) === 'email';
  const { timeoutMs } = isEmail ? email : noticeSms;
  await giveUpAttempts(db, key, clock() - GONE_AFTER * timeoutMs);
  try {
    const pageAfter = (after: number) => unknownDeliveries(db, key, { after, most: PAGE }, clock() - LOOKED_UP_AFTER * timeoutMs);
    for (let page = await pageAfter(0); page.length > 0; page = await pageAfter(page.at(-1)!.position)) {
      await inParallel(byNumber(page), LOOK_UPS_AT_ONCE, async (ones) => {
        for (const one of ones) await (isEmail ? settleEmail(deps, one, sending) : settleText(deps, texts, one, sending));
      });
    }
  } catch (error) {
    if (error instanceof ProviderAway) throw comeBack('The provider does not answer look-ups', 'Unsettled', 4 * timeoutMs);
    throw error;
  }
  if (sending && (await hasAny(db, key, ['queued']))) return { queued: true };
  if (await hasAny(db, key, ['attempting', 'unknown'])) throw comeBack('Not everything is known yet', 'Unsettled', timeoutMs);
  return { queued: false };
}
