import { isEnding, type ResetEnding, type ResetStep, type ResetVariant } from '../../domain/password-reset';
import { LINE_BREAK, time } from '../prose';

/** What became of a round's message. */
export type Delivery = 'pending' | 'sent' | 'silent' | 'undeliverable';

/** What each variant sends, as it reads after "Send" and "the person to use". */
export const sends: Record<ResetVariant | 'invitation', string> = {
  code: 'a code by SMS',
  link: 'a one-time link by e-mail',
  'temporary-password': 'a temporary password by e-mail',
  invitation: "an administrator's invitation by SMS",
};

const DELIVERY: Record<Delivery, string> = {
  pending: 'is being sent',
  sent: 'was handed to the carrier',
  silent: 'was not sent, on purpose: the audit table says why',
  undeliverable: 'could not be delivered; the person may ask again',
};

/** What each ending means, to who looks into it later. */
const ENDINGS: Record<ResetEnding, string> = {
  done: 'The new password is saved. Other sessions are ended, and every verified address is told.',
  expired: 'Its time was over. The password is unchanged; the person may ask again.',
  locked: 'Too many wrong entries closed it. The password is unchanged; the person may ask again.',
  cancelled: 'Somebody stopped it: the person, an administrator or an operator. The password is unchanged.',
  superseded: 'A newer request of the same person took its place.',
  undeliverable: 'Nothing could be delivered in time: the table `messages` says why. The password is unchanged.',
};

interface Described {
  readonly step: ResetStep;
  readonly since: number;
  readonly expiresAt: number;
  readonly round: number;
  readonly delivery: Delivery;
  readonly variant: ResetVariant | 'invitation';
}

/** The reset in a few lines of markdown, for the flow's page in the Temporal Web UI. One paragraph: of more the page cuts the last. */
export function describe(now: Described): string {
  if (isEnding(now.step)) return `**Ended:** ${now.step}, ${time(now.since)}${LINE_BREAK}${ENDINGS[now.step]}`;
  const waitsFor = now.step === 'new-password' ? 'the person to choose a new password' : `the person to use ${sends[now.variant]}`;
  return [
    `**Step:** ${now.step}, since ${time(now.since)}`,
    `**Waits for:** ${waitsFor}, until ${time(now.expiresAt)}`,
    `**Message:** number ${now.round} ${DELIVERY[now.delivery]}`,
  ].join(LINE_BREAK);
}
