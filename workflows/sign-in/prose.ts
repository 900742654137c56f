import { isSignInEnding, type SignInEnding, type SignInStep, type Stage } from '../../domain/sign-in';
import { LINE_BREAK, time } from '../prose';

/** What became of a round's passcode. */
export type Delivery = 'pending' | 'sent' | 'undeliverable';

const DELIVERY: Record<Delivery, string> = {
  pending: 'is being sent',
  sent: 'was handed to the carrier',
  undeliverable: 'could not be delivered: the table "messages" says why. The person may ask again',
};

const WAITS_FOR: Record<Stage, string> = {
  passcode: 'the passcode that went to the saved number',
  totp: "the code of the person's authenticator app, or a recovery code",
  'enrol-phone': 'the mobile number to enrol, or an authenticator app',
  'confirm-phone': 'the passcode that went to the new number',
  'confirm-totp': 'the first code of the new authenticator app',
  'change-password': 'a new password in the place of the one that was given',
};

/** What each ending means, to who looks into it later. */
const ENDINGS: Record<SignInEnding, string> = {
  done: 'Everything asked for was given. The session stands in the table "sessions", under this flow.',
  expired: 'Its time was over. Nobody was signed in.',
  locked: 'Too many wrong entries closed it. Nobody was signed in.',
  cancelled: 'It was stopped: by the person, an administrator or an operator, or because the password changed meanwhile. Nobody was signed in.',
};

interface Described {
  readonly step: SignInStep;
  readonly stage: Stage | undefined;
  readonly since: number;
  readonly expiresAt: number;
  readonly round: number;
  readonly delivery: Delivery;
}

/** The sign-in in a few lines of markdown, for the flow's page in the Temporal Web UI. One paragraph: of more the page cuts the last. */
export function describe(now: Described): string {
  if (isSignInEnding(now.step)) return `**Ended:** ${now.step}, ${time(now.since)}${LINE_BREAK}${ENDINGS[now.step]}`;
  return [
    `**Step:** ${now.step}, since ${time(now.since)}`,
    ...(now.stage ? [`**Waits for:** ${WAITS_FOR[now.stage]}, until ${time(now.expiresAt)}`] : []),
    ...(now.step === 'enter-passcode' ? [`**Passcode:** number ${now.round} ${DELIVERY[now.delivery]}`] : []),
  ].join(LINE_BREAK);
}
