import { NewPasswordForm } from '../flow/new-password-form';
import type { SignInStepProps } from './step-props';

/** The form for the password in the place of the one that was given. */
export default function NewPassword({ flow, send, busy, error }: SignInStepProps) {
  const { policyContext } = flow.details;
  return policyContext ? (
    <NewPasswordForm
      policy={policyContext} lead="The password that you logged in with was given to you. Choose one that only you know." busy={busy} error={error}
      onSubmit={(body) => send({ action: 'new-password', body })}
    />
  ) : null;
}
