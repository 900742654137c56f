import { ApplicationFailure } from '@temporalio/activity';
import { appendAudit } from '../db/audit';
import { inTransaction } from '../db/connection';
import { claimMessage, contentContext, findMessage, isSendable, messagesOf, moveMessage, noteText, otherAttemptUnderway, ownProviderIds, releaseMessage, type MessageRow, type MessageState } from '../db/messages';
import { parseMobileNumber } from '../domain/phone';
import { smsLength } from '../domain/sms-segments';
import { open } from '../security/sealing';
import { renderMessage, type MessageContent } from '../templates';
import type { ActivityDependencies } from './dependencies';
import { sendEmail } from './send-email';
import type { SmsSender } from './sms-sender';

const LOOK_UPS = 3;
const YIELD_MS = 1_000;
/** The provider's clock may be behind ours by this much. */
const CLOCK_SKEW_MS = 60_000;

/** Of a text in one of these states it is known, or has to be taken, that the carrier never had it. */
const NEVER_TAKEN: readonly MessageState[] = ['failed', 'expired', 'unknown', 'suppressed'];

/** Whether somebody may wait for this text in vain. */
export function wasNeverTaken({ state }: Pick<MessageRow, 'state'>): boolean {
  return NEVER_TAKEN.includes(state);
}

function later(why: string, delayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({ message: why, type: 'DeliverLater', nonRetryable: false, ...(delayMs ? { nextRetryDelay: delayMs } : {}) });
}

/**
 * Carries one message to its provider, at most once for a text message. Idempotent: what is accepted, failed or
 * superseded stays so, what an earlier attempt left open is looked up first.
 * @throws ApplicationFailure `DeliverLater` where the same call is to be made again after a while
 */
export async function deliver(deps: ActivityDependencies, messageId: string): Promise<void> {
  const message = await findMessage(deps.db, messageId);
  if (!message || message.sealed === null) return;
  if (message.channel === 'email') return deliverEmail(deps, message);
  return deliverSms(deps, message);
}

/** Delivers a flow's messages. Tries each of them before it asks to be called again: an address that answers "later" holds up no other. */
export async function deliverAll(deps: ActivityDependencies, flowId: string, purposes: readonly string[], round: number): Promise<void> {
  const postponed: unknown[] = [];
  for (const message of await messagesOf(deps.db, flowId, purposes, round)) await deliver(deps, message.id).catch((error: unknown) => postponed.push(error));
  if (postponed.length > 0) throw postponed[0];
}

/** Ends a message that reaches nobody, and puts it on record. */
export async function giveUpMessage(deps: ActivityDependencies, message: MessageRow, state: 'failed' | 'expired', why: string): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    if (!(await moveMessage(tx, message.id, state, { why }))) return;
    const { account_code: accountCode, flow_id: flowId, person: subject, purpose, round } = message;
    await appendAudit(tx, { at: deps.clock(), action: `message.${state}`, accountCode, flowId, subject, details: { purpose, round, why } });
  });
}

async function rendered(deps: ActivityDependencies, message: MessageRow) {
  const content = JSON.parse(open(deps.keys, 'seal', message.sealed!, contentContext(message.id))) as MessageContent;
  return renderMessage(content, { brand: deps.brand, publicUrl: deps.publicUrl });
}

const FROM_NOTICES: readonly string[] = ['sms-confirmation', 'sms-answer', 'continuity-test'];

/** What belongs to a recurring program comes from the sender of its notices: an opt-out there must not block codes. */
function senderOf(deps: ActivityDependencies, message: MessageRow): SmsSender {
  return FROM_NOTICES.includes(message.purpose) ? deps.noticeSms : deps.sms;
}

