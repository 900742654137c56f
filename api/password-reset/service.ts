import { appendAudit } from '../../db/audit';
import { claimAnswer } from '../../db/answers';
import { inTransaction } from '../../db/connection';
import { findFlowByHandle, methodsOf, updateFrozen, updateOpenFlow, type FlowByHandle } from '../../db/flows';
import { profileOfAddress, secretTtlMs } from '../../db/users';
import type { FlowEnvelope } from '../../domain/flow';
import { evaluatePassword } from '../../domain/password-policy';
import { isEnding, limits, proofStep, variantFor, type Application, type ResetMethod, type ResetStep, type ResetVariant } from '../../domain/password-reset';
import { randomValueDigest } from '../../security/digests';
import { cancelUpdate, resendUpdate, setPasswordUpdate } from '../../workflows/password-reset/messages';
import { EngineRefusal, updateIdFor } from '../engine';
import { iso } from '../iso';
import { failedCriteria, policyFor, savedUnanswered, stagePassword } from '../passwords';
import { endedProblem, Problem, type ProblemSlug } from '../problems';
import { steadily } from '../steady';
import { captchaDetails, captchaText, isRightAnswer, newCaptcha } from './captcha';
import type { ResetDependencies } from './dependencies';
import { begin, sendBareStep, sendStep } from './engine';
import { prove, refuseGenuineButOver, unansweredProof } from './prove';
import { answeringRepeats } from './repeats';
import { requestByAdministrator, startReset } from './start';
import { actionsAt, envelope, visibleState } from './view';

type Envelope = FlowEnvelope<ResetStep>;

/** Refusals of what was entered, although it may have been taken for this very request or one that got no answer. */
const MAYBE_TAKEN: readonly ProblemSlug[] = ['secret-wrong', 'request-in-progress', 'engine-unavailable'];

function tooSoon(resendAt: number | null, now: number): Problem {
  return new Problem('resend-too-soon', { headers: { 'Retry-After': String(Math.max(1, Math.ceil(((resendAt ?? now) - now) / 1000))) } });
}

