import type { Knex } from 'knex';

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
}

export type NewMessage = Pick<MessageRow, 'id' | 'flow_id' | 'account_code' | 'purpose' | 'round' | 'channel' | 'recipient' | 'person' | 'state' | 'why' | 'sealed' | 'created_at' | 'expires_at'>;

/** Adds a message, once per flow, purpose, round and recipient. */
export async function insertMessage(tx: Knex, message: NewMessage): Promise<void> {
  await tx('messages').insert(message).onConflict(['flow_id', 'purpose', 'round', 'recipient']).ignore();
}

export async function findMessage(db: Knex, id: string): Promise<MessageRow | undefined> {
  return db<MessageRow>('messages').where({ id }).first();
}

export async function messagesOf(db: Knex, flowId: string, purposes: readonly string[], round: number): Promise<MessageRow[]> {
  return db<MessageRow>('messages').where({ flow_id: flowId, round }).whereIn('purpose', purposes).orderBy('id');
}

/** Claims a queued message: one compare-and-set statement, so that two senders never both send. */
export async function claimMessage(db: Knex, id: string, now: number): Promise<boolean> {
  const claimed = await db('messages').where({ id, state: 'queued' }).where('expires_at', '>', now).update({ state: 'attempting', attempts: db.raw('attempts + 1'), attempted_at: now });
  return claimed === 1;
}

/** Puts a claimed message back: the provider did not take it, and certainly not in part. */
export async function releaseMessage(db: Knex, id: string, why: string): Promise<void> {
  await db('messages').where({ id }).whereIn('state', ['attempting', 'unknown']).update({ state: 'queued', why });
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

/** Text messages since `since`, to a number or for an account: what the daily caps count. */
export async function countSms(db: Knex, where: { recipient: string } | { account_code: string }, since: number): Promise<number> {
  const row = await db('messages').where({ channel: 'sms', ...where }).where('created_at', '>', since).whereNotIn('state', ['suppressed', 'superseded']).count<{ n: number | string }[]>({ n: '*' });
  return Number(row[0]?.n ?? 0);
}

/** Drops what of the person's earlier requests has not gone out. */
export async function supersedeQueued(tx: Knex, person: string, exceptFlow: string, exceptRound: number): Promise<void> {
  await tx('messages').where({ person, state: 'queued' }).whereIn('purpose', ['reset-code', 'reset-link', 'reset-temporary-password'])
    .whereNot((q) => q.where({ flow_id: exceptFlow, round: exceptRound })).update({ state: 'superseded', sealed: null });
}
