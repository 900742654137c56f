import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { JudgedNumber, NumberReason } from '../domain/number-check';
import { inTransaction } from './connection';

export type NumberCheckState = 'running' | 'done' | 'applying' | 'applied';

/** A look at all values of an attribute. Its work goes on after the last user it has seen. */
export interface NumberCheckRow {
  id: string;
  account_code: string;
  attribute: string;
  default_country: string | null;
  state: NumberCheckState;
  cursor: string;
  total: number;
  looked_at: number;
  usable: number;
  proposed: number;
  unusable: number;
  applied: number;
  created_at: number;
  updated_at: number;
}

/** A value that is not usable as it is, and whose it is. */
export interface CheckedValue {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly value: string;
  readonly proposal: string | null;
  readonly reason: NumberReason;
}

export interface AttributeValue {
  readonly user_id: string;
  readonly value: string;
}

/** The values of an attribute, of an account's people in the order of their ids. */
function valuesOf(db: Knex, { account_code, attribute }: Pick<NumberCheckRow, 'account_code' | 'attribute'>): Knex.QueryBuilder {
  return db('user_attributes').join('users', 'users.id', 'user_attributes.user_id').where({ 'users.account_code': account_code, 'user_attributes.name': attribute });
}

export async function insertNumberCheck(tx: Knex, check: Pick<NumberCheckRow, 'account_code' | 'attribute' | 'default_country'>, now: number): Promise<NumberCheckRow> {
  const [counted] = await valuesOf(tx, check).count<{ n: number | string }[]>({ n: '*' });
  const id = randomUUID();
  await tx('number_checks').insert({ id, ...check, state: 'running', total: Number(counted?.n ?? 0), created_at: now, updated_at: now });
  return (await findNumberCheck(tx, id))!;
}

export async function findNumberCheck(db: Knex, id: string): Promise<NumberCheckRow | undefined> {
  return db<NumberCheckRow>('number_checks').where({ id }).first();
}

/** An account's checks, the newest first. */
export async function latestNumberChecks(db: Knex, accountCode: string, most: number): Promise<NumberCheckRow[]> {
  return db<NumberCheckRow>('number_checks').where({ account_code: accountCode }).orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id', order: 'desc' }]).limit(most);
}

/** The next values after the last that were looked at. Both tables are read from there on: a merge of them begins at the first row otherwise. */
export async function nextValues(db: Knex, check: NumberCheckRow, most: number): Promise<AttributeValue[]> {
  return valuesOf(db, check).where('user_attributes.user_id', '>', check.cursor).where('users.id', '>', check.cursor).orderBy('user_attributes.user_id').limit(most).select<AttributeValue[]>('user_attributes.user_id', 'user_attributes.value');
}

/** Whether the check is where this caller saw it, which moves it on: of two workers at it one goes on. */
async function moveOn(tx: Knex, check: NumberCheckRow, change: Partial<NumberCheckRow>): Promise<boolean> {
  return (await tx('number_checks').where({ id: check.id, state: check.state, cursor: check.cursor }).update(change)) === 1;
}

/** Writes what a page of values came to. Returns whether this caller may go on. */
export async function recordJudged(db: Knex, check: NumberCheckRow, judged: readonly (AttributeValue & { readonly verdict: JudgedNumber })[], now: number): Promise<boolean> {
  const notable = judged.flatMap(({ user_id, value, verdict }) => (verdict.outcome === 'usable' ? [] : [{ check_id: check.id, user_id, value, proposal: verdict.outcome === 'proposed' ? verdict.proposal : null, reason: verdict.reason }]));
  const count = (outcome: JudgedNumber['outcome']): number => judged.filter(({ verdict }) => verdict.outcome === outcome).length;
  return inTransaction(db, async (tx) => {
    const moved = await moveOn(tx, check, {
      cursor: judged.at(-1)!.user_id, looked_at: check.looked_at + judged.length, usable: check.usable + count('usable'), proposed: check.proposed + count('proposed'),
      unusable: check.unusable + count('unusable'), updated_at: now,
    });
    if (moved && notable.length > 0) await tx('number_check_values').insert(notable);
    return moved;
  });
}

/** Ends a stretch of work. */
export async function finishNumberCheck(tx: Knex, check: NumberCheckRow, state: 'done' | 'applied', now: number): Promise<void> {
  await moveOn(tx, check, { state, updated_at: now });
}

/** Has the proposals of a check applied. Returns whether it was at rest. */
export async function beginApplying(tx: Knex, id: string, now: number): Promise<boolean> {
  return (await tx('number_checks').where({ id, state: 'done' }).update({ state: 'applying', cursor: '', updated_at: now })) === 1;
}

/** The next values with a proposal. */
export async function nextProposals(db: Knex, check: NumberCheckRow, most: number): Promise<{ user_id: string; value: string; proposal: string }[]> {
  return db('number_check_values').where({ check_id: check.id }).whereNotNull('proposal').where('user_id', '>', check.cursor).orderBy('user_id').limit(most).select('user_id', 'value', 'proposal');
}

/** Applies a page of proposals, each where its value is still the one that was looked at. Returns whether this caller may go on. */
export async function applyProposals(db: Knex, check: NumberCheckRow, proposals: readonly { user_id: string; value: string; proposal: string }[], now: number): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await moveOn(tx, check, { cursor: proposals.at(-1)!.user_id, updated_at: now }))) return false;
    let applied = 0;
    for (const { user_id, value, proposal } of proposals) applied += await tx('user_attributes').where({ user_id, name: check.attribute, value }).update({ value: proposal });
    await tx('number_checks').where({ id: check.id }).update({ applied: tx.raw('applied + ?', [applied]) });
    return true;
  });
}

/** A page of values that are not usable as they are, in the order of their people. */
export async function checkedValues(db: Knex, checkId: string, asked: { outcome?: 'proposed' | 'unusable' | undefined; after?: string | undefined; limit: number }): Promise<CheckedValue[]> {
  const query = db('number_check_values').join('users', 'users.id', 'number_check_values.user_id').where({ check_id: checkId }).orderBy('number_check_values.user_id').limit(asked.limit);
  if (asked.after !== undefined) query.where('number_check_values.user_id', '>', asked.after).where('users.id', '>', asked.after);
  if (asked.outcome === 'proposed') query.whereNotNull('proposal');
  if (asked.outcome === 'unusable') query.whereNull('proposal');
  return query.select<CheckedValue[]>('number_check_values.user_id', 'users.email', 'users.name', 'value', 'proposal', 'reason');
}
