import type { Knex } from 'knex';
import type { AuditEntry } from '../../db/audit';
import { updateOpenFlow } from '../../db/flows';
import { finishSignIn } from '../../db/signed-in';
import { insertPassed, planOf, stageOf, updateSignIn, type SignInFlow, type SignInRow } from '../../db/sign-ins';
import { profileOfUser, secretTtlMs, type UserRow } from '../../db/users';
import { stageTtlMs, stepOf, type Stage } from '../../domain/sign-in';
import type { Moved } from '../../workflows/sign-in/messages';

/** What a sign-in owes the person to be told, whatever becomes of it. */
export const NOTICES = ['phone-enrolled', 'phone-changed', 'totp-enrolled', 'recovery-codes-issued', 'recovery-code-used', 'password-changed'];

/** A sign-in as a transaction holds it: nobody else changes it, or its person, until that ends. */
export interface Held {
  readonly flow: SignInFlow;
  readonly signIn: SignInRow;
  readonly user: UserRow;
}

/** What became of the session that a change or a step-up began in: what began there ends with it. Any other sign-in begins in none. */
export async function beganIn(tx: Knex, { signIn }: Pick<Held, 'signIn'>): Promise<'none' | 'live' | 'ended'> {
  if (signIn.session_id === null) return 'none';
  return (await tx('sessions').where({ id: signIn.session_id }).whereNull('ended_at').first('id')) === undefined ? 'ended' : 'live';
}

/** Where a sign-in stands, as its row says. */
export function movedTo({ flow, signIn }: Pick<Held, 'flow' | 'signIn'>): Moved {
  return { position: signIn.position, step: flow.step, expiresAt: flow.expires_at };
}

/**
 * Moves a sign-in past the stage it is at, in the caller's transaction; past the last one it makes the session.
 * @param passed - what passed it; `skip` stages after it are passed with it
 * @returns where it stands now, and audit records for the caller to append
 */
export async function passStage(tx: Knex, held: Held, passed: { entry: string; updateId: string; session: string; skip?: number }, now: number): Promise<Moved & { records: AuditEntry[] }> {
  const { flow, signIn, user } = held;
  const position = signIn.position + 1 + (passed.skip ?? 0);
  const next: Stage | undefined = planOf(signIn)[position];
  await insertPassed(tx, { flowId: flow.id, stage: stageOf(signIn)!, entry: passed.entry, updateId: passed.updateId });
  await updateSignIn(tx, flow.id, { position, wrong: 0, enrolment: next === 'confirm-totp' ? signIn.enrolment : null });
  const expiresAt = now + stageTtlMs(next, secretTtlMs(await profileOfUser(tx, user), 'code'));
  if (next === undefined) return { position, step: 'done', expiresAt, records: [await finishSignIn(tx, { flow, signIn, user, session: passed.session, now })] };
  await updateOpenFlow(tx, flow.id, { step: stepOf(next), expires_at: expiresAt });
  return { position, step: stepOf(next), expiresAt, records: [] };
}
