import { sleep } from '@temporalio/workflow';
import { connectOnboarding as unchangedOnboarding } from '../../../workflows/connect-onboarding/workflow';
import type { OnboardingInput } from '../../../workflows/connect-onboarding/messages';
import type { PasswordResetInput } from '../../../workflows/password-reset/messages';
import { passwordReset as unchangedReset } from '../../../workflows/password-reset/workflow';
import type { SignInInput } from '../../../workflows/sign-in/messages';
import { signIn as unchangedSignIn } from '../../../workflows/sign-in/workflow';
import type { SmsSubscriptionInput } from '../../../workflows/sms-subscription/messages';
import { smsSubscription as unchangedSubscription } from '../../../workflows/sms-subscription/workflow';

/** A change that flows in progress do not survive: a timer that their histories do not have. */
async function withTimer<T>(flow: Promise<T>): Promise<T> {
  await sleep('1 minute');
  return flow;
}

export function passwordReset(input: PasswordResetInput): Promise<unknown> {
  return withTimer(unchangedReset(input));
}

export function connectOnboarding(input: OnboardingInput): Promise<unknown> {
  return withTimer(unchangedOnboarding(input));
}

export function signIn(input: SignInInput): Promise<unknown> {
  return withTimer(unchangedSignIn(input));
}

export function smsSubscription(input: SmsSubscriptionInput): Promise<unknown> {
  return withTimer(unchangedSubscription(input));
}
