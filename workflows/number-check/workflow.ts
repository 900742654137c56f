import { proxyActivities } from '@temporalio/workflow';
import type { NumberCheckActivities } from '../../activities/number-check';
import type { NumberCheckInput } from './messages';

/** 200,000 values take a minute or two; an attempt goes on where the one before stopped, and a dead worker is seen after 8 s. */
const working = (summary: string) => proxyActivities<NumberCheckActivities>({
  startToCloseTimeout: '30 m',
  heartbeatTimeout: '8 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '60 s' },
  summary,
});

/** Looks at every value of an attribute, or applies what was proposed. How far it is stands in the table `number_checks`. */
export async function numberCheck({ checkId, work }: NumberCheckInput): Promise<void> {
  if (work === 'look') await working('Judge every value of the attribute').judgeNumbers({ checkId });
  else await working('Apply the proposals that were confirmed').applyNumberProposals({ checkId });
}
