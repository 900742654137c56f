import { factorsOf } from '../../db/factors';
import { findFlowByHandle } from '../../db/flows';
import { findSignIn } from '../../db/sign-ins';
import { isSignInEnding } from '../../domain/sign-in';
import { randomValueDigest } from '../../security/digests';
import { EngineRefusal } from '../engine';
import { endedProblem, Problem } from '../problems';
import type { SignInDependencies } from './dependencies';
import { actionsAt, visibleState, type SignInByHandle } from './view';

/** @throws Problem `flow-not-found` */
export async function findByHandle({ db }: SignInDependencies, handle: string): Promise<SignInByHandle> {
  const found = await findFlowByHandle(db, randomValueDigest(handle), 'sign-in');
  if (!found) throw new Problem('flow-not-found');
  return { ...found, signIn: await findSignIn(db, found.flow.id) };
}

export function tooSoon(resendAt: number | null, now: number): Problem {
  return new Problem('resend-too-soon', { headers: { 'Retry-After': String(Math.max(1, Math.ceil(((resendAt ?? now) - now) / 1000))) } });
}

/** Finds a flow where this is offered now. @throws Problem 410 for an ended flow, 409 out of order */
export async function expectAction(deps: SignInDependencies, handle: string, action: string): Promise<SignInByHandle> {
  const found = await findByHandle(deps, handle);
  const visible = visibleState(found, deps.clock());
  if (isSignInEnding(visible.step)) throw endedProblem(visible.step);
  const recoverable = action === 'recovery-code' && (await factorsOf(deps.db, found.flow.user_id ?? '')).recoveryCodes.length > 0;
  if (actionsAt(found, visible, recoverable).includes(action)) return found;
  if (action === 'resend' && visible.step === 'enter-passcode') throw new Problem('no-resend-left');
  throw new Problem('wrong-step', { detail: `This sign-in is at the step "${visible.step}", where "${action}" is not offered.` });
}

/** Runs a step; where the workflow refuses it, says why by the row as it is now. */
export async function translated<T>(deps: SignInDependencies, handle: string, action: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if (error.type === 'resend-too-soon') throw tooSoon((await findByHandle(deps, handle)).flow.resend_at, deps.clock());
    if (error.type === 'no-resend-left') throw new Problem('no-resend-left');
    await expectAction(deps, handle, action);
    throw new Problem(error.type === 'wrong-step' ? 'wrong-step' : 'request-in-progress');
  }
}
