import { factorsOf } from '../../db/factors';
import { claimPassed, stageOf } from '../../db/sign-ins';
import { findUser } from '../../db/users';
import { sessionOfFlow } from '../../db/sessions';
import { signInLimits } from '../../domain/sign-in';
import { candidateDigests, keyedDigest, randomValueDigest, type KeyedDigest } from '../../security/digests';
import type { KeyRing } from '../../security/keys';
import { normaliseRecoveryCode, recoveryCode, sessionToken } from '../../security/secrets';
import { signInWorkflowId } from '../../temporal.config';
import { changePasswordUpdate, proveUpdate, type Entry, type Verdict } from '../../workflows/sign-in/messages';
import { sendStep } from '../engine';
import { failedCriteria, isPassword, policyFor, stagePassword } from '../passwords';
import { endedProblem, Problem } from '../problems';
import type { SignInDependencies } from './dependencies';
import { expectAction, findByHandle, translated } from './find';
import { envelopeOf, type SignInByHandle, type SignInEnvelope } from './view';

/** What a step answers: the envelope, and the session's token where it signed somebody in. */
export interface SignInAnswer {
  readonly flow: SignInEnvelope;
  readonly session?: string;
}

/** What a recovery code is kept as. */
function recoveryDigest(keys: KeyRing, userId: string, code: string, keyId?: string): KeyedDigest {
  return keyedDigest(keys, 'recovery-code', [userId, normaliseRecoveryCode(code)], keyId);
}

/** The recovery codes that this Update would show. */
export function codesOf({ keys }: Pick<SignInDependencies, 'keys'>, flowId: string, updateId: string): string[] {
  return Array.from({ length: signInLimits.recoveryCodes }, (_, number) => recoveryCode(keys, flowId, updateId, number));
}

function digestsOf({ keys }: Pick<SignInDependencies, 'keys'>, { flow }: SignInByHandle, kind: Entry['kind'], typed: string): KeyedDigest[] {
  if (kind === 'recovery-code') return keys.ids.map((keyId) => recoveryDigest(keys, flow.user_id!, typed, keyId));
  return candidateDigests(keys, kind, { person: flow.person, flowId: flow.id, round: kind === 'totp' ? 0 : flow.round }, typed);
}

/** The answer of the Update that passed a stage: where the sign-in stands, and what only that Update's request is given. */
export async function answerOf(deps: SignInDependencies, handle: string, updateId: string): Promise<SignInAnswer> {
  const found = await findByHandle(deps, handle);
  const { flow } = found;
  const token = sessionToken(deps.keys, flow.id, updateId);
  const signedIn = (await sessionOfFlow(deps.db, flow.id))?.digest === randomValueDigest(token);
  const kept = new Set((await factorsOf(deps.db, flow.user_id!)).recoveryCodes.map(({ digest }) => digest));
  const recoveryCodes = codesOf(deps, flow.id, updateId).filter((code) => deps.keys.ids.some((keyId) => kept.has(recoveryDigest(deps.keys, flow.user_id!, code, keyId).digest)));
  const envelope = await envelopeOf(deps, handle, found);
  return {
    flow: recoveryCodes.length > 0 ? { ...envelope, details: { ...envelope.details, recoveryCodes } } : envelope,
    ...(signedIn ? { session: token } : {}),
  };
}

/** Where a step was passed by this very entry and nobody was told: because the answer was lost, or came too late. */
async function unanswered(deps: SignInDependencies, handle: string, entry: string, requestId: string): Promise<SignInAnswer | undefined> {
  const { flow, role } = await findByHandle(deps, handle);
  if (role !== 'proof') return undefined;
  const updateId = await claimPassed(deps.db, { flowId: flow.id, entry, requestId });
  return updateId === undefined ? undefined : answerOf(deps, handle, updateId);
}

function refused(verdict: Verdict): Problem {
  if (verdict.result === 'wrong') return new Problem('secret-wrong', { extra: { attemptsLeft: verdict.attemptsLeft } });
  return verdict.result === 'ended' ? endedProblem(verdict.outcome) : new Problem('wrong-step');
}

