import { lazy, useState } from 'react';
import { RecoveryCodes } from './recovery-codes';
import type { SignInStepProps } from './step-props';
import { Verified } from './verified';

// The list of common passwords is large: it is loaded with the step that needs it.
const NewPassword = lazy(() => import('./new-password'));

/** The password that was given is replaced before anything else opens. */
export function ChangePasswordStep(props: SignInStepProps) {
  const { recoveryCodes } = props.flow.details;
  // Where this page was opened at this step, nothing was verified on it just now.
  const [goesOn, setGoesOn] = useState(props.before === undefined);
  if (!goesOn) {
    return (
      <Verified title="You are verified" text="One thing is left: the password that was given to you is replaced by one of your own." onLogIn={() => setGoesOn(true)}>
        {recoveryCodes && <RecoveryCodes codes={recoveryCodes} />}
      </Verified>
    );
  }
  return <NewPassword {...props} />;
}
