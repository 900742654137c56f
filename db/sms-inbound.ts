import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Reply } from '../domain/sms-replies';
import { isLive } from '../domain/sms-subscription';
import { SMS_TEXT_VERSION } from '../domain/sms-texts';
import { addressDigest, keyedDigest } from '../security/digests';
import type { KeyRing } from '../security/keys';
import { seal } from '../security/sealing';
import { appendAudit } from './audit';
import { contentContext, insertMessage } from './messages';
import { newNoticeId } from './notices';
import { addConsent } from './sms-consents';
import { isStillTheNumber, lockSubscriptions, moveSubscription, type SubscriptionRow } from './sms-subscriptions';
import { findUser } from './users';

/** A text that came in, as the provider reports it. */
export interface InboundText {
  readonly providerId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly reply: Reply;
  /** The provider answers keywords itself. */
  readonly answered: boolean;
}

/** What a text came to: the notice that answers it, and what was moved, whose opt-ins under way have to be told. */
export interface Handled {
  readonly noticeId: string | null;
  readonly moved: readonly SubscriptionRow[];
}

type Answer = 'subscribed' | 'stopped' | 'help' | 'other';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A stop is confirmed within five minutes or not at all (47 CFR 64.1200(a)(12)). */
const ANSWER_TTL_MS = 5 * 60 * 1000;
const HELP_DAILY = 5;

async function answeredSince(tx: Knex, from: string, kind: Reply['kind'], since: number): Promise<number> {
  const [row] = await tx('sms_inbound').where({ from_e164: from, kind }).where('answered_at', '>', since).count<{ n: number | string }[]>({ n: '*' });
  return Number(row?.n ?? 0);
}

/** Whether a text to or from this number was ever ours: nobody else is answered. */
async function lastAccountOf(tx: Knex, e164: string): Promise<string | null | undefined> {
  const sent = await tx('messages').where({ recipient: e164, channel: 'sms' }).orderBy('created_at', 'desc').first<{ account_code: string | null } | undefined>('account_code');
  return sent?.account_code;
}

/**
 * Takes a text that came in, once, whatever it asks for: in one transaction its subscriptions are moved, the evidence is
 * written and the answer is queued. A text that is reported again changes nothing.
 */
export async function handleInbound(tx: Knex.Transaction, keys: KeyRing, text: InboundText, now: number): Promise<Handled> {
  const { providerId, from, reply } = text;
  const digest = keyedDigest(keys, 'idempotency', ['inbound', text.body], keys.oldest).digest;
  const added = await tx('sms_inbound').insert({ provider_id: providerId, from_e164: from, to_number: text.to, body_digest: digest, kind: reply.kind, at: now }).onConflict('provider_id').ignore().returning('provider_id');
  if (added.length === 0) return { noticeId: null, moved: [] };
  const rows = await lockSubscriptions(tx, { e164: from });
  const evidence = { source: 'sms', keyword: reply.keyword, inbound_id: providerId } as const;
  const moved: SubscriptionRow[] = [];
  const answer = await taken();
  const account = rows[0]?.account_code ?? (await lastAccountOf(tx, from));
  const noticeId = answer === null || text.answered || account === undefined ? null : await queueAnswer(answer, account);
  await appendAudit(tx, ...moved.map((row) => ({ at: now, action: `sms-subscription.${reply.kind}`, accountCode: row.account_code, flowId: row.flow_id, subject: row.user_id, details: { by: 'sms' } })));
  return { noticeId, moved };

  async function taken(): Promise<Answer | null> {
    if (reply.kind === 'stop') return stop();
    if (reply.kind === 'help') return (await answeredSince(tx, from, 'help', now - DAY_MS)) < HELP_DAILY ? 'help' : null;
    if (reply.kind === 'yes' && (await subscribe((row) => row.state === 'pending'))) return 'subscribed';
    if (reply.kind === 'start' && (await subscribe((row) => row.state !== 'active' && (row.state !== 'ended' || row.ended_why === 'stopped' || row.ended_why === 'provider-opt-out')))) return 'subscribed';
    return (await answeredSince(tx, from, reply.kind, now - DAY_MS)) === 0 ? 'other' : null;
  }

  async function stop(): Promise<Answer | null> {
    for (const row of rows.filter(({ state }) => isLive(state))) {
      await moveSubscription(tx, row, { state: 'ended', why: 'stopped' }, { action: 'stopped', ...evidence }, now);
      moved.push(row);
    }
    // Whoever says it again has been told.
    return moved.length > 0 || (await answeredSince(tx, from, 'stop', now - DAY_MS)) === 0 ? 'stopped' : null;
  }

  /** Subscribes who may be, and still has this number. */
  async function subscribe(may: (row: SubscriptionRow) => boolean): Promise<boolean> {
    for (const row of rows.filter(may)) {
      if (!(await isStillTheNumber(tx, row))) continue;
      await moveSubscription(tx, row, { state: 'active' }, { action: row.state === 'pending' ? 'confirmed' : 'restarted', text_version: SMS_TEXT_VERSION, ...evidence }, now);
      moved.push(row);
    }
    return moved.length > 0;
  }

  async function queueAnswer(kind: Answer, accountCode: string | null): Promise<string> {
    const [noticeId, id] = [newNoticeId(), randomUUID()];
    const owner = rows[0] && (await findUser(tx, rows[0].user_id));
    const content = { purpose: 'sms-answer', program: rows[0]?.program ?? 'continuity', answer: kind };
    await insertMessage(tx, {
      id, flow_id: noticeId, account_code: accountCode, purpose: 'sms-answer', round: 1, channel: 'sms', recipient: from, person: addressDigest(keys, owner?.email ?? from), state: 'queued', why: null,
      created_at: now, expires_at: now + ANSWER_TTL_MS, sealed: seal(keys, 'seal', JSON.stringify(content), contentContext(id)),
    });
    await tx('sms_inbound').where({ provider_id: providerId }).update({ answered_at: now });
    if (kind === 'help') for (const row of rows.filter(({ state }) => isLive(state))) await addConsent(tx, { account_code: row.account_code, user_id: row.user_id, e164: from, program: row.program, at: now, action: 'help', text_version: SMS_TEXT_VERSION, ...evidence });
    return noticeId;
  }
}
