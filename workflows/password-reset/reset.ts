import {
  allHandlersFinished, CancellationScope, condition, currentUpdateInfo, getExternalWorkflowHandle, isCancellation, setCurrentDetails,
  upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';
import { isEnding, limits, proofStep, type ResetEnding, type ResetStep } from '../../domain/password-reset';
import type { PasswordResetActivities as Activities } from '../../activities/password-reset';
import { passwordResetWorkflowId, searchAttributes } from '../../temporal.config';
import { Alarm } from '../alarm';
import { Exclusive, refusals, toEnding } from '../flow';
import { waitSummary } from '../prose';
import { ignoreUndelivered, notifying, rows, sending } from '../proxies';
import { endSignal, type PasswordResetInput, type Proof, type Refusal, type ResetState, type Verdict } from './messages';
import { describe, sends, type Delivery } from './prose';

/** A temporary password is announced to end this long before it does (ASVS 6.4.5). */
const REMINDER_BEFORE_MS = 24 * 60 * 60 * 1000;

const refuse = refusals<Refusal>();

/** A reset under way: its steps as the workflow's handlers call them, and the loop that waits between them. */
export class PasswordReset {
  /** Where the person enters what was sent. After an invitation nowhere: they begin a reset of their own. */
  readonly #waiting: ResetStep;
  #step: ResetStep;
  #since = Date.now();
  #round = 1;
  #issuedRound = 0;
  #expiresAt: number;
  #resendAt = Date.now() + limits.resendAfterMs;
  #reminderAt: number;
  #delivery: Delivery = 'pending';
  /** The flow's row was ended by something else; it says by what. */
  #endedOutside: ResetEnding | undefined;
  /** The e-mail that says that a code could not be delivered. */
  #explained = Promise.resolve();
  readonly #exclusive = new Exclusive();
  readonly #alarm = new Alarm();

  constructor(private readonly input: PasswordResetInput) {
    this.#waiting = input.variant === 'invitation' ? 'choose-method' : proofStep(input.variant);
    this.#step = this.#waiting;
    this.#expiresAt = Date.now() + input.ttlMs;
    this.#reminderAt = this.#reminderFor(this.#expiresAt);
  }

  state(): ResetState {
    return { step: this.#step, round: this.#round, expiresAt: this.#expiresAt, resendAt: this.#resendAt, resendsLeft: limits.resendsPerFlow - (this.#round - 1) };
  }

  /** @throws ApplicationFailure `ended`, `request-in-progress` */
  expectOpen(): void {
    if (isEnding(this.#step)) throw refuse('ended', `This reset has ended: ${this.#step}.`);
    if (this.#exclusive.busy) throw refuse('request-in-progress', 'Another request of this reset is being handled.');
    if (this.#endedOutside !== undefined || Date.now() >= this.#expiresAt) throw refuse('ended', 'The time of this reset is over.');
  }

  /** @throws ApplicationFailure like {@link expectOpen}, or `wrong-step` */
  expectStep(expected: ResetStep): void {
    this.expectOpen();
    if (this.#step !== expected) throw refuse('wrong-step', `This reset is at the step "${this.#step}".`);
  }

  expectSecretStep(): void {
    this.expectStep(this.#waiting);
    if (this.input.variant === 'invitation') throw refuse('wrong-step', 'An invitation carries nothing that could be entered or sent again.');
  }

  /** @throws ApplicationFailure like {@link expectStep}, or `no-resend-left`, `resend-too-soon` */
  expectResend(): void {
    this.expectSecretStep();
    if (this.#round > limits.resendsPerFlow) throw refuse('no-resend-left', 'This reset has no resend left.');
    if (Date.now() < this.#resendAt) throw refuse('resend-too-soon', 'It is too soon for another one.');
  }

  endFromOutside(ending: ResetEnding): void {
    this.#endedOutside ??= ending;
  }

  async reportUndelivered(round: number): Promise<void> {
    if (round === this.#round && this.#step === this.#waiting) await this.#giveUp(round);
  }

  prove(proof: Proof): Promise<Verdict> {
    return this.#exclusive.run(async () => {
      const updateId = currentUpdateInfo()?.id ?? workflowInfo().runId;
      const verdict = await rows<Activities>('Compare what was entered').verifySecret({ flowId: this.input.flowId, ...proof, updateId });
      if (verdict.result === 'right' || (verdict.result === 'wrong' && verdict.provenBefore)) {
        this.#expiresAt = Date.now() + limits.newPasswordTtlMs;
        this.#reminderAt = Infinity;
        this.#moveTo('new-password');
      } else if (verdict.result === 'ended') this.#moveTo(verdict.outcome);
      return verdict;
    });
  }

  resend(): Promise<ResetState> {
    return this.#exclusive.run(async () => {
      const round = this.#round + 1;
      const [expiresAt, resendAt] = [Date.now() + this.input.ttlMs, Date.now() + limits.resendAfterMs];
      await rows<Activities>(`Begin round ${round}`).beginRound({ flowId: this.input.flowId, round, expiresAt, resendAt });
      [this.#round, this.#since, this.#expiresAt, this.#resendAt, this.#reminderAt] = [round, Date.now(), expiresAt, resendAt, this.#reminderFor(expiresAt)];
      return this.state();
    });
  }

  setPassword(stageId: string): Promise<{ outcome: ResetEnding; saved: boolean }> {
    return this.#exclusive.run(async () => {
      const commit = await rows<Activities>('Save the new password').commitPassword({ flowId: this.input.flowId, stageId });
      this.#moveTo(commit.outcome);
      return commit;
    });
  }

  async cancel(): Promise<{ outcome: ResetEnding }> {
    return { outcome: await this.#end('cancelled') };
  }

  /** Runs the reset to its ending. */
  async run(): Promise<{ outcome: ResetEnding }> {
    this.#show();
    return toEnding({ wait: () => this.#untilEnding(), conclude: () => this.#conclude(), cancelled: 'cancelled' });
  }

  async #untilEnding(): Promise<void> {
    while (!isEnding(this.#step)) {
      if (this.#round !== this.#issuedRound) this.#issue().catch(ignoreUndelivered);
      const deadline = Math.min(this.#expiresAt, this.#reminderAt);
      this.#alarm.set(deadline, waitSummary(this.#step, deadline));
      await condition(() => isEnding(this.#step) || this.#alarm.isMissing(Math.min(this.#expiresAt, this.#reminderAt)) || (!this.#exclusive.busy && this.#isDue()));
      if (this.#exclusive.busy || isEnding(this.#step)) continue;
      if (this.#endedOutside !== undefined) await this.#end(this.#endedOutside);
      else if (this.#isExpired()) await this.#end(this.#step === this.#waiting && this.#delivery === 'undeliverable' ? 'undeliverable' : 'expired');
      else if (Date.now() >= this.#reminderAt) this.#remind();
    }
  }

  /** Ends the row where nothing has, and sends what is owed: notices, or the e-mail that explains. */
  async #conclude(): Promise<ResetEnding> {
    const { flowId } = this.input;
    await condition(() => !this.#exclusive.busy);
    const outcome = isEnding(this.#step) ? this.#step : await this.#end('cancelled');
    await condition(allHandlersFinished);
    if (outcome === 'done') await notifying<Activities>('Tell every verified address').sendNotices({ flowId }).catch(ignoreUndelivered);
    if (outcome === 'expired' || outcome === 'undeliverable') await this.#explained;
    return outcome;
  }

  /** Sends what the round carries, beside everything else: neither an answer nor an ending waits for a carrier. */
  async #issue(): Promise<void> {
    const { flowId, variant, ttlMs } = this.input;
    const round = this.#round;
    this.#issuedRound = round;
    this.#settle(round, 'pending');
    try {
      const issued = await sending<Activities>(`Send ${sends[variant]}, number ${round}`, ttlMs).issueSecret({ flowId, round });
      this.#settle(round, issued.delivery);
      if (issued.ended) this.endFromOutside(issued.ended);
      await Promise.all(issued.superseded.map((otherId) => this.#tellSuperseded(otherId)));
    } catch (error) {
      ignoreUndelivered(error);
      if (isCancellation(error) || round !== this.#round) return;
      await this.#giveUp(round);
    }
  }

  /** Ends a round's message where it has not ended, and sends the e-mail that explains. A local activity that is cancelled between two attempts would hold up the workflow. */
  #giveUp(round: number): Promise<void> {
    const { flowId } = this.input;
    return CancellationScope.nonCancellable(async () => {
      const { explain } = await rows<Activities>(`Give up number ${round}`).giveUp({ flowId, round });
      if (explain) this.#explained = notifying<Activities>('Tell the person that no code arrived').deliverQueued({ flowId, round }).catch(ignoreUndelivered);
      this.#settle(round, 'undeliverable');
    });
  }

  /** A newer round has a delivery of its own; that a text reached nobody may be known before it is that the carrier took it. */
  #settle(round: number, delivery: Delivery): void {
    if (round !== this.#round || (this.#delivery === 'undeliverable' && delivery === 'sent')) return;
    this.#delivery = delivery;
    this.#show();
  }

  /** The other flow may have ended on its own meanwhile; its row says so already. */
  async #tellSuperseded(otherId: string): Promise<void> {
    await getExternalWorkflowHandle(passwordResetWorkflowId(otherId)).signal(endSignal, 'superseded').catch(() => undefined);
  }

  #remind(): void {
    this.#reminderAt = Infinity;
    notifying<Activities>('Remind the person: a day is left').remind({ flowId: this.input.flowId, round: this.#round }).catch(ignoreUndelivered);
  }

  #reminderFor(expiresAt: number): number {
    return this.input.variant === 'temporary-password' && this.input.ttlMs > REMINDER_BEFORE_MS ? expiresAt - REMINDER_BEFORE_MS : Infinity;
  }

  /** What is still being sent has a time limit of its own, and then says whether it arrived. */
  #isExpired(): boolean {
    return Date.now() >= this.#expiresAt && (this.#step !== this.#waiting || this.#delivery !== 'pending');
  }

  #isDue(): boolean {
    return this.#endedOutside !== undefined || this.#round !== this.#issuedRound || this.#isExpired() || Date.now() >= this.#reminderAt;
  }

  /** Ends the flow's row. What ended it earlier stays its outcome. */
  #end(ending: ResetEnding): Promise<ResetEnding> {
    return this.#exclusive.run(async () => {
      const { outcome } = await rows<Activities>(`End the reset: ${ending}`).endFlow({ flowId: this.input.flowId, outcome: ending });
      this.#moveTo(outcome);
      return outcome;
    });
  }

  #moveTo(step: ResetStep): void {
    this.#step = step;
    this.#since = Date.now();
    upsertSearchAttributes([
      { key: searchAttributes.step, value: step },
      ...(isEnding(step) ? [{ key: searchAttributes.outcome, value: step }] : []),
    ]);
    this.#show();
  }

  #show(): void {
    setCurrentDetails(describe({ ...this.state(), since: this.#since, delivery: this.#delivery, variant: this.input.variant }));
  }
}
