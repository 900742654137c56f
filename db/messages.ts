import type { Knex } from 'knex';
import type { SmsLength } from '../domain/sms-segments';
import type { FlowKind } from './flows';

/** The states of delivery.md's row, in the order a message can reach them; a message never moves backwards. */
const RANK = { queued: 0, attempting: 1, unknown: 2, accepted: 3, sent: 4, delivered: 5, undelivered: 5, failed: 5, suppressed: 5, superseded: 5, expired: 5 } as const;
export type MessageState = keyof typeof RANK;

export interface MessageRow {
  id: string;
  flow_id: string;
  account_code: string | null;
  purpose: string;
  round: number;
  channel: 'sms' | 'email';
  recipient: string;
  person: string;
  state: MessageState;
  why: string | null;
  attempts: number;
  attempted_at: number | null;
  provider_id: string | null;
  sealed: string | null;
  created_at: number;
  expires_at: number;
  /** Of a text, once it was first attempted, as are its encoding and the country it goes to. */
  segments: number | null;
  encoding: SmsLength['encoding'] | null;
  country: string | null;
}

export type NewMessage = Pick<MessageRow, 'id' | 'flow_id' | 'account_code' | 'purpose' | 'round' | 'channel' | 'recipient' | 'person' | 'state' | 'why' | 'sealed' | 'created_at' | 'expires_at'>;

/** The purposes whose message carries a secret, by journey. */
const WITH_SECRET: Record<FlowKind, readonly string[]> = { 'password-reset': ['reset-code', 'reset-link', 'reset-temporary-password'], 'sign-in': ['sign-in-passcode'], 'sms-subscription': ['sms-confirmation'] };

/** What a message says, sealed in its row until it is accepted or expired. */
export function contentContext(messageId: string): string {
  return `message/${messageId}`;
}

/** Adds a message, once per flow, purpose, round and recipient. Returns whether it was added now. */
export async function insertMessage(tx: Knex, message: NewMessage): Promise<boolean> {
  const added = await tx('messages').insert(message).onConflict(['flow_id', 'purpose', 'round', 'recipient']).ignore().returning('id');
  return added.length === 1;
}

export async function findMessage(db: Knex, id: string): Promise<MessageRow | undefined> {
  return db<MessageRow>('messages').where({ id }).first();
}

export async function messagesOf(db: Knex, flowId: string, purposes: readonly string[], round: number): Promise<MessageRow[]> {
  return db<MessageRow>('messages').where({ flow_id: flowId, round }).whereIn('purpose', purposes).orderBy('id');
}

/** The ids of what a flow has still to send. */
export async function undeliveredOf(db: Knex, flowId: string): Promise<string[]> {
  return db('messages').where({ flow_id: flowId }).whereIn('state', ['queued', 'attempting', 'unknown']).whereNotNull('sealed').orderBy(['created_at', 'id']).pluck('id');
}

/** Messages of which a secret, where they carry one, is still accepted, and whose text nobody has dropped. */
function sendable(db: Knex, id: string): Knex.QueryBuilder {
  const accepted = db('flow_secrets').where({ 'flow_secrets.state': 'live' }).whereRaw('flow_secrets.flow_id = messages.flow_id AND flow_secrets.round = messages.round');
  return db('messages').where({ id }).whereNotNull('sealed').where((q) => q.whereNotIn('purpose', Object.values(WITH_SECRET).flat()).orWhereExists(accepted));
}

export async function isSendable(db: Knex, id: string): Promise<boolean> {
  return (await sendable(db, id).first('id')) !== undefined;
}

/** Claims a queued message that is still of use: one compare-and-set statement, so that two senders never both send. */
export async function claimMessage(db: Knex, id: string, now: number): Promise<boolean> {
  const claimed = await sendable(db, id).where({ state: 'queued' }).where('expires_at', '>', now)
    .update({ state: 'attempting', attempts: db.raw('attempts + 1'), attempted_at: now });
  return claimed === 1;
}

