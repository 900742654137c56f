import { NewPasswordForm } from '../flow/new-password-form';
import type { ResetStepProps } from './step-props';

/** The last step: the password that is kept from now on. */
export default function NewPasswordStep({ flow, send, busy, error }: ResetStepProps) {
  const { policyContext } = flow.details;
  return policyContext ? <NewPasswordForm policy={policyContext} onSubmit={(body) => send({ action: 'password', body })} busy={busy} error={error} /> : null;
}
