import type { SignInStep } from '../../domain/sign-in';
import { getSignIn, takeSignInStep, type SignInCommand, type SignInFlow } from '../api/sign-ins';
import { applicationOf } from '../applications';
import { FlowPage } from '../flow/flow-page';
import type { Journey } from '../flow/journey';
import { Timeline } from '../flow/timeline';
import { ChangePasswordStep } from './change-password-step';
import { DoneStep } from './done-step';
import { EndingStep } from './ending-step';
import { EnrolPhoneStep } from './enrol-phone-step';
import { EnterPasscodeStep } from './enter-passcode-step';
import { EnterPasswordStep } from './enter-password-step';
import { EnterTotpStep } from './enter-totp-step';

const stages = ['Address', 'Password', 'Verify', 'Log In'] as const;
const stageOf: Partial<Record<SignInStep, number>> = { 'enter-password': 1, 'enrol-phone': 2, 'enter-passcode': 2, 'enter-totp': 2, 'change-password': 3, done: 3 };

/** Recovery codes come once, with the answer that made them: what is read after it has none. */
function keepCodes(shown: SignInFlow, fresh: SignInFlow): SignInFlow {
  const { recoveryCodes } = shown.details;
  return recoveryCodes && !fresh.details.recoveryCodes ? { ...fresh, details: { ...fresh.details, recoveryCodes } } : fresh;
}

/** Into the application at once, where no "Log In" stands between: after a password, and nothing is left to read. */
function intoApplication(flow: SignInFlow, { action }: SignInCommand): string | undefined {
  const atOnce = flow.step === 'done' && (action === 'password' || action === 'new-password');
  return atOnce ? applicationOf(flow).path : undefined;
}

const signIn: Journey<SignInFlow, SignInCommand> = {
  path: 'sign-ins',
  title: 'Log on',
  read: getSignIn,
  take: takeSignInStep,
  steps: {
    'enter-password': EnterPasswordStep,
    'enrol-phone': EnrolPhoneStep,
    'enter-passcode': EnterPasscodeStep,
    'enter-totp': EnterTotpStep,
    'change-password': ChangePasswordStep,
    done: DoneStep,
    expired: EndingStep,
    locked: EndingStep,
    cancelled: EndingStep,
  },
  timeline: ({ step, details }) => (details.purpose === 'sign-in' ? <Timeline label="Steps of the log-in" stages={stages} current={stageOf[step]} /> : null),
  cancel: { label: 'Cancel', command: { action: 'cancel', body: {} } },
  keep: keepCodes,
  leadsTo: intoApplication,
};

/** A sign-in at its address, or a change of one's second step, which is one too. */
export function SignInPage() {
  return <FlowPage journey={signIn} />;
}
