import { claimAnswer } from '../../db/answers';
import { findFlow, updateFrozen, type FlowByHandle, type FrozenView } from '../../db/flows';
import { consumedTemporaryPassword, liveTemporaryPassword, secretsOf } from '../../db/secrets';
import type { ResetVariant } from '../../domain/password-reset';
import { candidateDigests, digestsEqual, randomValueDigest } from '../../security/digests';
import { proofHandle } from '../../security/secrets';
import { proveUpdate, type Verdict } from '../../workflows/password-reset/messages';
import { EngineRefusal } from '../engine';
import { endedProblem, Problem } from '../problems';
import type { ResetDependencies } from './dependencies';
import { sendStep } from './engine';

/** Who holds a genuine token of a link learns that it was used, replaced, or is too old. Nobody else does. */
export async function refuseGenuineButOver(deps: ResetDependencies, found: FlowByHandle, token: string): Promise<void> {
  for (const secret of await secretsOf(deps.db, found.flow.id)) {
    const candidates = candidateDigests(deps.keys, 'link', { person: secret.person, flowId: secret.flow_id, round: secret.round }, token);
    if (secret.purpose !== 'link' || !candidates.some((candidate) => digestsEqual(candidate.digest, secret.digest))) continue;
    if (secret.state === 'consumed') throw new Problem('link-used');
    if (secret.state === 'superseded') throw new Problem('link-superseded');
    if (secret.state === 'expired' || secret.expires_at <= deps.clock()) throw new Problem('link-expired');
  }
}

/** A temporary password entered with no handle of the flow that sent it: on another device, or sent by an administrator. */
async function flowToProve(deps: ResetDependencies, found: FlowByHandle, variant: ResetVariant): Promise<FlowByHandle['flow']> {
  if (variant !== 'temporary-password' || found.flow.variant !== null) return found.flow;
  const secret = await liveTemporaryPassword(deps.db, found.flow.person, deps.clock());
  const flow = secret && (await findFlow(deps.db, secret.flow_id));
  if (!flow || flow.outcome !== null) throw new Problem('secret-wrong');
  return flow;
}

/**
 * What was entered may have been taken although its request got no answer: the worker was away and carried it out
 * later. Whoever enters the same again goes on, once.
 * @returns the handle that goes on, or undefined where nothing waits to be answered
 */
export async function unansweredProof(deps: ResetDependencies, found: FlowByHandle, variant: ResetVariant, typed: string, updateId: string): Promise<string | undefined> {
  const ofAnotherFlow = variant === 'temporary-password' && found.flow.variant === null;
  const flow = await findFlow(deps.db, ofAnotherFlow ? ((await consumedTemporaryPassword(deps.db, found.flow.person))?.flow_id ?? '') : found.flow.id);
  if (flow?.step !== 'new-password') return undefined;
  const flowId = flow.id;
  const right = await deps.db('proof_attempts').where({ flow_id: flowId, verdict: JSON.stringify({ result: 'right' } satisfies Verdict) }).first<{ update_id: string } | undefined>('update_id');
  const secret = (await secretsOf(deps.db, flowId)).find(({ state }) => state === 'consumed');
  if (!right || secret?.purpose !== variant) return undefined;
  const candidates = candidateDigests(deps.keys, variant, { person: secret.person, flowId, round: secret.round }, typed);
  if (!candidates.some((candidate) => digestsEqual(candidate.digest, secret.digest))) return undefined;
  const handle = proofHandle(deps.keys, flowId, right.update_id);
  // The task that judged it may have been lost with its answer: sent again, it brings the workflow to where the row is.
  await sendStep(deps.temporal, flowId, proveUpdate, right.update_id, { round: secret.round, digests: candidates, proofHandle: randomValueDigest(handle) }).catch(ignoreRefusal);
  return (await claimAnswer(deps.db, flowId, 'proof', updateId)) ? handle : undefined;
}

/** A workflow that refuses a repeated proof is past it. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EngineRefusal)) throw error;
}

/** After the proof the earlier handles answer as if none had been given. */
async function answerFrozen(deps: ResetDependencies, found: FlowByHandle, frozen: FrozenView): Promise<never> {
  const wrongLeft = frozen.wrongLeft - 1;
  await updateFrozen(deps.db, found.handleDigest, { ...frozen, wrongLeft, step: wrongLeft > 0 ? frozen.step : 'locked' });
  throw wrongLeft > 0 ? new Problem('secret-wrong', { extra: { attemptsLeft: wrongLeft } }) : new Problem('flow-locked');
}

/**
 * Carries what a person entered to the workflow, as digests.
 * @returns the handle that goes on
 * @throws Problem `secret-wrong`, or the flow's ending
 */
export async function prove(deps: ResetDependencies, found: FlowByHandle, variant: ResetVariant, typed: string, updateId: string): Promise<string> {
  if (found.frozen && found.role !== 'proof') {
    const unanswered = await unansweredProof(deps, found, variant, typed, updateId);
    if (unanswered) return unanswered;
    if (variant === 'link') throw new Problem('secret-wrong');
    return answerFrozen(deps, found, found.frozen);
  }
  const flow = await flowToProve(deps, found, variant);
  const binding = { person: flow.person, flowId: flow.id, round: flow.round };
  const digests = candidateDigests(deps.keys, variant, binding, typed);
  const ofAnotherFlow = flow.id !== found.flow.id;
  if ((variant === 'link' || ofAnotherFlow) && !(await secretsOf(deps.db, flow.id)).some((secret) => digests.some((candidate) => digestsEqual(candidate.digest, secret.digest)))) {
    // At least 100 random bits are not guessed: what is not genuine needs no counting and must not end an owner's flow.
    throw new Problem('secret-wrong');
  }
  const handle = proofHandle(deps.keys, flow.id, updateId);
  const judged = sendStep(deps.temporal, flow.id, proveUpdate, updateId, { round: flow.round, digests, proofHandle: randomValueDigest(handle) });
  const verdict = await judged.catch(async (error: unknown) => {
    const unanswered = error instanceof EngineRefusal && error.type === 'wrong-step' ? await unansweredProof(deps, found, variant, typed, updateId) : undefined;
    if (unanswered === undefined) throw error;
    return { result: 'unanswered', handle: unanswered } as const;
  });
  if (verdict.result === 'unanswered') return verdict.handle;
  // Somebody who entered the same at the same time may have been told already.
  if (verdict.result === 'right' && (await claimAnswer(deps.db, flow.id, 'proof', updateId))) return handle;
  if (verdict.result === 'right') throw new Problem('secret-wrong');
  if (verdict.result === 'wrong') {
    const unanswered = verdict.provenBefore ? await unansweredProof(deps, found, variant, typed, updateId) : undefined;
    if (unanswered !== undefined) return unanswered;
    throw new Problem('secret-wrong', { extra: { attemptsLeft: verdict.attemptsLeft } });
  }
  throw endedProblem(verdict.outcome);
}
