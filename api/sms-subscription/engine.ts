import type { Client } from '@temporalio/client';
import type { OptInFlow, SubscriptionRow } from '../../db/sms-subscriptions';
import { programNames } from '../../domain/sms-texts';
import { smsSubscriptionWorkflowId } from '../../temporal.config';
import { beginUpdate, endSignal, SMS_SUBSCRIPTION, type OptInState } from '../../workflows/sms-subscription/messages';
import { beginFlow, tell } from '../engine';

/** Starts the opt-in's workflow, or finds it. */
export function begin(client: Client, flow: OptInFlow, row: SubscriptionRow): Promise<OptInState> {
  const invited = flow.initiated_by === 'administrator';
  return beginFlow(client, flow, {
    name: SMS_SUBSCRIPTION,
    workflowId: smsSubscriptionWorkflowId(flow.id),
    input: { flowId: flow.id, accountCode: row.account_code, program: row.program, invited },
    begin: beginUpdate,
    step: invited ? 'invited' : 'enter-code',
    summary: `Opting in to ${programNames[row.program]}, account ${row.account_code}`,
    details: [
      invited ? '**Begun by** an administrator, with an invitation by e-mail.' : '**Begun by** the person, on the account page.',
      'Its story stands in the tables `sms_consents` and `messages`, under the `flowId` of the input.',
      '*Request Cancellation* ends it: the person gets no notices.',
    ],
  });
}

/**
 * Tells an opt-in under way that its row was moved. Where the engine is away it finds out by itself, at the latest when
 * its time is over: the row is what counts.
 */
export async function tellEnded(client: Client, row: SubscriptionRow): Promise<void> {
  if (row.state !== 'pending' || row.flow_id === null) return;
  await tell(client, smsSubscriptionWorkflowId(row.flow_id), endSignal, 'ended').catch(() => undefined);
}
