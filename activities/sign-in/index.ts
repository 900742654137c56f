import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, findFlow, lockFlow, updateOpenFlow } from '../../db/flows';
import { dropMessagesOf, messagesOf } from '../../db/messages';
import { NOTICE_ROUND } from '../../db/notices';
import { endSecretsOfFlow } from '../../db/secrets';
import { findSignIn, stageOf, updateSignIn } from '../../db/sign-ins';
import { stepOf, type SignInEnding } from '../../domain/sign-in';
import type { Change, Entry, NewPassword, Verdict } from '../../workflows/sign-in/messages';
import { beating } from '../beating';
import { deliverAll, giveUpMessage, wasNeverTaken } from '../deliver';
import type { ActivityDependencies } from '../dependencies';
import { changePassword } from './change-password';
import { PASSCODE, preparePasscode } from './prepare';
import { NOTICES } from './stages';
import { verifySecondStep } from './verify';

interface Round {
  readonly flowId: string;
  readonly round: number;
}

/** A round as its flow's row shows it. `phone`: the number that is being enrolled, where it is another one than before. */
interface Begun extends Round {
  readonly expiresAt: number;
  readonly resendAt: number;
  readonly resendsLeft: number;
  readonly phone?: string;
}

type Request<T> = T & { readonly flowId: string; readonly updateId: string };

/** The side effects of signing in. Each is idempotent: called twice, it does once what it promises. */
export function createSignInActivities(deps: ActivityDependencies) {
  const { db, clock } = deps;

  return {
    /** Makes, stores and sends a round's passcode: at most one text message per request. `ended`: what ended the flow's row before it came to that. */
    async issuePasscode({ flowId, round }: Round): Promise<{ delivery: 'sent' | 'undeliverable'; ended: SignInEnding | null }> {
      return beating(async () => {
        const prepared = await preparePasscode(deps, flowId, round);
        if (prepared === 'ended') return { delivery: 'undeliverable', ended: ((await findFlow(db, flowId, 'sign-in'))?.outcome ?? null) as SignInEnding | null };
        if (prepared === 'queued') await deliverAll(deps, flowId, [PASSCODE], round);
        const messages = await messagesOf(db, flowId, [PASSCODE], round);
        return { delivery: messages.some(wasNeverTaken) ? 'undeliverable' : 'sent', ended: null };
      });
    },

    /** The time for sending is over: what is left in the queue is dropped, never sent stale. */
    async giveUpPasscode({ flowId, round }: Round): Promise<void> {
      for (const message of await messagesOf(db, flowId, [PASSCODE], round)) await giveUpMessage(deps, message, 'expired', 'not delivered in time');
    },

    /** Mirrors a new round in the flow's row, where people and lists read it. `outcome`: what had ended it before. */
    async beginPasscode({ flowId, round, expiresAt, resendAt, resendsLeft, phone }: Begun): Promise<{ outcome: SignInEnding | null }> {
      return inTransaction(db, async (tx) => {
        const flow = await lockFlow(tx, flowId, 'sign-in');
        if (!flow) throw new Error('The flow has no row.');
        if (flow.outcome !== null) return { outcome: flow.outcome as SignInEnding };
        const signIn = await findSignIn(tx, flowId);
        const position = signIn.position + (stageOf(signIn) === 'enrol-phone' ? 1 : 0);
        await updateOpenFlow(tx, flowId, { round, step: stepOf(stageOf({ ...signIn, position })), expires_at: expiresAt, resend_at: resendAt, asked_at: clock() });
        await updateSignIn(tx, flowId, { position, resends_left: resendsLeft, ...(phone === undefined ? {} : { phone }) });
        return { outcome: null };
      });
    },

    async verifySecondStep(attempt: Request<Entry>): Promise<Verdict> {
      return verifySecondStep(deps, attempt);
    },

    async changePassword(chosen: Request<NewPassword>): Promise<Change> {
      return changePassword(deps, chosen);
    },

    async sendSignInNotices({ flowId }: { flowId: string }): Promise<void> {
      await beating(() => deliverAll(deps, flowId, NOTICES, NOTICE_ROUND));
    },

    /** Ends the flow's row. What ended it earlier stays its outcome. */
    async endSignIn({ flowId, outcome }: { flowId: string; outcome: SignInEnding }): Promise<{ outcome: SignInEnding }> {
      return inTransaction(db, async (tx) => {
        const flow = await lockFlow(tx, flowId, 'sign-in');
        if (!flow) throw new Error('The flow has no row.');
        if (flow.outcome !== null) return { outcome: flow.outcome as SignInEnding };
        await endFlowRow(tx, flow, outcome);
        await endSecretsOfFlow(tx, flowId, outcome === 'expired' ? 'expired' : 'superseded');
        await dropMessagesOf(tx, flowId, NOTICES);
        await appendAudit(tx, { at: clock(), action: `sign-in.${outcome}`, accountCode: flow.account_code, flowId, subject: flow.person });
        return { outcome };
      });
    },
  };
}

export type SignInActivities = ReturnType<typeof createSignInActivities>;
