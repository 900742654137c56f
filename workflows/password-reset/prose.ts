import type { ResetVariant } from '../../domain/password-reset';
import { isEnding, type ResetStep } from '../../domain/password-reset';

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

const time = (at: number): string => new Date(at).toISOString();

/** The summary of a reset's timer. */
export function waitSummary(step: ResetStep, until: number): string {
  return `${step}: until ${time(until)}`;
}

interface Described {
  readonly step: ResetStep;
  readonly since: number;
  readonly expiresAt: number;
  readonly round: number;
  readonly delivery: Delivery;
  readonly variant: ResetVariant | 'invitation';
}

/** The reset in a few lines of markdown, for the flow's page in the Temporal Web UI. */
export function describe(now: Described): string {
  if (isEnding(now.step)) return `**Ended:** ${now.step}, at ${time(now.since)}.`;
  const waitsFor = now.step === 'new-password' ? 'the person to choose a new password' : `the person to use ${sends[now.variant]}`;
  return [
    `**Step:** ${now.step}, since ${time(now.since)}`,
    `**Waits for:** ${waitsFor}, until ${time(now.expiresAt)}`,
    `**Sent:** number ${now.round} ${DELIVERY[now.delivery]}`,
  ].join('\n\n');
}
