import { sleep } from '@temporalio/workflow';
import type { PasswordResetInput } from '../../../workflows/password-reset/messages';
import { passwordReset as unchanged } from '../../../workflows/password-reset/workflow';

/** The reset with a change that flows in progress do not survive: a timer that their histories do not have. */
export async function passwordReset(input: PasswordResetInput): Promise<unknown> {
  const reset = unchanged(input);
  await sleep('1 minute');
  return reset;
}
