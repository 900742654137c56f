import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findFlow, lockFlowsOf, replaces, supersede, updateOpenFlow, type FlowRow } from '../../db/flows';
import { contentContext, dropSecretsOf, insertMessage, messagesOf } from '../../db/messages';
import { countCodes, endSecretsOf, insertSecret, secretOf } from '../../db/secrets';
import { findUserByEmail, mailboxOf, profileOfAddress, profileOfUser, secretTtlMs, smsNumberOf, type UserRow } from '../../db/users';
import { parseMobileNumber } from '../../domain/phone';
import { proofStep, type ResetVariant } from '../../domain/password-reset';
import { secretDigest } from '../../security/digests';
import { seal } from '../../security/sealing';
import { linkHandle, newCode, newLinkToken, newTemporaryPassword } from '../../security/secrets';
import type { MessageContent } from '../../templates';
import type { ActivityDependencies } from '../dependencies';
import { smsRefusal } from '../sms-limits';

/** The purposes of what a round sends. */
export const ISSUED = ['reset-code', 'reset-link', 'reset-temporary-password', 'reset-no-number', 'reset-domain-password', 'reset-invitation'];

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** What a round comes to: a message with a secret, one that explains, or nothing, and why. */
type Plan =
  | { readonly kind: 'secret'; readonly channel: 'sms' | 'email'; readonly recipient: string }
  | { readonly kind: 'explain'; readonly purpose: 'reset-no-number' | 'reset-domain-password'; readonly recipient: string }
  | { readonly kind: 'invite'; readonly recipient: string }
  | { readonly kind: 'nothing'; readonly why: string; readonly refusedByLimit?: true };

const SECRETS: Record<ResetVariant, () => string> = { code: newCode, link: newLinkToken, 'temporary-password': newTemporaryPassword };

async function planSms(deps: ActivityDependencies, tx: Knex.Transaction, flow: FlowRow, user: UserRow): Promise<Plan> {
  const stored = await smsNumberOf(tx, user);
  const number = stored === null ? null : parseMobileNumber(stored);
  if (!number?.ok) return { kind: 'explain', purpose: 'reset-no-number', recipient: mailboxOf(user) };
  const why = await smsRefusal(deps, tx, user.account_code, number.e164);
  if (why !== undefined) return { kind: 'nothing', why };
  return flow.variant === 'invitation' ? { kind: 'invite', recipient: number.e164 } : { kind: 'secret', channel: 'sms', recipient: number.e164 };
}

async function plan(deps: ActivityDependencies, tx: Knex.Transaction, flow: FlowRow): Promise<Plan> {
  if (flow.silent) return { kind: 'nothing', why: flow.silent, refusedByLimit: true };
  // The number's cap, for an address that nobody has too: whether it refuses must not show who has a number.
  if (flow.variant === 'code' && (await countCodes(tx, flow.person, deps.clock() - DAY_MS)) >= deps.smsPerNumberDaily) return { kind: 'nothing', why: 'sms-number-cap', refusedByLimit: true };
  const user = await findUserByEmail(tx, flow.address);
  if (!user) return { kind: 'nothing', why: 'unknown' };
  if (user.status !== 'active') return { kind: 'nothing', why: 'disabled' };
  if (user.authentication === 'domain') return { kind: 'explain', purpose: 'reset-domain-password', recipient: mailboxOf(user) };
  if (flow.variant === 'code' || flow.variant === 'invitation') return planSms(deps, tx, flow, user);
  return { kind: 'secret', channel: 'email', recipient: mailboxOf(user) };
}

function contentFor(deps: ActivityDependencies, flow: FlowRow, variant: ResetVariant, secret: string, ttlMs: number): MessageContent {
  if (variant === 'code') return { purpose: 'reset-code', code: secret, minutes: ttlMs / MINUTE_MS };
  if (variant === 'link') {
    return { purpose: 'reset-link', url: `${deps.publicUrl}/password-resets/${linkHandle(deps.keys, flow.id)}#token=${secret}`, minutes: ttlMs / MINUTE_MS };
  }
  return { purpose: 'reset-temporary-password', email: flow.address, password: secret, hours: ttlMs / HOUR_MS, logonUrl: `${deps.publicUrl}/secure-messaging/log-in` };
}