/** A person's steps, in the order they are taken. Every method answers the envelope or throws a `Problem`. */
export function createPasswordResetService(deps: ResetDependencies) {
  const { db, keys, clock } = deps;

  async function find(handle: string): Promise<FlowByHandle> {
    const found = await findFlowByHandle(db, randomValueDigest(handle));
    if (!found) throw new Problem('flow-not-found');
    return found;
  }

  async function details(found: FlowByHandle): Promise<Record<string, unknown>> {
    const { flow } = found;
    const { step, resendAt, resendsLeft } = visibleState(found, clock());
    if (step === 'captcha') return { captcha: captchaDetails(keys, flow.id, flow.captcha!) };
    if (step === 'choose-method') {
      const methods = methodsOf(flow);
      return methods.length > 0 ? { methods } : { methods, help: (await profileOfAddress(db, flow.address)).profile.help_contact };
    }
    if (step === 'enter-code' || step === 'follow-link' || step === 'enter-temporary-password') {
      return { method: step === 'enter-code' ? 'sms' : 'email', resend: { availableAt: iso(resendAt), left: resendsLeft } };
    }
    if (step !== 'new-password') return {};
    const policy = await policyFor(db, flow, deps.brand);
    return { policy: evaluatePassword('', policy).map(({ id, label }) => ({ id, label })), policyContext: policy };
  }

  async function view(handle: string): Promise<Envelope> {
    const found = await find(handle);
    return envelope(handle, found, visibleState(found, clock()), { application: found.flow.application, ...(await details(found)) });
  }

  /** Refuses what is not offered now: 410 for an ended flow, 409 out of order. */
  async function expect(handle: string, action: string): Promise<FlowByHandle> {
    const found = await find(handle);
    const visible = visibleState(found, clock());
    if (isEnding(visible.step)) throw endedProblem(visible.step);
    if (!actionsAt(found, visible).includes(action)) {
      if (action === 'resend' && visible.resendsLeft <= 0) throw new Problem('no-resend-left');
      throw new Problem('wrong-step', { detail: `This reset is at the step "${visible.step}", where "${action}" is not offered.` });
    }
    return found;
  }

  /** Runs a step; where the workflow refuses it, says why by the row as it is now. */
  async function translated<T>(handle: string, action: string, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      if (error.type === 'resend-too-soon') throw tooSoon((await find(handle)).flow.resend_at, clock());
      if (error.type === 'no-resend-left') throw new Problem('no-resend-left');
      const found = await expect(handle, action);
      // Proof was given meanwhile: this handle goes on as if it had not.
      if (found.frozen && found.role !== 'proof' && action !== 'resend' && action !== 'cancel') throw new Problem('secret-wrong');
      throw new Problem(error.type === 'wrong-step' ? 'wrong-step' : 'request-in-progress');
    }
  }

  /** Carries the choice of a method to the engine. @throws Problem where it is refused */
  async function chooseMethod(handle: string, method: ResetMethod): Promise<void> {
    const { flow } = await expect(handle, 'method');
    if (!methodsOf(flow).includes(method)) throw new Problem('method-not-offered');
    const variant = variantFor(flow.application, method);
    // The engine may have taken the first choice although its answer was lost.
    if (flow.variant !== null && flow.variant !== variant) throw new Problem('request-in-progress', { detail: 'Your first choice is still being carried out: choose it again.' });
    const { profile } = await profileOfAddress(db, flow.address);
    const ttlMs = secretTtlMs(profile, variant);
    // Counted once per flow, also when the engine was away and the person tries again.
    if (await updateOpenFlow(db, flow.id, { limits_checked: true }, { limits_checked: false })) {
      if (!(await deps.limits.send(flow.person, flow.account_code))) await updateOpenFlow(db, flow.id, { silent: 'limited' });
    }
    const now = clock();
    await updateOpenFlow(db, flow.id, { variant, expires_at: now + ttlMs, resend_at: now + limits.resendAfterMs, asked_at: now });
    const { expiresAt, resendAt } = await translated(handle, 'method', () => begin(deps.temporal, flow, { flowId: flow.id, accountCode: flow.account_code, application: flow.application, variant, ttlMs }, proofStep(variant)));
    await updateOpenFlow(db, flow.id, { step: proofStep(variant) }, { step: 'choose-method' });
    // The workflow decides by its own times, which began when a worker took it.
    await updateOpenFlow(db, flow.id, { expires_at: expiresAt, resend_at: resendAt }, { round: 1, proven_at: null });
  }

  /** Saves a new password. @throws Problem where it is refused, or was saved for somebody else's request */
  async function savePassword(handle: string, input: { password: string; confirmation: string }, updateId: string): Promise<void> {
    const { flow } = await expect(handle, 'password');
    if (input.password !== input.confirmation) throw new Problem('password-mismatch');
    const failures = await failedCriteria(db, keys, flow, await policyFor(db, flow, deps.brand), input.password);
    if (failures.length > 0) throw new Problem('password-policy', { extra: { failures } });
    const stageId = await stagePassword(db, flow, input.password);
    const { outcome, saved } = await translated(handle, 'password', () => sendStep(deps.temporal, flow.id, setPasswordUpdate, updateId, { stageId }));
    if (!saved || !(await claimAnswer(db, flow.id, 'password', updateId))) throw endedProblem(outcome);
  }

  const steps = answeringRepeats(deps, {
    view,
    requestByAdministrator: (input: { userId: string; method: ResetMethod; application: Application }) => requestByAdministrator(deps, input),

    async start(input: { email: string; application: Application; origin: string }): Promise<Envelope> {
      return view(await startReset(deps, input));
    },

    async captcha(handle: string, answer: string): Promise<Envelope> {
      const { flow } = await expect(handle, 'captcha');
      const right = await isRightAnswer(keys, flow.id, flow.captcha!, answer);
      // Single use, right or wrong: only the request that finds it unchanged takes it.
      const next = right ? { captcha: null, step: 'choose-method' as const } : { captcha: await newCaptcha(keys, flow.id) };
      const taken = await updateOpenFlow(db, flow.id, next, { captcha: flow.captcha });
      if (!taken) throw new Problem('request-in-progress');
      if (!right) throw new Problem('captcha-wrong');
      return view(handle);
    },

    async method(handle: string, method: ResetMethod, idempotencyKey?: string): Promise<Envelope> {
      const updateId = updateIdFor(keys, handle, 'method', idempotencyKey);
      try {
        await chooseMethod(handle, method);
        await claimAnswer(db, (await find(handle)).flow.id, 'method', updateId);
      } catch (error) {
        const { flow } = await find(handle);
        const taken = error instanceof Problem && error.slug === 'wrong-step' && flow.variant === variantFor(flow.application, method) && (await claimAnswer(db, flow.id, 'method', updateId));
        if (!taken) throw error;
      }
      return view(handle);
    },

    async prove(handle: string, variant: ResetVariant, typed: string, idempotencyKey?: string): Promise<Envelope> {
      const updateId = updateIdFor(keys, handle, variant, idempotencyKey);
      try {
        const found = await expect(handle, variant);
        return await view(await translated(handle, variant, () => prove(deps, found, variant, typed, updateId)));
      } catch (error) {
        if (error instanceof Problem && MAYBE_TAKEN.includes(error.slug)) {
          const unanswered = await unansweredProof(deps, await find(handle), variant, typed, updateId);
          if (unanswered) return view(unanswered);
        }
        // Looked at after the refusal, so that a loser of a race is told as well. What got no answer is not over.
        if (variant === 'link' && error instanceof Problem && error.slug !== 'flow-not-found' && error.slug !== 'engine-unavailable') await refuseGenuineButOver(deps, await find(handle), typed);
        throw error;
      }
    },

    async password(handle: string, input: { password: string; confirmation: string }, idempotencyKey?: string): Promise<Envelope> {
      const updateId = updateIdFor(keys, handle, 'password', idempotencyKey);
      try {
        await savePassword(handle, input, updateId);
      } catch (error) {
        const saved = error instanceof Problem && error.slug === 'flow-done' && (await savedUnanswered(db, await find(handle), input.password, updateId));
        if (!saved) throw error;
      }
      return view(handle);
    },

    async resend(handle: string, idempotencyKey?: string): Promise<Envelope> {
      const found = await expect(handle, 'resend');
      const { resendAt, resendsLeft } = visibleState(found, clock());
      if (resendAt !== null && resendAt > clock()) throw tooSoon(resendAt, clock());
      if (found.frozen && found.role !== 'proof') {
        const { profile } = await profileOfAddress(db, found.flow.address);
        const ttlMs = secretTtlMs(profile, found.flow.variant ?? 'code');
        await updateFrozen(db, found.handleDigest, { ...found.frozen, resendsLeft: resendsLeft - 1, resendAt: clock() + limits.resendAfterMs, expiresAt: clock() + ttlMs, wrongLeft: limits.wrongSecretsPerRound });
      } else {
        await translated(handle, 'resend', () => sendBareStep(deps.temporal, found.flow.id, resendUpdate, updateIdFor(keys, handle, 'resend', idempotencyKey)));
      }
      return view(handle);
    },

    async cancel(handle: string, idempotencyKey?: string): Promise<Envelope> {
      const found = await expect(handle, 'cancel');
      if (found.frozen && found.role !== 'proof') await updateFrozen(db, found.handleDigest, { ...found.frozen, step: 'cancelled' });
      else if (found.flow.variant === null) {
        await inTransaction(db, async (tx) => {
          if (!(await updateOpenFlow(tx, found.flow.id, { step: 'cancelled', outcome: 'cancelled', captcha: null }))) return;
          await appendAudit(tx, { at: clock(), action: 'reset.cancelled', accountCode: found.flow.account_code, flowId: found.flow.id, subject: found.flow.person });
        });
      } else {
        await translated(handle, 'cancel', () => sendBareStep(deps.temporal, found.flow.id, cancelUpdate, updateIdFor(keys, handle, 'cancel', idempotencyKey))).catch((error: unknown) => {
          // The workflow may end before it has answered the very request that ended it.
          if (!(error instanceof Problem && error.slug === 'flow-cancelled')) throw error;
        });
      }
      return view(handle);
    },

    /** The text of the picture that a flow shows: mounted in embedded mode only. */
    async captchaAnswer(handle: string): Promise<string | null> {
      const { flow } = await find(handle);
      return flow.captcha === null ? null : captchaText(keys, flow.id, flow.captcha);
    },
  });
  return {
    ...steps,
    method: (...given: Parameters<typeof steps.method>) => steadily(deps.steadyAnswerMs, () => steps.method(...given)),
    prove: (...given: Parameters<typeof steps.prove>) => steadily(deps.steadyAnswerMs, () => steps.prove(...given)),
    resend: (...given: Parameters<typeof steps.resend>) => steadily(deps.steadyAnswerMs, () => steps.resend(...given)),
  };
}

export type PasswordResetService = ReturnType<typeof createPasswordResetService>;
