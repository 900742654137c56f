import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { endFlowRow, updateFrozen } from '../../db/flows';
import { stageOf } from '../../db/sign-ins';
import type { Application } from '../../domain/password-reset';
import { parseMobileNumber } from '../../domain/phone';
import { isSignInEnding, type AuthenticationType } from '../../domain/sign-in';
import { signInWorkflowId } from '../../temporal.config';
import { cancelUpdate, enrolPhoneUpdate, resendUpdate, type Entry } from '../../workflows/sign-in/messages';
import { answerTo, sendBareStep, sendStep, updateIdFor } from '../engine';
import { endedProblem, Problem } from '../problems';
import { steadily } from '../steady';
import { beginChange, type Change } from './change';
import { checkCredential } from './credential';
import type { SignInDependencies } from './dependencies';
import { expectAction, findByHandle, tooSoon, translated } from './find';
import { answerOf, enterNewPassword, enterSecondStep, type SignInAnswer } from './pass';
import { proceed } from './proceed';
import { accountOfAddress, startSignIn } from './start';
import { switchApplication, type Switch } from './switch';
import { envelopeOf, isFrozen, visibleState, type SignInEnvelope } from './view';

/** What a password is checked with: where it is kept, and where it comes from. */
export interface PasswordInput {
  readonly authenticationType: AuthenticationType;
  readonly password: string;
  readonly origin: string;
}

