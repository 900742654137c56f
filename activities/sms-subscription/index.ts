import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { updateOpenFlow } from '../../db/flows';
import { messagesOf } from '../../db/messages';
import { addConsent } from '../../db/sms-consents';
import { honourRefusal, providerCode } from '../../db/sms-refusals';
import { lockSubscriptions, moveSubscription, optInOf } from '../../db/sms-subscriptions';
import type { EndedWhy, OptInEnding } from '../../domain/sms-subscription';
import type { CodeEntry, OptInVerdict, Sent } from '../../workflows/sms-subscription/messages';
import { beating } from '../beating';
import { deliverAll, wasNeverTaken } from '../deliver';
import type { ActivityDependencies } from '../dependencies';
import { judgeOptInCode } from './judge';
import { CONFIRMATION, dropEarlier, INVITATION, openOptIn, prepareConfirmation, prepareInvitation } from './prepare';

interface Round {
  readonly flowId: string;
  readonly round: number;
}

/** A round as its flow's row shows it. */
interface Begun extends Round {
  readonly expiresAt: number;
  readonly reminder: boolean;
  readonly accepted: boolean;
  readonly origin: string | null;
}

/** The side effects of opting in. Each is idempotent: called twice, it does once what it promises. */
export function createSmsSubscriptionActivities(deps: ActivityDependencies) {
  const { db, clock } = deps;

  async function deliveryOf(flowId: string, purpose: string, round: number): Promise<Sent['delivery']> {
    return (await messagesOf(db, flowId, [purpose], round)).every(wasNeverTaken) ? 'undeliverable' : 'sent';
  }

  /** Ends an opt-in whose number cannot be sent to. */
  async function refuse({ flowId, round }: Round, why: EndedWhy): Promise<void> {
    await inTransaction(db, async (tx) => {
      const open = await openOptIn(tx, flowId, round);
      if (!open) return;
      await moveSubscription(tx, open.row, { state: 'ended', why }, { action: 'refused', source: 'clock' }, clock());
      await appendAudit(tx, { at: clock(), action: 'sms-subscription.ended', accountCode: open.row.account_code, flowId, subject: open.row.user_id, details: { why } });
    });
  }

  return {
    /** Sends a round's invitation to every verified address. */
    async sendOptInInvitation({ flowId, round }: Round): Promise<Sent> {
      return beating(async () => {
        await prepareInvitation(deps, flowId, round);
        await deliverAll(deps, flowId, [INVITATION], round);
        return { delivery: await deliveryOf(flowId, INVITATION, round), ended: false };
      });
    },

    /** Sends a round's confirmation text: at most one. A provider that refuses the number ends the opt-in. */
    async sendConfirmation({ flowId, round }: Round): Promise<Sent> {
      return beating(async () => {
        const refused = await prepareConfirmation(deps, flowId, round);
        if (refused !== null) {
          await refuse({ flowId, round }, refused);
          return { delivery: 'undeliverable', ended: true };
        }
        await deliverAll(deps, flowId, [CONFIRMATION], round);
        const [message] = await messagesOf(db, flowId, [CONFIRMATION], round);
        const code = message?.state === 'failed' ? providerCode(message.why) : undefined;
        const ended = code === undefined ? [] : await inTransaction(db, (tx) => honourRefusal(tx, message!.recipient, code, clock()));
        return { delivery: await deliveryOf(flowId, CONFIRMATION, round), ended: ended.some(({ flow_id }) => flow_id === flowId) };
      });
    },

    /** Mirrors a new round in the rows. `outcome`: what had ended the opt-in before. */
    async beginOptInRound({ flowId, round, expiresAt, reminder, accepted, origin }: Begun): Promise<{ outcome: OptInEnding | null }> {
      return inTransaction(db, async (tx) => {
        const [row] = await lockSubscriptions(tx, { flow_id: flowId });
        const flow = row && (await optInOf(tx, row));
        if (!row || !flow || flow.outcome !== null) return { outcome: (flow?.outcome ?? 'ended') as OptInEnding };
        // Called before, by a worker that was killed.
        if (flow.round >= round) return { outcome: null };
        await dropEarlier(tx, flowId);
        await updateOpenFlow(tx, flowId, { round, expires_at: expiresAt, asked_at: clock(), ...(accepted ? { step: 'enter-code' } : {}) });
        await tx('sms_subscriptions').where({ id: row.id }).update({ reminders: row.reminders + (reminder ? 1 : 0), updated_at: clock() });
        if (accepted) await addConsent(tx, { account_code: row.account_code, user_id: row.user_id, e164: row.e164, program: row.program, at: clock(), action: 'asked', source: 'page', actor: row.user_id, origin });
        return { outcome: null };
      });
    },

    async judgeOptInCode(attempt: CodeEntry & { flowId: string; updateId: string }): Promise<OptInVerdict> {
      return judgeOptInCode(deps, attempt);
    },

    /** Ends the rows. What ended them earlier stays their outcome. */
    async endOptIn({ flowId, outcome, why }: { flowId: string; outcome: OptInEnding; why?: EndedWhy }): Promise<{ outcome: OptInEnding }> {
      return inTransaction(db, async (tx) => {
        const [row] = await lockSubscriptions(tx, { flow_id: flowId });
        const flow = row && (await optInOf(tx, row));
        if (!row || !flow || flow.outcome !== null) return { outcome: (flow?.outcome ?? 'ended') as OptInEnding };
        const state = outcome === 'lapsed' ? 'lapsed' : 'ended';
        await moveSubscription(tx, row, { state, ...(why ? { why } : {}) }, { action: state === 'lapsed' ? 'lapsed' : 'cancelled', source: 'clock' }, clock());
        await appendAudit(tx, { at: clock(), action: `sms-subscription.${state}`, accountCode: row.account_code, flowId, subject: row.user_id });
        return { outcome: state };
      });
    },
  };
}

export type SmsSubscriptionActivities = ReturnType<typeof createSmsSubscriptionActivities>;
