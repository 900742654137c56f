import type { Knex } from 'knex';
import type { AuthenticationType, SignInPurpose, Stage } from '../domain/sign-in';
import { insertFlow, type FlowRow, type HandleRole } from './flows';

export type SignInFlow = FlowRow<'sign-in'>;

/** What only a sign-in's flow has, beside its row in `flows`. */
export interface SignInRow {
  flow_id: string;
  purpose: SignInPurpose;
  authentication: AuthenticationType | null;
  /** The stages from the password to the application, by comma; null until the password. */
  plan: string | null;
  position: number;
  /** The reset whose temporary password was entered: choosing a new one completes it. */
  completes: string | null;
  /** The session that a change, or a step-up, began from: it is replaced. */
  session_id: string | null;
  /** The number that is being enrolled. */
  phone: string | null;
  /** The key of an authenticator that is being enrolled, sealed. */
  enrolment: string | null;
  resends_left: number;
  /** Wrong entries at the stage, where it has no secret's row to count them. */
  wrong: number;
}

/** What an authenticator's key is sealed for while it is being enrolled: this flow. */
export function enrolmentContext(flowId: string): string {
  return `totp/enrolment/${flowId}`;
}

export async function insertSignIn(tx: Knex, flow: SignInFlow, signIn: SignInRow, handles: readonly { digest: string; role: HandleRole }[]): Promise<void> {
  await insertFlow(tx, flow, handles);
  await tx('sign_ins').insert(signIn);
}

/** @throws Error where the flow is no sign-in */
export async function findSignIn(db: Knex, flowId: string): Promise<SignInRow> {
  const row = await db<SignInRow>('sign_ins').where({ flow_id: flowId }).first();
  if (!row) throw new Error('The sign-in has no row.');
  return row;
}

export async function updateSignIn(tx: Knex, flowId: string, change: Partial<SignInRow>): Promise<void> {
  await tx('sign_ins').where({ flow_id: flowId }).update(change);
}

export function planOf(signIn: Pick<SignInRow, 'plan'>): Stage[] {
  return (signIn.plan ?? '').split(',').filter(Boolean) as Stage[];
}

/** The stage a sign-in is at; undefined before the password and after the last one. */
export function stageOf(signIn: Pick<SignInRow, 'plan' | 'position'>): Stage | undefined {
  return planOf(signIn)[signIn.position];
}

/** Notes what passed a stage, and by which Update. */
export async function insertPassed(tx: Knex, passed: { flowId: string; stage: Stage; entry: string; updateId: string }): Promise<void> {
  await tx('sign_in_stages').insert({ flow_id: passed.flowId, stage: passed.stage, entry: passed.entry, update_id: passed.updateId });
}

/**
 * Claims the answer of a stage that was passed with this entry: one request is told so, also when it comes again because
 * its answer was lost or came too late. Others that entered the same are refused.
 * @returns the Update that passed it, or undefined where there is nothing to tell this request
 */
export async function claimPassed(db: Knex, passed: { flowId: string; entry: string; requestId: string }): Promise<string | undefined> {
  const row = { flow_id: passed.flowId, entry: passed.entry };
  await db('sign_in_stages').where(row).whereNull('request_id').update({ request_id: passed.requestId });
  const found = await db('sign_in_stages').where({ ...row, request_id: passed.requestId }).first<{ update_id: string } | undefined>('update_id');
  return found?.update_id;
}
