import { lazy } from 'react';
import type { ResetStep } from '../../domain/password-reset';
import type { ResetCommand, ResetFlow } from '../api/envelope';
import { getReset, takeStep } from '../api/password-resets';
import { FlowPage } from '../flow/flow-page';
import type { Journey } from '../flow/journey';
import { Timeline } from '../flow/timeline';
import { CaptchaStep } from './captcha-step';
import { ChooseMethodStep } from './choose-method-step';
import { EndingStep } from './ending-step';
import { EnterCodeStep } from './enter-code-step';
import { FollowLinkStep } from './follow-link-step';
import { TemporaryPasswordStep } from './temporary-password-step';

// The list of common passwords is large: it is loaded with the step that needs it.
const NewPasswordStep = lazy(() => import('./new-password-step'));

const stages = ['Address', 'Check', 'Delivery', 'Verify', 'Password'] as const;
const stageOf: Partial<Record<ResetStep, number>> = {
  captcha: 1, 'choose-method': 2, 'enter-code': 3, 'follow-link': 3, 'enter-temporary-password': 3, 'new-password': 4, done: stages.length,
};

const passwordReset: Journey<ResetFlow, ResetCommand> = {
  path: 'password-resets',
  title: 'Reset your password',
  read: getReset,
  take: takeStep,
  steps: {
    captcha: CaptchaStep,
    'choose-method': ChooseMethodStep,
    'enter-code': EnterCodeStep,
    'follow-link': FollowLinkStep,
    'enter-temporary-password': TemporaryPasswordStep,
    'new-password': NewPasswordStep,
    done: EndingStep,
    expired: EndingStep,
    locked: EndingStep,
    cancelled: EndingStep,
    superseded: EndingStep,
    undeliverable: EndingStep,
  },
  timeline: ({ step }) => <Timeline label="Steps of the password reset" stages={stages} current={stageOf[step]} />,
  cancel: { label: 'Cancel this reset', command: { action: 'cancel', body: {} } },
};

/** A reset at its address. */
export function ResetPage() {
  return <FlowPage journey={passwordReset} />;
}