/** Writes the row that the message is sent from. Returns what it is for. */
async function queueMessage(deps: ActivityDependencies, tx: Knex, flow: FlowRow, planned: Exclude<Plan, { kind: 'nothing' }>, withSecret: MessageContent, expiresAt: number): Promise<string> {
  const content: MessageContent = planned.kind === 'secret' ? withSecret : { purpose: planned.kind === 'invite' ? 'reset-invitation' : planned.purpose };
  const channel = planned.kind === 'secret' ? planned.channel : planned.kind === 'invite' ? 'sms' : 'email';
  const id = randomUUID();
  await insertMessage(tx, {
    id, flow_id: flow.id, account_code: flow.account_code, purpose: content.purpose, round: flow.round, person: flow.person, channel, recipient: planned.recipient,
    state: 'queued', why: null, created_at: deps.clock(), expires_at: expiresAt, sealed: seal(deps.keys, 'seal', JSON.stringify(content), contentContext(id)),
  });
  return content.purpose;
}

/**
 * Decides, once per round and in one transaction, what is sent, and queues it. Whatever the plan, a secret's row is
 * written: wrong entries count the same for an address that nobody has.
 */
export async function prepareRound(deps: ActivityDependencies, flowId: string, round: number): Promise<'sent' | 'silent' | 'ended'> {
  return inTransaction(deps.db, async (tx) => {
    const flows = await lockFlowsOf(tx, (await findFlow(tx, flowId))?.person ?? '');
    const flow = flows.find(({ id }) => id === flowId);
    if (!flow || flow.outcome !== null || flow.round !== round || flow.variant === null) return 'ended';
    if (await secretOf(tx, flowId, round)) return (await messagesOf(tx, flowId, ISSUED, round)).length > 0 ? 'sent' : 'silent';
    const now = deps.clock();
    const audit = { at: now, accountCode: flow.account_code, flowId, subject: flow.person };
    if (flow.silent === null && flows.some((other) => replaces(other, flow))) {
      await updateOpenFlow(tx, flowId, { step: 'superseded', outcome: 'superseded' });
      await appendAudit(tx, { ...audit, action: 'reset.superseded' });
      return 'ended';
    }
    const planned = await plan(deps, tx, flow);
    // A request that a limit refuses supersedes nothing, nor does an invitation: its person may be half-way through.
    const ended: FlowRow[] = [];
    if (planned.kind === 'nothing' && planned.refusedByLimit) await updateOpenFlow(tx, flowId, { silent: 'limited' });
    else if (flow.variant !== 'invitation') {
      ended.push(...(await supersede(tx, flow, flows)));
      await endSecretsOf(tx, flow.person);
      await dropSecretsOf(tx, flow.person, { flowId, round });
    }
    const user = await findUserByEmail(tx, flow.address);
    const profile = user ? await profileOfUser(tx, user) : (await profileOfAddress(tx, flow.address)).profile;
    const ttlMs = secretTtlMs(profile, flow.variant);
    const variant: ResetVariant = flow.variant === 'invitation' ? 'code' : flow.variant;
    const secret = SECRETS[variant]();
    const { keyId, digest } = secretDigest(deps.keys, variant, { person: flow.person, flowId, round }, secret);
    const state = planned.kind === 'secret' ? 'live' : 'unsent';
    await insertSecret(tx, { flow_id: flowId, round, purpose: variant, person: flow.person, key_id: keyId, digest, state, wrong: 0, expires_at: now + ttlMs });
    if (flow.variant !== 'invitation') await updateOpenFlow(tx, flowId, { step: proofStep(flow.variant) });
    // The end of the audit's chain is locked until the transaction ends: its records come after every other row.
    const superseded = ended.map((other) => ({ ...audit, flowId: other.id, action: 'reset.superseded' }));
    if (planned.kind === 'nothing') {
      await appendAudit(tx, ...superseded, { ...audit, action: 'reset.suppressed', details: { why: planned.why, round } });
      return 'silent';
    }
    const purpose = await queueMessage(deps, tx, flow, planned, contentFor(deps, flow, variant, secret, ttlMs), now + ttlMs);
    await appendAudit(tx, ...superseded, { ...audit, action: 'reset.issued', details: { purpose, round } });
    return 'sent';
  });
}
