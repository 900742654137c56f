import { createBroadcastActivities } from './broadcast';
import { createConnectOnboardingActivities } from './connect-onboarding';
import type { OnboardingDependencies } from './connect-onboarding/dependencies';
import { createContinuityEventActivities } from './continuity-event';
import { createNoticeActivities } from './notice';
import { createNumberCheckActivities } from './number-check';
import { createPasswordResetActivities } from './password-reset';
import { createSignInActivities } from './sign-in';
import { createSmsSubscriptionActivities } from './sms-subscription';

/** The activities of every journey: a worker runs them all. Each has a name of its own. */
export function createActivities(deps: OnboardingDependencies) {
  return {
    ...createPasswordResetActivities(deps), ...createSignInActivities(deps), ...createSmsSubscriptionActivities(deps), ...createNumberCheckActivities(deps), ...createNoticeActivities(deps), ...createConnectOnboardingActivities(deps),
    ...createContinuityEventActivities(deps), ...createBroadcastActivities(deps),
  };
}
