import { isOptInEnding, type OptInEnding, type OptInStep } from '../../domain/sms-subscription';
import { LINE_BREAK, time } from '../prose';

/** What became of a round's message. */
export type Delivery = 'pending' | 'sent' | 'undeliverable';

const DELIVERY: Record<Delivery, string> = {
  pending: 'is being sent',
  sent: 'was handed over',
  undeliverable: 'could not be delivered: the table "messages" says why',
};

/** What each ending means, to who looks into it later. */
const ENDINGS: Record<OptInEnding, string> = {
  active: 'The person opted in. The evidence stands in the table "sms_consents".',
  lapsed: 'Nobody answered in time. The person gets no notices.',
  ended: 'It was stopped before it was answered, or the number cannot be sent to: the table "sms_subscriptions" says why.',
};

interface Described {
  readonly step: OptInStep;
  readonly since: number;
  readonly expiresAt: number;
  readonly remindAt: number | null;
  readonly round: number;
  readonly delivery: Delivery;
}

/** The opt-in in a few lines of markdown, for the flow's page in the Temporal Web UI. */
export function describe(now: Described): string {
  if (isOptInEnding(now.step)) return `**Ended:** ${now.step}, ${time(now.since)}${LINE_BREAK}${ENDINGS[now.step]}`;
  const [waitsFor, what] = now.step === 'invited' ? ['the person who was invited by e-mail to ask for the confirmation text', 'Invitation'] : ['a reply of YES, or the code on the page', 'Confirmation text'];
  return [
    `**Step:** ${now.step}, since ${time(now.since)}`,
    `**Waits for:** ${waitsFor}, until ${time(now.expiresAt)}`,
    `**${what}:** ${DELIVERY[now.delivery]}${now.remindAt === null ? '; no reminder is left' : `; a reminder goes out ${time(now.remindAt)}`}`,
  ].join(LINE_BREAK);
}
