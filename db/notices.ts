import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Application } from '../domain/password-reset';
import type { SecondStepChange } from '../domain/texts';
import { addressDigest } from '../security/digests';
import type { KeyRing } from '../security/keys';
import { seal } from '../security/sealing';
import { contentContext, insertMessage, type MessageRow } from './messages';
import { verifiedAddresses } from './users';

/** What somebody is told at every verified address. It carries no secret. */
export type Notice =
  | { readonly purpose: 'password-changed'; readonly at: string; readonly application: Application }
  | { readonly purpose: SecondStepChange; readonly at: string; readonly lastDigits?: string };

/** What an account's notice addresses, or one number, are told without a flow. */
export type AccountNotice =
  /** The provider refuses our account. */
  | { readonly purpose: 'continuity-halted'; readonly why: string }
  /** An alert, as its author sees it on the own phone. */
  | { readonly purpose: 'continuity-test'; readonly text: string };

/** Whose notice it is, and the flow it belongs to. */
export type NoticeOf = Pick<MessageRow, 'flow_id' | 'account_code' | 'person' | 'round'> & { readonly userId: string };

/** What is told once has one round, whatever else its flow sends. */
export const NOTICE_ROUND = 1;

/** A notice is worth reading for this long. */
const NOTICE_TTL_MS = 24 * 60 * 60 * 1000;

/** Queues a notice to every verified address of a person, in the caller's transaction. Returns how many there are. */
export async function queueNotices(tx: Knex, keys: KeyRing, { userId, ...of }: NoticeOf, notice: Notice, now: number): Promise<number> {
  const recipients = await verifiedAddresses(tx, userId);
  for (const recipient of recipients) {
    const id = randomUUID();
    await insertMessage(tx, {
      id, ...of, purpose: notice.purpose, channel: 'email', recipient, state: 'queued', why: null, created_at: now, expires_at: now + NOTICE_TTL_MS,
      sealed: seal(keys, 'seal', JSON.stringify(notice), contentContext(id)),
    });
  }
  return recipients.length;
}

/** Queues a notice that belongs to no flow, in the caller's transaction. */
export async function queueNoticeTo(tx: Knex, keys: KeyRing, to: { id: string; accountCode: string; recipients: readonly string[]; channel: 'email' | 'sms' }, notice: AccountNotice, now: number): Promise<void> {
  for (const recipient of to.recipients) {
    const id = randomUUID();
    await insertMessage(tx, {
      id, flow_id: to.id, account_code: to.accountCode, purpose: notice.purpose, round: NOTICE_ROUND, channel: to.channel, recipient, person: addressDigest(keys, recipient), state: 'queued', why: null,
      created_at: now, expires_at: now + NOTICE_TTL_MS, sealed: seal(keys, 'seal', JSON.stringify(notice), contentContext(id)),
    });
  }
}

/** What a notice's messages belong to where it belongs to no flow. */
const NO_FLOW = 'notice-';
const WAITED_MS = 60_000;
const MOST_AT_ONCE = 100;

/** An id for a notice that belongs to no flow. */
export function newNoticeId(): string {
  return `${NO_FLOW}${randomUUID()}`;
}

/** Notices without a flow that are queued for a while, and still worth reading. */
export async function unsentNotices(db: Knex, now: number): Promise<string[]> {
  return db('messages').where({ state: 'queued' }).where('flow_id', 'like', `${NO_FLOW}%`).where('created_at', '<', now - WAITED_MS).where('expires_at', '>', now).distinct().limit(MOST_AT_ONCE).pluck('flow_id');
}