/** Sends a step. Where it is refused, or gets no answer, although it was taken for this very entry and nobody was told, it is answered now. */
async function passing(deps: SignInDependencies, handle: string, of: { entry: string; requestId: string; again?: () => Promise<boolean> }, step: () => Promise<Verdict>): Promise<SignInAnswer> {
  try {
    const verdict = await step();
    if (verdict.result === 'wrong') throw refused(verdict);
    const answer = await unanswered(deps, handle, of.entry, of.requestId);
    if (answer) return answer;
    throw verdict.result === 'right' ? new Problem('wrong-step') : refused(verdict);
  } catch (error) {
    const maybeTaken = error instanceof Problem && [409, 410, 503].includes(error.status);
    if (!maybeTaken || (of.again && !(await of.again()))) throw error;
    const answer = await unanswered(deps, handle, of.entry, of.requestId);
    if (answer) return answer;
    throw error;
  }
}

/** By what the same entry is known again. */
function entryDigest(keys: KeyRing, flowId: string, kind: Entry['kind'], typed: string): string {
  return keyedDigest(keys, 'passcode', ['entry', flowId, kind, typed], keys.oldest).digest;
}

/** What a person entered as a second step, as the workflow takes it: digests only. */
export function entryOf(deps: Pick<SignInDependencies, 'keys'>, found: SignInByHandle, kind: Entry['kind'], typed: string, requestId: string): Entry {
  const { keys } = deps;
  const { flow, signIn } = found;
  return {
    stage: stageOf(signIn)!, kind, round: flow.round, digests: digestsOf(deps, found, kind, typed),
    entry: entryDigest(keys, flow.id, kind, typed),
    session: randomValueDigest(sessionToken(keys, flow.id, requestId)),
    recoveryCodes: codesOf(deps, flow.id, requestId).map((code) => recoveryDigest(keys, flow.user_id!, code)),
  };
}

/** Carries what a person entered as a second step to the workflow. */
export async function enterSecondStep(deps: SignInDependencies, handle: string, kind: Entry['kind'], typed: string, requestId: string): Promise<SignInAnswer> {
  const entry = entryDigest(deps.keys, (await findByHandle(deps, handle)).flow.id, kind, typed);
  return passing(deps, handle, { entry, requestId }, async () => {
    const found = await expectAction(deps, handle, kind);
    return translated(deps, handle, kind, () => sendStep(deps.temporal, signInWorkflowId(found.flow.id), proveUpdate, requestId, entryOf(deps, found, kind, typed, requestId)));
  });
}

/** A password that a digest in the database would tell: all that is kept is that one was chosen. */
const CHOSEN = 'chosen';

/** Judges, hashes and stages the new password, and has the workflow save it. */
export async function enterNewPassword(deps: SignInDependencies, handle: string, input: { password: string; confirmation: string }, requestId: string): Promise<SignInAnswer> {
  const { db, keys, temporal } = deps;
  const again = async (): Promise<boolean> => {
    const { flow } = await findByHandle(deps, handle);
    return flow.user_id !== null && isPassword((await findUser(db, flow.user_id))?.password_hash, input.password);
  };
  return passing(deps, handle, { entry: CHOSEN, requestId, again }, async () => {
    const { flow, signIn } = await expectAction(deps, handle, 'new-password');
    if (input.password !== input.confirmation) throw new Problem('password-mismatch');
    const failures = await failedCriteria(db, keys, { id: signIn.completes ?? flow.id, person: flow.person }, await policyFor(db, flow, deps.brand), input.password);
    // The one that was given is never the one that is kept (ASVS 6.4.1).
    if (signIn.purpose === 'sign-in' && signIn.completes === null && (await again())) failures.push({ id: 'not-temporary', label: 'Not the temporary password' });
    if (failures.length > 0) throw new Problem('password-policy', { extra: { failures } });
    const stageId = await stagePassword(db, flow, input.password);
    const session = randomValueDigest(sessionToken(keys, flow.id, requestId));
    return translated(deps, handle, 'new-password', () => sendStep(temporal, signInWorkflowId(flow.id), changePasswordUpdate, requestId, { stage: 'change-password', stageId, entry: CHOSEN, session }));
  });
}