/** Claims the message for this attempt; false where it needs none any more. */
async function claim(deps: ActivityDependencies, message: MessageRow): Promise<boolean> {
  const now = deps.clock();
  if (message.expires_at <= now) {
    await giveUpMessage(deps, message, 'expired', 'no longer valid');
    return false;
  }
  if (!(await isSendable(deps.db, message.id))) {
    await moveMessage(deps.db, message.id, 'superseded', { why: 'what it carries is no longer accepted' });
    return false;
  }
  if (await otherAttemptUnderway(deps.db, message, now - 2 * deps.sms.timeoutMs)) throw later('another message to this person is on its way', YIELD_MS);
  return claimMessage(deps.db, message.id, now);
}

/** A repeat of an e-mail is harmless: same secret, same Message-ID. */
async function deliverEmail(deps: ActivityDependencies, message: MessageRow): Promise<void> {
  if (message.state === 'attempting') await releaseMessage(deps.db, message.id, 'its sender stopped');
  if (!(await claim(deps, message))) return;
  const outcome = await sendEmail(deps, { id: message.id, to: message.recipient }, await rendered(deps, message));
  if (outcome.kind === 'accepted') await moveMessage(deps.db, message.id, 'accepted', { providerId: outcome.providerId, why: null });
  else if (outcome.kind === 'failed') await giveUpMessage(deps, message, 'failed', outcome.why);
  else {
    await releaseMessage(deps.db, message.id, outcome.why);
    throw later(outcome.why);
  }
}

async function deliverSms(deps: ActivityDependencies, message: MessageRow): Promise<void> {
  const { text } = await rendered(deps, message);
  if (message.state === 'attempting') {
    await moveMessage(deps.db, message.id, 'unknown', { why: 'its sender stopped' });
    throw later('looking it up at the provider', 2 * deps.sms.timeoutMs);
  }
  if (message.state === 'unknown') return reconcile(deps, message, text);
  if (!(await claim(deps, message))) return;
  const number = parseMobileNumber(message.recipient);
  await noteText(deps.db, message.id, smsLength(text), number.ok ? number.country : null);
  const outcome = await senderOf(deps, message).send({ to: message.recipient, body: text, statusCallback: `${deps.publicUrl}/api/webhooks/sms/status?message=${message.id}` });
  if (outcome.kind === 'accepted') await moveMessage(deps.db, message.id, 'accepted', { providerId: outcome.providerId, why: null });
  else if (outcome.kind === 'failed') await giveUpMessage(deps, message, 'failed', outcome.why);
  else if (outcome.kind === 'retry') {
    await releaseMessage(deps.db, message.id, outcome.why);
    throw later(outcome.why);
  } else {
    await moveMessage(deps.db, message.id, 'unknown', { why: outcome.why });
    throw later('looking it up at the provider', 2 * deps.sms.timeoutMs);
  }
}

/**
 * The provider's list lags, so it is asked more than once. What is not found in the end is never sent again where it
 * carries a secret, whose owner may ask for another; an invitation, which nobody waits for, once more.
 */
async function reconcile(deps: ActivityDependencies, message: MessageRow, body: string): Promise<void> {
  const attemptedAt = message.attempted_at ?? message.created_at;
  const found = await senderOf(deps, message).lookUp({ to: message.recipient, body }, new Date(attemptedAt - CLOCK_SKEW_MS)).catch(() => undefined);
  if (found === undefined) throw later('the provider does not answer a look-up');
  // Two texts may say the same: one that is known to be another message is not this one.
  const others = await ownProviderIds(deps.db, found);
  const providerId = found.find((id) => !others.includes(id));
  if (providerId !== undefined) await moveMessage(deps.db, message.id, 'accepted', { providerId, why: 'found at the provider' });
  else if (deps.clock() < attemptedAt + (2 + LOOK_UPS) * deps.sms.timeoutMs) throw later('looking it up at the provider again', deps.sms.timeoutMs);
  else if (message.purpose === 'reset-invitation' && message.attempts === 1) {
    await releaseMessage(deps.db, message.id, 'not found at the provider');
    throw later('sending it once more');
  } else await giveUpMessage(deps, message, 'failed', 'not found at the provider');
}
