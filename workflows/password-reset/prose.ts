import type { ResetVariant } from '../../domain/password-reset';
import { isEnding, type ResetStep } from '../../domain/password-reset';

const VARIANTS: Record<ResetVariant | 'invitation', string> = {
  code: 'a code by SMS',
  link: 'a one-time link by e-mail',
  'temporary-password': 'a temporary password by e-mail',
  invitation: "an administrator's invitation by SMS",
};

const DELIVERY = {
  pending: 'is being sent',
  sent: 'was handed to the carrier',
  silent: 'was not sent, on purpose: the audit table says why',
  undeliverable: 'could not be delivered; the person may ask again',
} as const;

/** The reset in a few lines of markdown, for the flow's page in the Temporal Web UI. */
export function describe(now: { step: ResetStep; round: number; expiresAt: number; delivery: keyof typeof DELIVERY; variant: ResetVariant | 'invitation' }): string {
  if (isEnding(now.step)) return `**Ended:** ${now.step}.`;
  const waitsFor = now.step === 'new-password' ? 'the person to choose a new password' : `the person to use ${VARIANTS[now.variant]}`;
  return [
    `**Step:** ${now.step}`,
    `**Waits for:** ${waitsFor}, until ${new Date(now.expiresAt).toISOString()}`,
    `**Sent:** number ${now.round} ${DELIVERY[now.delivery]}`,
  ].join('\n\n');
}
