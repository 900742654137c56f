import { setHandler } from '@temporalio/workflow';
import type { OptInEnding } from '../../domain/sms-subscription';
import { acceptUpdate, beginUpdate, endSignal, enterCodeUpdate, remindUpdate, stateQuery, type SmsSubscriptionInput } from './messages';
import { OptIn } from './opt-in';

/**
 * Opting in to a recurring program: from the request or the invitation to a reply of YES, a code on the page, or silence.
 * What comes after, for years, is a row that no workflow has to watch. An operator's *Cancel* ends it as `ended`.
 */
export async function smsSubscription(input: SmsSubscriptionInput): Promise<{ outcome: OptInEnding }> {
  const flow = new OptIn(input);
  setHandler(stateQuery, () => flow.state());
  setHandler(beginUpdate, () => flow.state());
  setHandler(endSignal, (ending) => flow.endFromOutside(ending));
  setHandler(acceptUpdate, ({ origin }) => flow.accept(origin), { validator: (_accepted) => flow.expectStep('invited') });
  setHandler(enterCodeUpdate, (entry) => flow.enterCode(entry), { validator: (_entry) => flow.expectStep('enter-code') });
  setHandler(remindUpdate, () => flow.remind(), { validator: () => flow.expectReminder() });
  return flow.run();
}
