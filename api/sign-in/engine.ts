import type { Client } from '@temporalio/client';
import { planOf, type SignInFlow, type SignInRow } from '../../db/sign-ins';
import { stepOf, type SignInPurpose } from '../../domain/sign-in';
import { applicationNames } from '../../domain/texts';
import { signInWorkflowId } from '../../temporal.config';
import { beginUpdate, SIGN_IN, undeliveredSignal, type SignInState } from '../../workflows/sign-in/messages';
import { beginFlow, tell } from '../engine';

/** What a flow of this kind is, as its summary begins. */
const purposes: Record<SignInPurpose, string> = {
  'sign-in': 'Signing in', 'change-phone': 'Changing the mobile number', 'enrol-totp': 'Enrolling an authenticator app', 'recovery-codes': 'Making recovery codes',
  'change-password': 'Changing the password',
};

/** Starts the sign-in's workflow, or finds it, and answers its first step after the password. */
export function begin(client: Client, flow: SignInFlow, signIn: SignInRow, passcodeTtlMs: number): Promise<SignInState> {
  const plan = planOf(signIn);
  return beginFlow(client, flow, {
    name: SIGN_IN,
    workflowId: signInWorkflowId(flow.id),
    input: { flowId: flow.id, accountCode: flow.account_code, application: flow.application, purpose: signIn.purpose, plan, passcodeTtlMs },
    begin: beginUpdate,
    step: stepOf(plan[0]),
    summary: `${purposes[signIn.purpose]}, ${applicationNames[flow.application]}, account ${flow.account_code}`,
    details: [
      `**Asks for**, after the password: ${plan.map(stepOf).join(', ')}.`,
      'Its story stands in the tables `audit` and `messages`, under the `flowId` of the input.',
      '*Request Cancellation* ends it; its page then says so.',
    ],
  });
}

/** Tells the workflow that the passcode of a round reached nobody. */
export function reportUndelivered(client: Client, message: { readonly flow_id: string; readonly round: number }): Promise<void> {
  return tell(client, signInWorkflowId(message.flow_id), undeliveredSignal, { round: message.round });
}
