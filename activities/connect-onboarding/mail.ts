import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { noticeRecipients } from '../../db/accounts';
import { contentContext, insertMessage, undeliveredOf } from '../../db/messages';
import { addressDigest } from '../../security/digests';
import { seal } from '../../security/sealing';
import { connectOnboardingWorkflowId } from '../../temporal.config';
import type { MessageContent } from '../../templates';
import { deliver } from '../deliver';
import type { ActivityDependencies } from '../dependencies';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What somebody is told is worth reading for this long. */
const NOTICE_TTL_MS = 3 * DAY_MS;

export interface Mail {
  readonly accountCode: string;
  readonly content: MessageContent;
  /** Of mails with the same purpose and round, each recipient gets one. */
  readonly round: number;
  readonly recipients: readonly string[];
  readonly expiresAt: number;
}

/** Writes the rows that mails are sent from. Returns how many are new. */
export async function queueMail(deps: ActivityDependencies, tx: Knex, mail: Mail): Promise<number> {
  let added = 0;
  for (const recipient of mail.recipients) {
    const id = randomUUID();
    const isNew = await insertMessage(tx, {
      id, flow_id: connectOnboardingWorkflowId(mail.accountCode), account_code: mail.accountCode, purpose: mail.content.purpose, round: mail.round, channel: 'email', recipient,
      person: addressDigest(deps.keys, recipient), state: 'queued', why: null, created_at: deps.clock(), expires_at: mail.expiresAt,
      sealed: seal(deps.keys, 'seal', JSON.stringify(mail.content), contentContext(id)),
    });
    if (isNew) added += 1;
  }
  return added;
}

/** Queues a notice for those who get the account's notices. Returns how many. */
export async function queueNotice(deps: ActivityDependencies, tx: Knex, accountCode: string, content: MessageContent, round: number): Promise<number> {
  return queueMail(deps, tx, { accountCode, content, round, recipients: await noticeRecipients(tx, accountCode), expiresAt: deps.clock() + NOTICE_TTL_MS });
}

/** Whether something is still to be sent. */
export async function hasMail(db: Knex, accountCode: string): Promise<boolean> {
  return (await undeliveredOf(db, connectOnboardingWorkflowId(accountCode))).length > 0;
}

/** Tries everything that an onboarding has to send, each on its own. @returns the first reason to try again later, or null */
export async function deliverMail(deps: ActivityDependencies, accountCode: string): Promise<Error | null> {
  let postponed: Error | null = null;
  for (const id of await undeliveredOf(deps.db, connectOnboardingWorkflowId(accountCode))) {
    await deliver(deps, id).catch((error: Error) => void (postponed ??= error));
  }
  return postponed;
}
