import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { findAccount } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { contentContext, dropPurposeOf, insertMessage, messagesOf } from '../../db/messages';
import { endSecretsOfFlow, insertSecret, secretOf } from '../../db/secrets';
import { addConsent } from '../../db/sms-consents';
import { isMarked } from '../../db/sms-settings';
import { lockSubscriptions, optInOf, type OptInFlow, type SubscriptionRow } from '../../db/sms-subscriptions';
import { findUser, verifiedAddresses } from '../../db/users';
import { lastDigits } from '../../domain/sign-in';
import { SMS_TEXT_VERSION } from '../../domain/sms-texts';
import { secretDigest } from '../../security/digests';
import { seal } from '../../security/sealing';
import { newCode } from '../../security/secrets';
import type { MessageContent } from '../../templates';
import type { ActivityDependencies } from '../dependencies';
import { smsRefusal } from '../sms-limits';

/** The purposes of an opt-in's messages. */
export const CONFIRMATION = 'sms-confirmation';
export const INVITATION = 'sms-invitation';

const HOUR_MS = 60 * 60 * 1000;

/** An opt-in that is at this round, locked; undefined where it is over or has moved on. */
export async function openOptIn(tx: Knex.Transaction, flowId: string, round: number): Promise<{ row: SubscriptionRow; flow: OptInFlow } | undefined> {
  const [row] = await lockSubscriptions(tx, { flow_id: flowId });
  const flow = row && (await optInOf(tx, row));
  return flow && flow.outcome === null && flow.round === round ? { row, flow } : undefined;
}

function messageRow(deps: ActivityDependencies, flow: OptInFlow, round: number, content: MessageContent, channel: 'sms' | 'email', recipient: string) {
  const id = randomUUID();
  return {
    id, flow_id: flow.id, account_code: flow.account_code, purpose: content.purpose, round, person: flow.person, channel, recipient, state: 'queued' as const, why: null,
    created_at: deps.clock(), expires_at: flow.expires_at, sealed: seal(deps.keys, 'seal', JSON.stringify(content), contentContext(id)),
  };
}

/** Queues the invitation of a round to every verified address, once. */
export async function prepareInvitation(deps: ActivityDependencies, flowId: string, round: number): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const open = await openOptIn(tx, flowId, round);
    if (!open) return;
    const { row, flow } = open;
    const content: MessageContent = { purpose: INVITATION, program: row.program, lastDigits: lastDigits(row.e164), reminder: row.reminders > 0 };
    for (const address of await verifiedAddresses(tx, row.user_id)) await insertMessage(tx, messageRow(deps, flow, round, content, 'email', address));
  });
}

/**
 * Decides, once per round and in one transaction, whether the confirmation text is sent, and queues it.
 * @returns why nothing may be sent to this number now; null where something is, or was before, or the opt-in is over
 */
export async function prepareConfirmation(deps: ActivityDependencies, flowId: string, round: number): Promise<'limited' | 'number-refused' | 'cancelled' | null> {
  return inTransaction(deps.db, async (tx) => {
    const open = await openOptIn(tx, flowId, round);
    if (!open || (await secretOf(tx, flowId, round)) || (await messagesOf(tx, flowId, [CONFIRMATION], round)).length > 0) return null;
    const { row, flow } = open;
    const now = deps.clock();
    if ((await findUser(tx, row.user_id))?.status !== 'active') return 'cancelled';
    if (await isMarked(tx, row.e164)) return 'number-refused';
    const why = await smsRefusal(deps, tx, row.account_code, row.e164);
    const code = newCode();
    const hours = Math.max(1, Math.floor((flow.expires_at - now) / HOUR_MS));
    const account = (await findAccount(tx, row.account_code))!.name;
    const message = messageRow(deps, flow, round, { purpose: CONFIRMATION, program: row.program, account, code, hours, reminder: row.reminders > 0 }, 'sms', row.e164);
    await insertMessage(tx, why === undefined ? message : { ...message, state: 'suppressed', why, sealed: null });
    if (why === undefined) {
      await endSecretsOfFlow(tx, flowId, 'superseded');
      await insertSecret(tx, { flow_id: flowId, round, purpose: 'opt-in-code', person: flow.person, ...digested(), state: 'live', wrong: 0, expires_at: flow.expires_at });
      const evidence = { account_code: row.account_code, user_id: row.user_id, e164: row.e164, program: row.program, at: now, text_version: SMS_TEXT_VERSION };
      await addConsent(tx, { ...evidence, action: row.reminders > 0 ? 'reminded' : 'confirmation-sent', source: row.reminders > 0 ? 'clock' : 'page' });
    }
    await appendAudit(tx, { at: now, action: why === undefined ? 'sms-subscription.issued' : 'sms-subscription.suppressed', accountCode: row.account_code, flowId, subject: row.user_id, details: why === undefined ? { round } : { round, why } });
    return why === undefined ? null : 'limited';

    function digested(): { key_id: string; digest: string } {
      const { keyId, digest } = secretDigest(deps.keys, 'opt-in-code', { person: flow.person, flowId, round }, code);
      return { key_id: keyId, digest };
    }
  });
}

/** Drops what an earlier round has not sent: the newer one takes its place. */
export function dropEarlier(tx: Knex, flowId: string): Promise<void> {
  return dropPurposeOf(tx, flowId, CONFIRMATION);
}