/** Notes how long a text is, which is known only as long as it is not erased, and where it goes: what it costs is estimated by both. */
export async function noteText(db: Knex, id: string, { segments, encoding }: SmsLength, country: string | null): Promise<void> {
  await db('messages').where({ id }).update({ segments, encoding, country });
}

/** Puts a claimed message back: the provider did not take it, and certainly not in part. One dropped meanwhile is not sent again. */
export async function releaseMessage(db: Knex, id: string, why: string): Promise<void> {
  await db('messages').where({ id }).whereIn('state', ['attempting', 'unknown']).update({ state: db.raw("CASE WHEN sealed IS NULL THEN 'superseded' ELSE 'queued' END"), why });
}

/** Moves a message forward. Once nobody has to send it again its sealed content is erased. */
export async function moveMessage(db: Knex, id: string, to: MessageState, change: { why?: string | null; providerId?: string } = {}): Promise<boolean> {
  const earlier = (Object.keys(RANK) as MessageState[]).filter((state) => RANK[state] < RANK[to]);
  const update: Partial<MessageRow> = { state: to };
  if (change.why !== undefined) update.why = change.why;
  if (change.providerId !== undefined) update.provider_id = change.providerId;
  if (RANK[to] >= RANK.accepted) update.sealed = null;
  return (await db('messages').where({ id }).whereIn('state', earlier).update(update)) === 1;
}

/** Whether another message to the person is on its way right now: the last one delivered must be the valid one. */
export async function otherAttemptUnderway(db: Knex, message: MessageRow, since: number): Promise<boolean> {
  const other = await db('messages').where({ person: message.person, state: 'attempting', channel: message.channel }).whereNot({ id: message.id }).where('attempted_at', '>', since).first('id');
  return other !== undefined;
}

/** Those of a provider's ids that are known to be messages of ours. */
export async function ownProviderIds(db: Knex, providerIds: readonly string[]): Promise<string[]> {
  return db('messages').whereIn('provider_id', providerIds).pluck('provider_id');
}

/** Text messages since `since`, to a number or for an account: what the daily caps count. */
export async function countSms(db: Knex, where: { recipient: string } | { account_code: string }, since: number): Promise<number> {
  const row = await db('messages').where({ channel: 'sms', ...where }).where('created_at', '>', since).whereNotIn('state', ['suppressed', 'superseded']).count<{ n: number | string }[]>({ n: '*' });
  return Number(row[0]?.n ?? 0);
}

/** Drops what carries a secret of the person's earlier requests of a journey, in favour of one round or, where the password was set, of none. */
export async function dropSecretsOf(tx: Knex, person: string, except?: { flowId: string; round: number }, kind: FlowKind = 'password-reset'): Promise<void> {
  await drop(tx, 'superseded', (query) => {
    query.where({ person }).whereIn('purpose', WITH_SECRET[kind]);
    if (except) query.whereNot((q) => q.where({ flow_id: except.flowId, round: except.round }));
  });
}

/** Drops what a flow that has ended has not sent, but for some purposes. */
export async function dropMessagesOf(tx: Knex, flowId: string, exceptPurposes: readonly string[]): Promise<void> {
  await drop(tx, 'expired', (query) => query.where({ flow_id: flowId }).whereNotIn('purpose', exceptPurposes));
}

/** Drops what a flow has not sent of one purpose: a newer one takes its place. */
export async function dropPurposeOf(tx: Knex, flowId: string, purpose: string): Promise<void> {
  await drop(tx, 'superseded', (query) => query.where({ flow_id: flowId, purpose }));
}

/** What is in the queue ends. What is on its way keeps its state, for its sender to settle, but nobody can send it again. */
async function drop(tx: Knex, to: MessageState, chosen: (query: Knex.QueryBuilder) => void): Promise<void> {
  await tx('messages').where({ state: 'queued' }).where(chosen).update({ state: to, sealed: null });
  await tx('messages').whereIn('state', ['attempting', 'unknown']).where(chosen).update({ sealed: null });
}
