import type { Knex } from 'knex';
import { accountTimeZone, type AccountRow } from '../../db/accounts';
import type { AlertFacts } from '../../domain/continuity/alerts';
import { instantOfEventTime } from '../../domain/continuity/times';
import type { previewSchema } from '../contract/continuity';
import type { z } from '../contract/zod';

type Draft = Pick<z.infer<typeof previewSchema>, 'name' | 'startsAt' | 'endsAt' | 'timeZone'>;

/** What the alerts of an event that is still being written are filled in with. One without a start begins now. */
export async function draftFacts(db: Knex, account: AccountRow, { name, startsAt, endsAt, ...draft }: Draft, now: number): Promise<AlertFacts> {
  const timeZone = draft.timeZone ?? (await accountTimeZone(db, account));
  const at = (time: string): number => instantOfEventTime(time, timeZone);
  return { eventName: name ?? null, startsAt: startsAt ? at(startsAt) : now, endsAt: endsAt ? at(endsAt) : null, timeZone };
}
