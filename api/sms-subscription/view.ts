import type { Knex } from 'knex';
import { messagesOf } from '../../db/messages';
import { optInOf, type OptInFlow, type SubscriptionRow } from '../../db/sms-subscriptions';
import type { FlowEnvelope } from '../../domain/flow';
import { parseMobileNumber } from '../../domain/phone';
import { lastDigits } from '../../domain/sign-in';
import { isOptInEnding, optInLimits, type OptInStep } from '../../domain/sms-subscription';
import { programNames, programTerms } from '../../domain/sms-texts';
import { iso } from '../iso';

export type SubscriptionEnvelope = FlowEnvelope<OptInStep>;

/** A number as a page shows it to whom it belongs. */
export function numberView(e164: string, country: string): { display: string; country: string; lastDigits: string } {
  const parsed = parseMobileNumber(e164);
  return { display: parsed.ok ? parsed.display : e164, country, lastDigits: lastDigits(e164) };
}

/** The step that a row's state stands for. */
function stepOf(row: SubscriptionRow, flow: OptInFlow | undefined): OptInStep {
  if (row.state !== 'pending') return row.state;
  return flow?.step ?? 'lapsed';
}

/** What is offered: the code only to whom the number belongs, the end of it to administrators too. */
function actionsAt(step: OptInStep, row: SubscriptionRow): string[] {
  if (step === 'invited') return ['accept', 'stop'];
  if (step === 'enter-code') return ['code', ...(row.reminders < optInLimits.reminders ? ['remind'] : []), 'stop'];
  return step === 'active' ? ['stop'] : [];
}

async function deliveryOf(db: Knex, flow: OptInFlow): Promise<'sending' | 'sent' | 'undeliverable'> {
  const [message] = await messagesOf(db, flow.id, ['sms-confirmation'], flow.round);
  if (!message || ['queued', 'attempting', 'unknown'].includes(message.state)) return 'sending';
  return ['accepted', 'sent', 'delivered'].includes(message.state) ? 'sent' : 'undeliverable';
}

/** A subscription as every answer shows it. `sender`: the number that a text which lifts a carrier's opt-out goes to. */
export async function envelopeOf(db: Knex, row: SubscriptionRow, sender: string): Promise<SubscriptionEnvelope> {
  const flow = await optInOf(db, row);
  const step = stepOf(row, flow);
  return {
    id: row.id, kind: 'sms-subscription', step, expiresAt: isOptInEnding(step) || !flow ? null : iso(flow.expires_at),
    actions: actionsAt(step, row).map((name) => ({ name, method: 'POST', href: `/api/sms-subscriptions/${row.id}/${name}` })),
    details: {
      account: row.account_code, user: row.user_id, program: row.program, programName: programNames[row.program], terms: programTerms(row.program), state: row.state, since: iso(row.since),
      endedWhy: row.ended_why, number: numberView(row.e164, row.country), remindersLeft: Math.max(0, optInLimits.reminders - row.reminders),
      ...(step === 'enter-code' && flow ? { delivery: await deliveryOf(db, flow) } : {}),
      ...(row.ended_why === 'provider-opt-out' || row.ended_why === 'stopped' ? { liftBy: `Your carrier may block our texts since you opted out. Send START from your phone to ${sender}.` } : {}),
    },
  };
}
