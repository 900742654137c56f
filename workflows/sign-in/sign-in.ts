import {
  allHandlersFinished, CancellationScope, condition, currentUpdateInfo, getExternalWorkflowHandle, isCancellation, setCurrentDetails,
  upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';
import type { SignInActivities as Activities } from '../../activities/sign-in';
import { isSignInEnding, signInLimits, stepOf, stageTtlMs, type SignInEnding, type SignInStep, type Stage } from '../../domain/sign-in';
import { passwordResetWorkflowId, searchAttributes } from '../../temporal.config';
import { Alarm } from '../alarm';
import { Exclusive, refusals, toEnding } from '../flow';
import { endSignal as endResetSignal } from '../password-reset/messages';
import { waitSummary } from '../prose';
import { ignoreUndelivered, notifying, rows, sending } from '../proxies';
import type { Entry, Moved, NewPassword, Refusal, SignInInput, SignInState, Verdict } from './messages';
import { describe, type Delivery } from './prose';

const refuse = refusals<Refusal>();

/** A sign-in under way, from the right password on: its steps as the workflow's handlers call them, and the loop that waits between them. */
export class SignIn {
  #position = 0;
  #step: SignInStep;
  #since = Date.now();
  /** Of passcodes: none is sent while a number is still being asked for. */
  #round: number;
  #issuedRound = 0;
  #expiresAt: number;
  #resendAt = Date.now() + signInLimits.resendAfterMs;
  #resendsLeft: number = signInLimits.resendsPerFlow;
  #delivery: Delivery = 'pending';
  /** The flow's row was ended by something else; it says by what. */
  #endedOutside: SignInEnding | undefined;
  /** The reset that this sign-in completed. */
  #completed: string | undefined;
  #owesNotices = false;
  readonly #exclusive = new Exclusive();
  readonly #alarm = new Alarm();

  constructor(private readonly input: SignInInput) {
    this.#step = stepOf(this.#stage);
    this.#round = this.#stage === 'passcode' ? 1 : 0;
    this.#expiresAt = Date.now() + stageTtlMs(this.#stage, input.passcodeTtlMs);
  }

  get #stage(): Stage | undefined {
    return this.input.plan[this.#position];
  }

  state(): SignInState {
    return { step: this.#step, round: this.#round, expiresAt: this.#expiresAt, resendAt: this.#resendAt, resendsLeft: this.#resendsLeft };
  }

  /** @throws ApplicationFailure `ended`, `request-in-progress` */
  expectOpen(): void {
    if (isSignInEnding(this.#step)) throw refuse('ended', `This sign-in has ended: ${this.#step}.`);
    if (this.#exclusive.busy) throw refuse('request-in-progress', 'Another request of this sign-in is being handled.');
    if (this.#endedOutside !== undefined || Date.now() >= this.#expiresAt) throw refuse('ended', 'The time of this sign-in is over.');
  }

  /** @throws ApplicationFailure like {@link expectOpen}, or `wrong-step` */
  expectStage(...expected: readonly Stage[]): void {
    this.expectOpen();
    if (!expected.some((stage) => stage === this.#stage)) throw refuse('wrong-step', `This sign-in is at the step "${this.#step}".`);
  }

  /** A number that was mistyped may be corrected, as often as a passcode may be sent again. */
  expectNumber(): void {
    this.expectStage('enrol-phone', 'confirm-phone');
    if (this.#resendsLeft <= 0) throw refuse('no-resend-left', 'This sign-in sends no more passcodes.');
  }

  /** @throws ApplicationFailure like {@link expectStage}, or `no-resend-left`, `resend-too-soon` */
  expectResend(): void {
    this.expectStage('passcode', 'confirm-phone');
    if (this.#resendsLeft <= 0) throw refuse('no-resend-left', 'This sign-in sends no more passcodes.');
    if (Date.now() < this.#resendAt) throw refuse('resend-too-soon', 'It is too soon for another one.');
  }

  endFromOutside(ending: SignInEnding): void {
    this.#endedOutside ??= ending;
  }

  async reportUndelivered(round: number): Promise<void> {
    if (round === this.#round && this.#step === 'enter-passcode') await this.#giveUp(round);
  }

  prove(entry: Entry): Promise<Verdict> {
    return this.#exclusive.run(async () => this.#follow(await rows<Activities>('Judge what was entered').verifySecondStep({ flowId: this.input.flowId, updateId: this.#updateId, ...entry })));
  }

  changePassword(chosen: NewPassword): Promise<Verdict> {
    return this.#exclusive.run(async () => {
      const change = await rows<Activities>('Save the new password').changePassword({ flowId: this.input.flowId, updateId: this.#updateId, ...chosen });
      this.#completed ??= change.completed;
      return this.#follow(change);
    });
  }

  /** The first number is no resend, a corrected one is. */
  enrolPhone(number: string): Promise<SignInState> {
    return this.#nextRound(number, this.#stage === 'enrol-phone' ? 0 : 1);
  }

  resend(): Promise<SignInState> {
    return this.#nextRound(undefined, 1);
  }

  async cancel(): Promise<{ outcome: SignInEnding }> {
    return { outcome: await this.#end('cancelled') };
  }

  /** Runs the sign-in to its ending. */
  async run(): Promise<{ outcome: SignInEnding }> {
    this.#show();
    return toEnding({ wait: () => this.#untilEnding(), conclude: () => this.#conclude(), cancelled: 'cancelled' });
  }

  async #untilEnding(): Promise<void> {
    while (!isSignInEnding(this.#step)) {
      if (this.#round !== this.#issuedRound) this.#issue().catch(ignoreUndelivered);
      this.#alarm.set(this.#expiresAt, waitSummary(this.#step, this.#expiresAt));
      await condition(() => isSignInEnding(this.#step) || this.#alarm.isMissing(this.#expiresAt) || (!this.#exclusive.busy && this.#isDue()));
      if (this.#exclusive.busy || isSignInEnding(this.#step)) continue;
      if (this.#endedOutside !== undefined) await this.#end(this.#endedOutside);
      else if (this.#isExpired()) await this.#end('expired');
    }
  }

  /** Ends the row where nothing has, and does what is owed: notices, and a word to the reset that is complete. */
  async #conclude(): Promise<SignInEnding> {
    await condition(() => !this.#exclusive.busy);
    const outcome = isSignInEnding(this.#step) ? this.#step : await this.#end('cancelled');
    await condition(allHandlersFinished);
    if (this.#completed !== undefined) await getExternalWorkflowHandle(passwordResetWorkflowId(this.#completed)).signal(endResetSignal, 'done').catch(() => undefined);
    if (this.#owesNotices) await notifying<Activities>('Tell every verified address').sendSignInNotices({ flowId: this.input.flowId }).catch(ignoreUndelivered);
    return outcome;
  }

  get #updateId(): string {
    return currentUpdateInfo()?.id ?? workflowInfo().runId;
  }

  #follow(verdict: Verdict): Verdict {
    if (verdict.result === 'right') this.#owesNotices ||= verdict.notices;
    if (verdict.result === 'right' || verdict.result === 'elsewhere') this.#moveTo(verdict);
    if (verdict.result === 'ended') this.#moveTo({ step: verdict.outcome });
    return verdict;
  }

  #nextRound(phone: string | undefined, resends: number): Promise<SignInState> {
    return this.#exclusive.run(async () => {
      const now = Date.now();
      const begun = { round: this.#round + 1, expiresAt: now + this.input.passcodeTtlMs, resendAt: now + signInLimits.resendAfterMs, resendsLeft: this.#resendsLeft - resends };
      const { outcome } = await rows<Activities>(`Begin passcode number ${begun.round}`).beginPasscode({ flowId: this.input.flowId, ...begun, ...(phone === undefined ? {} : { phone }) });
      if (outcome !== null) {
        this.#moveTo({ step: outcome });
        throw refuse('ended', `This sign-in has ended: ${outcome}.`);
      }
      [this.#round, this.#expiresAt, this.#resendAt, this.#resendsLeft, this.#since] = [begun.round, begun.expiresAt, begun.resendAt, begun.resendsLeft, now];
      if (this.#stage === 'enrol-phone') this.#moveTo({ position: this.#position + 1, step: 'enter-passcode', expiresAt: begun.expiresAt });
      return this.state();
    });
  }

  /** Sends the round's passcode, beside everything else: neither an answer nor an ending waits for a carrier. */
  async #issue(): Promise<void> {
    const { flowId, passcodeTtlMs } = this.input;
    const round = this.#round;
    this.#issuedRound = round;
    this.#settle(round, 'pending');
    try {
      const { delivery, ended } = await sending<Activities>(`Send passcode number ${round}`, passcodeTtlMs).issuePasscode({ flowId, round });
      if (ended) this.endFromOutside(ended);
      this.#settle(round, delivery);
    } catch (error) {
      ignoreUndelivered(error);
      if (isCancellation(error) || round !== this.#round) return;
      await this.#giveUp(round);
    }
  }

  /** Ends a round's message where it has not ended. A local activity that is cancelled between two attempts would hold up the workflow. */
  #giveUp(round: number): Promise<void> {
    return CancellationScope.nonCancellable(async () => {
      await rows<Activities>(`Give up passcode number ${round}`).giveUpPasscode({ flowId: this.input.flowId, round });
      this.#settle(round, 'undeliverable');
    });
  }

  /** A newer round has a delivery of its own; that a text reached nobody may be known before it is that the carrier took it. */
  #settle(round: number, delivery: Delivery): void {
    if (round !== this.#round || (this.#delivery === 'undeliverable' && delivery === 'sent')) return;
    this.#delivery = delivery;
    this.#show();
  }

  /** What is still being sent has a time limit of its own, and then says whether it arrived. */
  #isExpired(): boolean {
    return Date.now() >= this.#expiresAt && (this.#step !== 'enter-passcode' || this.#delivery !== 'pending');
  }

  #isDue(): boolean {
    return this.#endedOutside !== undefined || this.#round !== this.#issuedRound || this.#isExpired();
  }

  /** Ends the flow's row. What ended it earlier stays its outcome. */
  #end(ending: SignInEnding): Promise<SignInEnding> {
    return this.#exclusive.run(async () => {
      const { outcome } = await rows<Activities>(`End the sign-in: ${ending}`).endSignIn({ flowId: this.input.flowId, outcome: ending });
      this.#moveTo({ step: outcome });
      return outcome;
    });
  }

  #moveTo({ position = this.#position, step, expiresAt = this.#expiresAt }: Partial<Moved> & { step: SignInStep }): void {
    [this.#position, this.#step, this.#expiresAt, this.#since] = [position, step, expiresAt, Date.now()];
    upsertSearchAttributes([
      { key: searchAttributes.step, value: step },
      ...(isSignInEnding(step) ? [{ key: searchAttributes.outcome, value: step }] : []),
    ]);
    this.#show();
  }

  #show(): void {
    setCurrentDetails(describe({ ...this.state(), stage: this.#stage, since: this.#since, delivery: this.#delivery }));
  }
}
