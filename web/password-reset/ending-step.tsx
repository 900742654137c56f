import type { ResetEnding } from '../../domain/password-reset';
import { isEnding } from '../../domain/password-reset';
import { applicationOf } from '../applications';
import { Ending } from '../flow/ending';
import { linkTokenOf } from './link-token';
import type { ResetStepProps } from './step-props';

const words: Record<ResetEnding, { title: string; text: string }> = {
  done: { title: 'Your password is saved', text: 'Sign in with it from now on. Other sessions of yours have been ended, and a notice was sent to your email addresses.' },
  expired: { title: 'This reset has expired', text: 'The time for it is over. Your password has not been changed.' },
  locked: { title: 'Too many wrong entries', text: 'This reset was closed to protect the account. Your password has not been changed.' },
  cancelled: { title: 'This reset was cancelled', text: 'Your password has not been changed.' },
  superseded: { title: 'A newer request has replaced this one', text: 'Go on with the newest request: only the message that was sent last is valid.' },
  undeliverable: { title: 'The message could not be delivered', text: 'Your password has not been changed. Ask your administrator for help, or try again later.' },
};

/** The same, to who came by a link. */
const linkWords: Partial<typeof words> = {
  expired: { title: 'This link is too old', text: 'A link works for a limited time. Your password has not been changed.' },
  superseded: { title: 'A newer link replaced this one', text: 'Use the link in the newest message, or start a new request.' },
};

/** How a reset ended, and what to do now. */
export function EndingStep({ flow }: ResetStepProps) {
  if (!isEnding(flow.step)) return null;
  const { title, text } = (linkTokenOf(flow.id) !== undefined && linkWords[flow.step]) || words[flow.step];
  const done = flow.step === 'done';
  return <Ending good={done} title={title} text={text} to={applicationOf(flow).path} label={done ? 'Go To Log In' : 'Start a new request'} />;
}
