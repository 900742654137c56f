import { isSignInEnding, type SignInEnding } from '../../domain/sign-in';
import { applicationOf } from '../applications';
import { Ending } from '../flow/ending';
import type { SignInStepProps } from './step-props';

const words: Record<Exclude<SignInEnding, 'done'>, { readonly title: string; readonly text: string }> = {
  expired: { title: 'This log-in has expired', text: 'The time for it is over. Nothing was changed.' },
  locked: { title: 'Too many wrong entries', text: 'This log-in was closed to protect the account. Wait a while before the next one, or ask your administrator.' },
  cancelled: { title: 'This log-in was cancelled', text: 'Nobody was logged in by it.' },
};

/** How a sign-in ended that led nowhere, and where the next one begins. */
export function EndingStep({ flow }: SignInStepProps) {
  if (!isSignInEnding(flow.step) || flow.step === 'done') return null;
  return <Ending good={false} {...words[flow.step]} to={flow.details.purpose === 'sign-in' ? applicationOf(flow).path : '/account/second-step'} label="Start again" />;
}
