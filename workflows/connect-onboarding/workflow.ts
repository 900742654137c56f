import { setHandler } from '@temporalio/workflow';
import type { OnboardingEnding } from '../../domain/onboarding/page';
import {
  cancelTaskUpdate, checkNowUpdate, reopenTaskUpdate, startTaskUpdate, stateQuery, submitTaskUpdate, wakeSignal, type OnboardingInput,
} from './messages';
import { ConnectOnboarding } from './onboarding';

/**
 * The onboarding of one account, over weeks or months, to its ending. It owns where each task stands; what people enter
 * lies in the database and never passes through here. After an ending an operator can reopen it: that is a new run.
 */
export async function connectOnboarding(input: OnboardingInput): Promise<{ outcome: OnboardingEnding }> {
  const onboarding = new ConnectOnboarding(input);
  setHandler(stateQuery, () => onboarding.state());
  setHandler(wakeSignal, () => onboarding.wake());
  setHandler(startTaskUpdate, (request) => onboarding.start(request), { validator: (request) => onboarding.expectOffered('start', request) });
  setHandler(submitTaskUpdate, (submission) => onboarding.submit(submission), { validator: (submission) => onboarding.expectOffered('submit', submission) });
  setHandler(checkNowUpdate, (request) => onboarding.checkNow(request), { validator: (request) => onboarding.expectOffered('check-now', request) });
  setHandler(cancelTaskUpdate, (request) => onboarding.cancelTask(request), { validator: (request) => onboarding.expectOffered('cancel', request) });
  setHandler(reopenTaskUpdate, (request) => onboarding.reopen(request), { validator: (request) => onboarding.expectOffered('reopen', request) });
  return onboarding.run();
}
