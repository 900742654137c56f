import { randomUUID } from 'node:crypto';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, findFlow, lockFlow, updateOpenFlow } from '../../db/flows';
import { contentContext, dropMessagesOf, insertMessage, messagesOf } from '../../db/messages';
import { findUserByEmail, mailboxOf } from '../../db/users';
import type { ResetEnding } from '../../domain/password-reset';
import { seal } from '../../security/sealing';
import type { MessageContent } from '../../templates';
import type { Proof, Verdict } from '../../workflows/password-reset/messages';
import { beating } from '../beating';
import { deliverAll, giveUpMessage } from '../deliver';
import type { ActivityDependencies } from '../dependencies';
import { commitPassword, type Commit } from './commit';
import { ISSUED, prepareRound } from './prepare';
import { verifySecret } from './prove';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const FAILED = ['failed', 'undelivered', 'expired', 'unknown'];
const TAKEN = ['accepted', 'sent', 'delivered'];

interface Round {
  readonly flowId: string;
  readonly round: number;
}

/** The side effects of a reset. Each is idempotent: called twice, it does once what it promises. */
export function createPasswordResetActivities(deps: ActivityDependencies) {
  const { db, clock, keys } = deps;

  async function queueEmail(flowId: string, round: number, content: MessageContent, ttlMs: number): Promise<boolean> {
    return inTransaction(db, async (tx) => {
      const flow = await findFlow(tx, flowId);
      const user = flow && (await findUserByEmail(tx, flow.address));
      if (!flow || !user || user.status !== 'active') return false;
      const id = randomUUID();
      const added = await insertMessage(tx, {
        id, flow_id: flowId, account_code: flow.account_code, purpose: content.purpose, round, channel: 'email', recipient: mailboxOf(user), person: flow.person,
        state: 'queued', why: null, created_at: clock(), expires_at: clock() + ttlMs, sealed: seal(keys, 'seal', JSON.stringify(content), contentContext(id)),
      });
      if (added) await appendAudit(tx, { at: clock(), action: 'reset.issued', accountCode: flow.account_code, flowId, subject: flow.person, details: { purpose: content.purpose, round } });
      return true;
    });
  }

  /** Flows of the same person that this one's first message ended, while they can still be waiting. */
  async function supersededBy(flowId: string): Promise<string[]> {
    const flow = await findFlow(db, flowId);
    if (!flow || flow.silent !== null) return [];
    return db('flows').where({ person: flow.person, outcome: 'superseded' }).whereNot({ id: flowId }).where('expires_at', '>', clock()).pluck('id');
  }

  /** Where a text message failed for good, its owner is told by e-mail; who has used its code knows better. */
  async function explainFailure(flowId: string, round: number): Promise<boolean> {
    if ((await findFlow(db, flowId))?.proven_at !== null) return false;
    const failed = (await messagesOf(db, flowId, ['reset-code'], round)).some((message) => FAILED.includes(message.state));
    return failed && queueEmail(flowId, round, { purpose: 'reset-undelivered' }, HOUR_MS);
  }

  return {
    /** Makes, stores and sends what a round carries. `ended`: what ended the flow's row before it came to that. */
    async issueSecret({ flowId, round }: Round): Promise<{ delivery: 'sent' | 'silent' | 'undeliverable'; superseded: string[]; ended: ResetEnding | null }> {
      return beating(async () => {
        const prepared = await prepareRound(deps, flowId, round);
        if (prepared === 'sent') await deliverAll(deps, flowId, ISSUED, round);
        const superseded = await supersededBy(flowId);
        if (prepared !== 'sent') return { delivery: 'silent', superseded, ended: ((await findFlow(db, flowId))?.outcome ?? null) as ResetEnding | null };
        const states = (await messagesOf(db, flowId, ISSUED, round)).map((message) => message.state);
        if (!states.some((state) => FAILED.includes(state))) return { delivery: 'sent', superseded, ended: null };
        if (await explainFailure(flowId, round)) await deliverAll(deps, flowId, ['reset-undelivered'], round);
        return { delivery: 'undeliverable', superseded, ended: null };
      });
    },

    /** The time for sending is over: what is left in the queue is dropped, never sent stale. */
    async giveUp({ flowId, round }: Round): Promise<{ explain: boolean }> {
      for (const message of await messagesOf(db, flowId, ISSUED, round)) await giveUpMessage(deps, message, 'expired', 'not delivered in time');
      return { explain: await explainFailure(flowId, round) };
    },

    async deliverQueued({ flowId, round }: Round): Promise<void> {
      await beating(() => deliverAll(deps, flowId, ['reset-undelivered'], round));
    },

    /** A temporary password is about to end: whoever was sent it is told. */
    async remind({ flowId, round }: Round): Promise<void> {
      if (!(await messagesOf(db, flowId, ['reset-temporary-password'], round)).some((message) => TAKEN.includes(message.state))) return;
      await queueEmail(flowId, round, { purpose: 'temporary-password-expiring', hoursLeft: DAY_MS / HOUR_MS }, DAY_MS);
      await beating(() => deliverAll(deps, flowId, ['temporary-password-expiring'], round));
    },

    async sendNotices({ flowId }: { flowId: string }): Promise<void> {
      const flow = await findFlow(db, flowId);
      if (flow) await beating(() => deliverAll(deps, flowId, ['password-changed'], flow.round));
    },

    /** Mirrors a new round in the flow's row, where people and lists read it. */
    async beginRound(input: Round & { expiresAt: number; resendAt: number }): Promise<void> {
      await updateOpenFlow(db, input.flowId, { round: input.round, expires_at: input.expiresAt, resend_at: input.resendAt, asked_at: clock() });
    },

    async verifySecret(attempt: Proof & { flowId: string; updateId: string }): Promise<Verdict> {
      return verifySecret(deps, attempt);
    },

    async commitPassword(input: { flowId: string; stageId: string }): Promise<Commit> {
      return commitPassword(deps, input);
    },

    /** Ends the flow's row. What ended it earlier stays its outcome. */
    async endFlow({ flowId, outcome }: { flowId: string; outcome: ResetEnding }): Promise<{ outcome: ResetEnding }> {
      return inTransaction(db, async (tx) => {
        const flow = await lockFlow(tx, flowId);
        if (!flow) throw new Error('The flow has no row.');
        if (flow.outcome !== null) return { outcome: flow.outcome as ResetEnding };
        await endFlowRow(tx, flow, outcome);
        if (outcome === 'cancelled' || outcome === 'expired' || outcome === 'undeliverable') {
          await tx('flow_secrets').where({ flow_id: flowId, state: 'live' }).update({ state: outcome === 'cancelled' ? 'superseded' : 'expired' });
          await dropMessagesOf(tx, flowId, outcome === 'cancelled' ? [] : ['reset-undelivered']);
        }
        await appendAudit(tx, { at: clock(), action: `reset.${outcome}`, accountCode: flow.account_code, flowId, subject: flow.person });
        return { outcome };
      });
    },
  };
}

export type PasswordResetActivities = ReturnType<typeof createPasswordResetActivities>;
