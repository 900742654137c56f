import { defineQuery, patched, setHandler, sleep } from '@temporalio/workflow';
import type { OnboardingInput } from '../../../workflows/connect-onboarding/messages';
import { connectOnboarding as onboardingBefore } from '../../../workflows/connect-onboarding/workflow';

/** Which version a run goes by: the one it began with. */
export const versionQuery = defineQuery<'before' | 'next'>('version');

/** The onboarding as a next version might have it: what is new stands behind a patch, so that runs from before go on as they began. */
export async function connectOnboarding(input: OnboardingInput): Promise<unknown> {
  const version = patched('waits-a-moment-first') ? 'next' : 'before';
  setHandler(versionQuery, () => version);
  const flow = onboardingBefore(input);
  if (version === 'next') await sleep('1 second');
  return flow;
}
