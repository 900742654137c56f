import { setHandler } from '@temporalio/workflow';
import type { SignInEnding } from '../../domain/sign-in';
import { beginUpdate, cancelUpdate, changePasswordUpdate, endSignal, enrolPhoneUpdate, proveUpdate, resendUpdate, stateQuery, undeliveredSignal, type SignInInput } from './messages';
import { SignIn } from './sign-in';

/**
 * What lasts of signing in, or of changing a second step: from the right password, which never comes here, to the
 * session. Secrets never pass through: activities make and compare them, Updates carry digests.
 * An operator's *Cancel* ends it as `cancelled`; what has ended before, ends as it did.
 */
export async function signIn(input: SignInInput): Promise<{ outcome: SignInEnding }> {
  const flow = new SignIn(input);
  setHandler(stateQuery, () => flow.state());
  setHandler(beginUpdate, () => flow.state());
  setHandler(endSignal, (ending) => flow.endFromOutside(ending));
  setHandler(undeliveredSignal, ({ round }) => flow.reportUndelivered(round));
  setHandler(enrolPhoneUpdate, ({ number }) => flow.enrolPhone(number), { validator: (_number) => flow.expectNumber() });
  setHandler(proveUpdate, (entry) => flow.prove(entry), { validator: ({ stage }) => flow.expectStage(stage) });
  setHandler(resendUpdate, () => flow.resend(), { validator: () => flow.expectResend() });
  setHandler(changePasswordUpdate, (chosen) => flow.changePassword(chosen), { validator: (_chosen) => flow.expectStage('change-password') });
  setHandler(cancelUpdate, () => flow.cancel(), { validator: () => flow.expectOpen() });
  return flow.run();
}
