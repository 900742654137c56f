import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { inTransaction } from '../../db/connection';
import { handleInbound } from '../../db/sms-inbound';
import { honourRefusal } from '../../db/sms-refusals';
import type { SubscriptionRow } from '../../db/sms-subscriptions';
import { readReply, type Reply } from '../../domain/sms-replies';
import type { KeyRing } from '../../security/keys';
import { sendNotice } from '../notices';
import { tellEnded } from './engine';

interface ReceiveDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  readonly clock: () => number;
}

/** A text that came in. `optOutType`: the provider's own answer to a keyword, which it has sent (Twilio's Advanced Opt-Out). */
export interface ReceivedText {
  readonly providerId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly optOutType: string | undefined;
}

const OPT_OUT_TYPES: Readonly<Record<string, Reply['kind']>> = { STOP: 'stop', START: 'start', HELP: 'help' };

/** Takes a text that came in. What it moved stands when this returns; whoever waits for it is told, now or when the engine is back. */
export async function receiveText(deps: ReceiveDependencies, { optOutType, ...text }: ReceivedText): Promise<void> {
  const read = readReply(text.body);
  const kind = optOutType === undefined ? undefined : OPT_OUT_TYPES[optOutType.toUpperCase()];
  const reply = kind === undefined ? read : { kind, keyword: read.keyword };
  const { noticeId, moved } = await inTransaction(deps.db, (tx) => handleInbound(tx, deps.keys, { ...text, reply, answered: kind !== undefined }, deps.clock()));
  await tellAll(deps, moved);
  if (noticeId !== null) await sendNotice(deps.temporal, noticeId);
}

/** Honours a report that nothing can be sent to a number, or that its owner opted out at the provider. */
export async function honourReport(deps: ReceiveDependencies, e164: string, code: string): Promise<void> {
  await tellAll(deps, await inTransaction(deps.db, (tx) => honourRefusal(tx, e164, code, deps.clock())));
}

async function tellAll({ temporal }: ReceiveDependencies, moved: readonly SubscriptionRow[]): Promise<void> {
  await Promise.all(moved.map((row) => tellEnded(temporal, row)));
}
