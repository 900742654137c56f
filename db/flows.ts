import type { Knex } from 'knex';
import type { Application, ResetEnding, ResetMethod, ResetStep, ResetVariant } from '../domain/password-reset';
import type { SignInEnding, SignInStep } from '../domain/sign-in';
import type { OptInEnding, OptInStep } from '../domain/sms-subscription';
import { locking } from './dialect';

export type HandleRole = 'start' | 'link' | 'proof';

/** The steps of each journey. Every journey has its rows in `flows`; a handle of one finds nothing of another. */
interface Steps {
  'password-reset': ResetStep;
  'sign-in': SignInStep;
  'sms-subscription': OptInStep;
}
export type FlowKind = keyof Steps;

/** What a handle from before the proof goes on showing after it, so that it never tells that proof was given. */
export interface FrozenView<Kind extends FlowKind = 'password-reset'> {
  step: Steps[Kind];
  expiresAt: number;
  resendAt: number | null;
  resendsLeft: number;
  wrongLeft: number;
}

/** One row of `flows`. Why nothing is sent stands in `silent`; null where everything may be. */
export interface FlowRow<Kind extends FlowKind = 'password-reset'> {
  id: string;
  kind: Kind;
  account_code: string | null;
  application: Application;
  address: string;
  person: string;
  user_id: string | null;
  initiated_by: 'self' | 'administrator';
  methods: string;
  variant: ResetVariant | 'invitation' | null;
  step: Steps[Kind];
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

export interface FlowByHandle<Kind extends FlowKind = 'password-reset'> {
  readonly flow: FlowRow<Kind>;
  readonly role: HandleRole;
  readonly frozen: FrozenView<Kind> | null;
  readonly handleDigest: string;
}

/** The methods that a flow offers. */
export function methodsOf(flow: FlowRow): ResetMethod[] {
  return flow.methods.split(',').filter(Boolean) as ResetMethod[];
}

/** Adds a flow. One that is reached by who is signed in has no handles. */
export async function insertFlow(tx: Knex, flow: FlowRow<FlowKind>, handles: readonly { digest: string; role: HandleRole }[]): Promise<void> {
  await tx('flows').insert(flow);
  if (handles.length > 0) await tx('flow_handles').insert(handles.map((handle) => ({ ...handle, flow_id: flow.id })));
}

export async function findFlow<Kind extends FlowKind = 'password-reset'>(db: Knex, id: string, kind = 'password-reset' as Kind): Promise<FlowRow<Kind> | undefined> {
  return db('flows').where({ id, kind }).first<FlowRow<Kind> | undefined>();
}

/** A flow that no other transaction changes until this one ends: on SQLite the transaction's write lock does that. */
export async function lockFlow<Kind extends FlowKind = 'password-reset'>(tx: Knex.Transaction, id: string, kind = 'password-reset' as Kind): Promise<FlowRow<Kind> | undefined> {
  return locking(tx, tx('flows').where({ id, kind })).first<FlowRow<Kind> | undefined>();
}

/** One statement, so that a flow that moves on meanwhile is never seen with a handle from before. */
export async function findFlowByHandle<Kind extends FlowKind = 'password-reset'>(db: Knex, handleDigest: string, kind = 'password-reset' as Kind): Promise<FlowByHandle<Kind> | undefined> {
  const row = await db('flow_handles').join('flows', 'flows.id', 'flow_handles.flow_id').where({ 'flow_handles.digest': handleDigest, 'flows.kind': kind })
    .first<(FlowRow<Kind> & { role: HandleRole; frozen: string | null }) | undefined>('flows.*', 'flow_handles.role', 'flow_handles.frozen');
  if (!row) return undefined;
  const { role, frozen, ...flow } = row;
  return { flow: flow as unknown as FlowRow<Kind>, role, frozen: frozen === null ? null : (JSON.parse(frozen) as FrozenView<Kind>), handleDigest };
}

/** Changes a flow that has not ended. Returns whether there was one: a later ending never overwrites an earlier one. */
export async function updateOpenFlow(tx: Knex, id: string, change: Partial<FlowRow<FlowKind>>, where: Partial<FlowRow<FlowKind>> = {}): Promise<boolean> {
  return (await tx('flows').where({ id, ...where }).whereNull('outcome').update(change)) === 1;
}

/** Ends a flow that has not ended, and purges the passwords staged for it. Returns whether it ended now. */
export async function endFlowRow(tx: Knex, flow: Pick<FlowRow, 'id'>, outcome: ResetEnding | SignInEnding | OptInEnding): Promise<boolean> {
  if (!(await updateOpenFlow(tx, flow.id, { step: outcome, outcome }))) return false;
  await tx('staged_passwords').where({ flow_id: flow.id }).delete();
  return true;
}

/** Replaces what handles from before the proof show. Chosen by flow, or by person for flows already proven. */
export async function updateFrozen(tx: Knex, handleDigest: string, frozen: FrozenView<FlowKind>): Promise<void> {
  await tx('flow_handles').where({ digest: handleDigest }).update({ frozen: JSON.stringify(frozen) });
}

/** Freezes what handles from before the proof show. */
export async function freezeHandles(tx: Knex, flow: Pick<FlowRow, 'id'>, frozen: FrozenView<FlowKind>): Promise<void> {
  await tx('flow_handles').where({ flow_id: flow.id }).whereNot({ role: 'proof' }).update({ frozen: JSON.stringify(frozen) });
}

/** Adds a handle, once. */
export async function addHandle(tx: Knex, flow: Pick<FlowRow, 'id'>, handle: { digest: string; role: HandleRole }): Promise<void> {
  await tx('flow_handles').insert({ ...handle, flow_id: flow.id }).onConflict('digest').ignore();
}

/** Freezes every handle from before the proof and adds the one that goes on. */
export async function rotateHandle(tx: Knex, flow: Pick<FlowRow, 'id'>, frozen: FrozenView<FlowKind>, proofDigest: string): Promise<void> {
  await freezeHandles(tx, flow, frozen);
  await tx('flow_handles').insert({ digest: proofDigest, flow_id: flow.id, role: 'proof' });
}

/** A person's flows of a kind, locked in one order: two requests of a person wait for each other and never deadlock. Who locks both kinds takes resets first. */
export async function lockFlowsOf<Kind extends FlowKind = 'password-reset'>(tx: Knex.Transaction, person: string, kind = 'password-reset' as Kind): Promise<FlowRow<Kind>[]> {
  return locking(tx, tx('flows').where({ person, kind }).orderBy('id')).select<FlowRow<Kind>[]>('*');
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
    else if (await endFlowRow(tx, other, 'superseded')) ended.push(other);
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

/** A workflow ends its flow's row when its time is over, or at the latest so much later: what is older has none. */
const LATE_MS = 60 * 60 * 1000;

/** Flows whose time is over and that no workflow ends: it never came to one, or its start failed and was not repeated. */
export async function expiredWithoutWorkflow(db: Knex, now: number, most: number): Promise<FlowRow<FlowKind>[]> {
  const beforeAny = (query: Knex.QueryBuilder): void => void query.whereIn('step', ['captcha', 'choose-method', 'enter-password']).where({ initiated_by: 'self' }).where('expires_at', '<', now);
  const neverStarted = (query: Knex.QueryBuilder): void => void query.where({ kind: 'sign-in' }).where('expires_at', '<', now - LATE_MS);
  return db('flows').whereNull('outcome').where((query) => query.where(beforeAny).orWhere(neverStarted)).limit(most).select<FlowRow<FlowKind>[]>('*');
}
