import type { Knex } from 'knex';
import type { Application, ResetEnding, ResetMethod, ResetStep, ResetVariant } from '../domain/password-reset';

export type HandleRole = 'start' | 'link' | 'proof';

/** What a handle from before the proof goes on showing after it, so that it never tells that proof was given. */
export interface FrozenView {
  step: ResetStep;
  expiresAt: number;
  resendAt: number | null;
  resendsLeft: number;
  wrongLeft: number;
}

/** One row of `flows`. Why nothing is sent stands in `silent`; null where everything may be. */
export interface FlowRow {
  id: string;
  kind: 'password-reset';
  account_code: string | null;
  application: Application;
  address: string;
  person: string;
  user_id: string | null;
  initiated_by: 'self' | 'administrator';
  methods: string;
  variant: ResetVariant | 'invitation' | null;
  step: ResetStep;
  outcome: string | null;
  round: number;
  silent: 'limited' | null;
  limits_checked: boolean | number;
  resend_at: number | null;
  asked_at: number | null;
  proven_at: number | null;
  created_at: number;
  expires_at: number;
  captcha: string | null;
}

export interface FlowByHandle {
  readonly flow: FlowRow;
  readonly role: HandleRole;
  readonly frozen: FrozenView | null;
  readonly handleDigest: string;
}

/** The methods that a flow offers. */
export function methodsOf(flow: FlowRow): ResetMethod[] {
  return flow.methods.split(',').filter(Boolean) as ResetMethod[];
}

export async function insertFlow(tx: Knex, flow: FlowRow, handles: readonly { digest: string; role: HandleRole }[]): Promise<void> {
  await tx('flows').insert(flow);
  await tx('flow_handles').insert(handles.map((handle) => ({ ...handle, flow_id: flow.id })));
}

export async function findFlow(db: Knex, id: string): Promise<FlowRow | undefined> {
  return db<FlowRow>('flows').where({ id }).first();
}

/** A flow that no other transaction changes until this one ends: on SQLite the transaction's write lock does that. */
export async function lockFlow(tx: Knex.Transaction, id: string): Promise<FlowRow | undefined> {
  const query = tx<FlowRow>('flows').where({ id });
  return tx.client.config.client === 'pg' ? query.forUpdate().first() : query.first();
}

/** One statement, so that a flow that moves on meanwhile is never seen with a handle from before. */
export async function findFlowByHandle(db: Knex, handleDigest: string): Promise<FlowByHandle | undefined> {
  const row = await db('flow_handles').join('flows', 'flows.id', 'flow_handles.flow_id').where('flow_handles.digest', handleDigest)
    .first<(FlowRow & { role: HandleRole; frozen: string | null }) | undefined>('flows.*', 'flow_handles.role', 'flow_handles.frozen');
  if (!row) return undefined;
  const { role, frozen, ...flow } = row;
  return { flow, role, frozen: frozen === null ? null : (JSON.parse(frozen) as FrozenView), handleDigest };
}

/** Changes a flow that has not ended. Returns whether there was one: a later ending never overwrites an earlier one. */
export async function updateOpenFlow(tx: Knex, id: string, change: Partial<FlowRow>, where: Partial<FlowRow> = {}): Promise<boolean> {
  return (await tx('flows').where({ id, ...where }).whereNull('outcome').update(change)) === 1;
}

/** Ends a flow that has not ended, and purges the passwords staged for it. Returns whether it ended now. */
export async function endFlowRow(tx: Knex, flow: Pick<FlowRow, 'id'>, outcome: ResetEnding): Promise<boolean> {
  if (!(await updateOpenFlow(tx, flow.id, { step: outcome, outcome }))) return false;
  await tx('staged_passwords').where({ flow_id: flow.id }).delete();
  return true;
}

/** Replaces what handles from before the proof show. Chosen by flow, or by person for flows already proven. */
export async function updateFrozen(tx: Knex, handleDigest: string, frozen: FrozenView): Promise<void> {
  await tx('flow_handles').where({ digest: handleDigest }).update({ frozen: JSON.stringify(frozen) });
}

/** Freezes every handle from before the proof and adds the one that goes on. */
export async function rotateHandle(tx: Knex, flow: FlowRow, frozen: FrozenView, proofDigest: string): Promise<void> {
  await tx('flow_handles').where({ flow_id: flow.id }).whereNot({ role: 'proof' }).update({ frozen: JSON.stringify(frozen) });
  await tx('flow_handles').insert({ digest: proofDigest, flow_id: flow.id, role: 'proof' });
}

/** A person's flows, locked in one order: two requests of a person wait for each other and never deadlock. */
export async function lockFlowsOf(tx: Knex.Transaction, person: string): Promise<FlowRow[]> {
  const query = tx<FlowRow>('flows').where({ person }).orderBy('id');
  return tx.client.config.client === 'pg' ? query.forUpdate() : query;
}

/** Whether `other` replaces `flow`: asked for later, by a request that no limit refused and that is more than an invitation. */
export function replaces(other: FlowRow, flow: FlowRow): boolean {
  if (other.id === flow.id || other.kind !== flow.kind || other.asked_at === null || other.silent !== null || other.variant === 'invitation') return false;
  const [theirs, ours] = [other.asked_at, flow.asked_at ?? 0];
  return theirs > ours || (theirs === ours && other.id > flow.id);
}

/**
 * Ends those of the person's flows that `flow` replaces and that are not proven. Proven ones go on, but what their first
 * handle shows is replaced as well, as it would be had nobody given proof.
 * @returns those that it ended
 */
export async function supersede(tx: Knex.Transaction, flow: FlowRow, others: readonly FlowRow[]): Promise<FlowRow[]> {
  const ended: FlowRow[] = [];
  for (const other of others) {
    if (other.variant === null || (other.variant !== 'invitation' && !replaces(flow, other))) continue;
    if (other.proven_at !== null) await freezeAsSuperseded(tx, other.id);
    else if (await updateOpenFlow(tx, other.id, { step: 'superseded', outcome: 'superseded' })) ended.push(other);
  }
  return ended;
}

async function freezeAsSuperseded(tx: Knex, flowId: string): Promise<void> {
  const handles = await tx<{ digest: string; flow_id: string; frozen: string | null }>('flow_handles').where({ flow_id: flowId }).whereNotNull('frozen');
  for (const handle of handles) {
    const frozen = JSON.parse(handle.frozen!) as FrozenView;
    if (frozen.step === 'locked' || frozen.step === 'cancelled') continue;
    await updateFrozen(tx, handle.digest, { ...frozen, step: 'superseded' });
  }
}

/** Flows that were never carried to a workflow and whose time is over. */
export async function expiredWithoutWorkflow(db: Knex, now: number, most: number): Promise<FlowRow[]> {
  return db<FlowRow>('flows').whereNull('outcome').whereIn('step', ['captcha', 'choose-method']).where({ initiated_by: 'self' }).where('expires_at', '<', now).limit(most);
}
