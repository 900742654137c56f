import { sleep } from '@temporalio/workflow';
import type { BroadcastInput } from '../../../workflows/broadcast/messages';
import { broadcast as unchangedBroadcast } from '../../../workflows/broadcast/workflow';
import type { EventInput } from '../../../workflows/continuity-event/messages';
import { continuityEvent as unchangedEvent } from '../../../workflows/continuity-event/workflow';
import { connectOnboarding as unchangedOnboarding } from '../../../workflows/connect-onboarding/workflow';
import type { OnboardingInput } from '../../../workflows/connect-onboarding/messages';
import type { NumberCheckInput } from '../../../workflows/number-check/messages';
import { numberCheck as unchangedNumberCheck } from '../../../workflows/number-check/workflow';
import type { PasswordResetInput } from '../../../workflows/password-reset/messages';
import { passwordReset as unchangedReset } from '../../../workflows/password-reset/workflow';
import type { SignInInput } from '../../../workflows/sign-in/messages';
import { signIn as unchangedSignIn } from '../../../workflows/sign-in/workflow';
import type { SmsSubscriptionInput } from '../../../workflows/sms-subscription/messages';
import { smsSubscription as unchangedSubscription } from '../../../workflows/sms-subscription/workflow';

/** A change that flows in progress do not survive: a timer that their histories do not have. */
async function withTimer<T>(flow: Promise<T>): Promise<T> {
  // One that was cancelled fails before the timer does.
  flow.catch(() => undefined);
  await sleep('1 minute');
  return flow;
}

export function passwordReset(input: PasswordResetInput): Promise<unknown> {
  return withTimer(unchangedReset(input));
}

export function connectOnboarding(input: OnboardingInput): Promise<unknown> {
  return withTimer(unchangedOnboarding(input));
}

export function continuityEvent(input: EventInput): Promise<unknown> {
  return withTimer(unchangedEvent(input));
}

export function broadcast(input: BroadcastInput): Promise<unknown> {
  return withTimer(unchangedBroadcast(input));
}

/** The timer comes first: a check that is cancelled has no later command by which a timer beside it would be missed. */
export async function numberCheck(input: NumberCheckInput): Promise<void> {
  await sleep('1 minute');
  return unchangedNumberCheck(input);
}

export function signIn(input: SignInInput): Promise<unknown> {
  return withTimer(unchangedSignIn(input));
}

export function smsSubscription(input: SmsSubscriptionInput): Promise<unknown> {
  return withTimer(unchangedSubscription(input));
}
