import { setHandler } from '@temporalio/workflow';
import { ContinuityEvent } from './event';
import { approveUpdate, cancelUpdate, changeUpdate, endUpdate, startUpdate, stateQuery, updateUpdate, wakeSignal, type EventInput, type EventState } from './messages';

/**
 * One continuity event, from its planning to the last notice. Its rows lie in the database, and so do its texts and its
 * people; this owns its step and its clock, and has one broadcast run a phase.
 */
export async function continuityEvent(input: EventInput): Promise<{ outcome: EventState['step'] }> {
  const event = new ContinuityEvent(input);
  setHandler(stateQuery, () => event.state());
  setHandler(wakeSignal, () => event.wake());
  setHandler(approveUpdate, (asked) => event.approve(asked), { validator: (_asked) => event.expectOffered('approve') });
  setHandler(startUpdate, (asked) => event.start(asked), { validator: (_asked) => event.expectOffered('start') });
  setHandler(changeUpdate, (asked) => event.change(asked), { validator: (_asked) => event.expectOffered('change') });
  setHandler(updateUpdate, (asked) => event.update(asked), { validator: (_asked) => event.expectOffered('update') });
  setHandler(endUpdate, (asked) => event.end(asked), { validator: (_asked) => event.expectOffered('end') });
  setHandler(cancelUpdate, (asked) => event.cancel(asked), { validator: (_asked) => event.expectOffered('cancel') });
  return event.run();
}