/** The steps of signing in, in the order they are taken. Each answers the envelope, or throws a `Problem`. */
export function createSignInService(deps: SignInDependencies) {
  const { db, keys, clock, temporal } = deps;

  async function view(handle: string): Promise<SignInEnvelope> {
    return envelopeOf(deps, handle, await findByHandle(deps, handle));
  }

  /** The address that a sign-in was begun with: on another device its owner sees whose password is asked for. */
  async function address(handle: string): Promise<{ email: string }> {
    const found = await findByHandle(deps, handle);
    const { step } = visibleState(found, clock());
    if (isSignInEnding(step)) throw endedProblem(step);
    return { email: found.flow.address };
  }

  /** Checks the password and goes on. The answer has another id, also where the same is entered once more. */
  async function password(handle: string, input: PasswordInput, key?: string): Promise<SignInAnswer> {
    const { flow } = await expectAction(deps, handle, 'password');
    const { code, types } = await accountOfAddress(deps, flow.address);
    if (!types.includes(input.authenticationType)) throw new Problem('method-not-offered', { detail: 'This authentication type is not offered for your domain.' });
    const given = { address: flow.address, person: flow.person, accountCode: code, flowId: flow.id, authentication: input.authenticationType, password: input.password, origin: input.origin };
    const credential = await checkCredential(deps, given);
    if (!credential) throw new Problem('credentials-wrong');
    const { user, completes } = credential;
    if (completes === null && user.password_temporary && (user.password_expires_at ?? Infinity) <= clock()) throw new Problem('temporary-password-expired');
    const requestId = updateIdFor(keys, handle, 'password', key);
    return answerOf(deps, await proceed(deps, flow, credential, input.authenticationType, requestId), requestId);
  }

  /** Begins a passcode to a number. The same number once more is a repeat: it sends nothing. */
  async function phone(handle: string, number: string, key?: string): Promise<SignInEnvelope> {
    const { flow, signIn } = await expectAction(deps, handle, 'phone');
    const parsed = parseMobileNumber(number);
    if (!parsed.ok) throw new Problem('number-invalid', { detail: parsed.message, extra: { reason: parsed.reason } });
    if (deps.smsCountries.length > 0 && !deps.smsCountries.includes(parsed.country)) throw new Problem('number-invalid', { detail: 'Numbers of this country cannot be enrolled.', extra: { reason: 'country' } });
    if (stageOf(signIn) === 'confirm-phone' && signIn.phone === parsed.e164) return view(handle);
    await translated(deps, handle, 'phone', () => sendStep(temporal, signInWorkflowId(flow.id), enrolPhoneUpdate, updateIdFor(keys, handle, 'phone', key), { number: parsed.e164 }));
    return view(handle);
  }

  async function resend(handle: string, key?: string): Promise<SignInEnvelope> {
    const updateId = updateIdFor(keys, handle, 'resend', key);
    try {
      const { flow } = await expectAction(deps, handle, 'resend');
      if (flow.resend_at !== null && flow.resend_at > clock()) throw tooSoon(flow.resend_at, clock());
      await translated(deps, handle, 'resend', () => sendBareStep(temporal, signInWorkflowId(flow.id), resendUpdate, updateId));
    } catch (refusal) {
      // Refused only because this very request sent it before.
      const mayBeRepeat = key !== undefined && refusal instanceof Problem && [409, 410, 429].includes(refusal.status);
      const { flow } = await findByHandle(deps, handle);
      if (!mayBeRepeat || (await answerTo(temporal, signInWorkflowId(flow.id), updateId)) === null) throw refusal;
    }
    return view(handle);
  }

  async function isCancelled(handle: string): Promise<boolean> {
    return visibleState(await findByHandle(deps, handle), clock()).step === 'cancelled';
  }

  async function cancel(handle: string, key?: string): Promise<SignInEnvelope> {
    const found = await expectAction(deps, handle, 'cancel').catch(async (refusal: unknown) => {
      // Refused only because this very request cancelled it before.
      if (key === undefined || !(refusal instanceof Problem) || refusal.status !== 410 || !(await isCancelled(handle))) throw refusal;
      return undefined;
    });
    if (!found) return view(handle);
    const { flow, frozen, handleDigest } = found;
    if (frozen && isFrozen(found)) await updateFrozen(db, handleDigest, { ...frozen, step: 'cancelled' });
    else if (flow.proven_at !== null) {
      await translated(deps, handle, 'cancel', () => sendBareStep(temporal, signInWorkflowId(flow.id), cancelUpdate, updateIdFor(keys, handle, 'cancel', key))).catch(async (refusal: unknown) => {
        // The workflow may end before it has answered the very request that ended it.
        if (!(await isCancelled(handle))) throw refusal;
      });
    } else {
      await inTransaction(db, async (tx) => {
        if (!(await endFlowRow(tx, flow, 'cancelled'))) return;
        await appendAudit(tx, { at: clock(), action: 'sign-in.cancelled', accountCode: flow.account_code, flowId: flow.id, subject: flow.person });
      });
    }
    return view(handle);
  }

  return {
    view,
    address,
    phone,
    resend,
    cancel,
    start: async (input: { email: string; application: Application; origin: string }): Promise<SignInEnvelope> => view(await startSignIn(deps, input)),
    password: (handle: string, input: PasswordInput, key?: string) => steadily(deps.steadyAnswerMs, () => password(handle, input, key)),
    secondStep: (handle: string, kind: Entry['kind'], typed: string, key?: string): Promise<SignInAnswer> => enterSecondStep(deps, handle, kind, typed, updateIdFor(keys, handle, kind, key)),
    newPassword: (handle: string, input: { password: string; confirmation: string }, key?: string): Promise<SignInAnswer> => enterNewPassword(deps, handle, input, updateIdFor(keys, handle, 'new-password', key)),
    /** Moves a session to another application. Answers the sign-in that it asks for first, null where it asks for none. */
    switchTo: async (asked: Switch, key?: string): Promise<SignInEnvelope | null> => {
      const handle = await switchApplication(deps, asked, updateIdFor(keys, asked.session.id, `switch/${asked.application}`, key));
      return handle === null ? null : view(handle);
    },
    /** Begins a change of the second step, from a session. */
    change: async (asked: Change, key?: string): Promise<SignInEnvelope> => view(await beginChange(deps, asked, updateIdFor(keys, asked.session.id, asked.purpose, key))),
  };
}

export type SignInService = ReturnType<typeof createSignInService>;
