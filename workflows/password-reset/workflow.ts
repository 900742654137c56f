import { setHandler } from '@temporalio/workflow';
import type { ResetEnding } from '../../domain/password-reset';
import { beginUpdate, cancelUpdate, endSignal, proveUpdate, resendUpdate, setPasswordUpdate, stateQuery, undeliveredSignal, type PasswordResetInput } from './messages';
import { PasswordReset } from './reset';

/**
 * One reset of a password, from the first message sent to its ending. Secrets never pass through here: activities make
 * and compare them, Updates carry digests. The same path, in the same time, is taken for an address nobody has.
 * An operator's *Cancel* ends it as `cancelled`; what has ended before, ends as it did.
 */
export async function passwordReset(input: PasswordResetInput): Promise<{ outcome: ResetEnding }> {
  const reset = new PasswordReset(input);
  setHandler(stateQuery, () => reset.state());
  setHandler(beginUpdate, () => reset.state());
  setHandler(endSignal, (ending) => reset.endFromOutside(ending));
  setHandler(undeliveredSignal, ({ round }) => reset.reportUndelivered(round));
  setHandler(proveUpdate, (proof) => reset.prove(proof), { validator: (_proof) => reset.expectSecretStep() });
  setHandler(resendUpdate, () => reset.resend(), { validator: () => reset.expectResend() });
  setHandler(setPasswordUpdate, ({ stageId }) => reset.setPassword(stageId), { validator: (_stage) => reset.expectStep('new-password') });
  setHandler(cancelUpdate, () => reset.cancel(), { validator: () => reset.expectOpen() });
  return reset.run();
}
