import { createActivities } from '../../activities';
import { createBroadcastActivities } from '../../activities/broadcast';
import { createConnectOnboardingActivities } from '../../activities/connect-onboarding';
import type { OnboardingDependencies } from '../../activities/connect-onboarding/dependencies';
import { createContinuityEventActivities } from '../../activities/continuity-event';
import { createNoticeActivities } from '../../activities/notice';
import { createNumberCheckActivities } from '../../activities/number-check';
import { createPasswordResetActivities } from '../../activities/password-reset';
import { createSignInActivities } from '../../activities/sign-in';
import { createSmsSubscriptionActivities } from '../../activities/sms-subscription';

const journeys = [
  createPasswordResetActivities, createSignInActivities, createConnectOnboardingActivities, createSmsSubscriptionActivities, createNumberCheckActivities,
  createContinuityEventActivities, createBroadcastActivities, createNoticeActivities,
];

test('the activities of all journeys have names of their own: a worker runs them together', () => {
  // Nothing is called: only their names are read.
  const deps = {} as OnboardingDependencies;
  const names = journeys.flatMap((create) => Object.keys(create(deps)));
  expect(Object.keys(createActivities(deps)).sort()).toEqual([...new Set(names)].sort());
  expect(new Set(names).size).toBe(names.length);
});
