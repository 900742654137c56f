import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { endMovedNumbers, lapseForgotten } from '../../db/sms-upkeep';
import { tellEnded } from './engine';

/** Looks through subscriptions, a page each time it is called: whose number is another one, and what nobody ends. */
export function createUpkeep({ db, temporal, clock }: { db: Knex; temporal: Client; clock: () => number }): () => Promise<void> {
  let after = '';
  return async () => {
    const { ended, next } = await endMovedNumbers(db, after, clock());
    after = next ?? '';
    await Promise.all(ended.map((row) => tellEnded(temporal, row)));
    await lapseForgotten(db, clock());
  };
}
