import { sleep } from '@temporalio/workflow';
import type { PasswordResetInput } from '../../../workflows/password-reset/messages';
import { passwordReset as unchangedReset } from '../../../workflows/password-reset/workflow';
import type { SignInInput } from '../../../workflows/sign-in/messages';
import { signIn as unchangedSignIn } from '../../../workflows/sign-in/workflow';

/** The reset with a change that flows in progress do not survive: a timer that their histories do not have. */
export async function passwordReset(input: PasswordResetInput): Promise<unknown> {
  const reset = unchangedReset(input);
  await sleep('1 minute');
  return reset;
}

/** Signing in with the same change. */
export async function signIn(input: SignInInput): Promise<unknown> {
  const flow = unchangedSignIn(input);
  await sleep('1 minute');
  return flow;
}
