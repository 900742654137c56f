import { allHandlersFinished, ApplicationFailure, condition, currentUpdateInfo, isCancellation, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SmsSubscriptionActivities as Activities } from '../../activities/sms-subscription';
import { isOptInEnding, optInLimits, reminderAfterMs, type EndedWhy, type OptInEnding, type OptInStep } from '../../domain/sms-subscription';
import { searchAttributes } from '../../temporal.config';
import { Alarm } from '../alarm';
import { Exclusive, refusals, toEnding } from '../flow';
import { waitSummary } from '../prose';
import { ignoreUndelivered, rows, sending } from '../proxies';
import type { CodeEntry, OptInState, OptInVerdict, Refusal, Sent, SmsSubscriptionInput } from './messages';
import { describe, type Delivery } from './prose';

const refuse = refusals<Refusal>();

/** An opt-in under way: its steps as the workflow's handlers call them, and the loop that waits between them. */
export class OptIn {
  #step: OptInStep;
  #since = Date.now();
  /** Of everything that it sends: invitation, confirmation, reminder. */
  #round = 1;
  #issuedRound = 0;
  #issuedAt = Date.now();
  #expiresAt: number;
  #remindersLeft: number = optInLimits.reminders;
  #delivery: Delivery = 'pending';
  /** The row was moved by something else; it says to what. */
  #endedOutside: OptInEnding | undefined;
  readonly #exclusive = new Exclusive();
  readonly #alarm = new Alarm();

  constructor(private readonly input: SmsSubscriptionInput) {
    this.#step = input.invited ? 'invited' : 'enter-code';
    this.#expiresAt = Date.now() + (input.invited ? optInLimits.invitationMs : optInLimits.confirmationMs);
  }

  state(): OptInState {
    return { step: this.#step, round: this.#round, expiresAt: this.#expiresAt, remindersLeft: this.#remindersLeft };
  }

  /** @throws ApplicationFailure `ended`, `request-in-progress`, `wrong-step` */
  expectStep(expected: OptInStep): void {
    if (isOptInEnding(this.#step)) throw refuse('ended', `This opt-in has ended: ${this.#step}.`);
    if (this.#exclusive.busy) throw refuse('request-in-progress', 'Another request of this opt-in is being handled.');
    if (this.#endedOutside !== undefined || Date.now() >= this.#expiresAt) throw refuse('ended', 'The time of this opt-in is over.');
    if (this.#step !== expected) throw refuse('wrong-step', `This opt-in is at the step "${this.#step}".`);
  }

  /** @throws ApplicationFailure like {@link expectStep}, or `no-resend-left`, `resend-too-soon` */
  expectReminder(): void {
    this.expectStep('enter-code');
    if (this.#remindersLeft <= 0) throw refuse('no-resend-left', 'One reminder is all that is sent.');
    if (Date.now() < this.#issuedAt + optInLimits.resendAfterMs) throw refuse('resend-too-soon', 'It is too soon for another one.');
  }

  endFromOutside(ending: OptInEnding): void {
    this.#endedOutside ??= ending;
  }

  accept(origin: string | null): Promise<OptInState> {
    return this.#nextRound({ reminder: false, origin });
  }

  remind(): Promise<OptInState> {
    return this.#nextRound({ reminder: true, origin: null });
  }

  enterCode(entry: CodeEntry): Promise<OptInVerdict> {
    return this.#exclusive.run(async () => {
      const updateId = currentUpdateInfo()?.id ?? workflowInfo().runId;
      const verdict = await rows<Activities>('Judge the code').judgeOptInCode({ flowId: this.input.flowId, updateId, ...entry });
      if (verdict.result === 'right') this.#moveTo('active');
      if (verdict.result === 'ended') this.#moveTo(verdict.outcome);
      return verdict;
    });
  }

  /** Runs the opt-in to its ending. */
  async run(): Promise<{ outcome: OptInEnding }> {
    this.#show();
    return toEnding({ wait: () => this.#untilEnding(), conclude: () => this.#conclude(), cancelled: 'ended' });
  }

  get #remindAt(): number | null {
    return this.#remindersLeft > 0 ? this.#issuedAt + reminderAfterMs(this.#step) : null;
  }

  async #untilEnding(): Promise<void> {
    while (!isOptInEnding(this.#step)) {
      if (this.#round !== this.#issuedRound) this.#issue().catch(ignoreUndelivered);
      const due = Math.min(this.#expiresAt, this.#remindAt ?? Infinity);
      this.#alarm.set(due, waitSummary(this.#step, due));
      const round = this.#round;
      await condition(() => isOptInEnding(this.#step) || this.#round !== round || this.#alarm.isMissing(due) || (!this.#exclusive.busy && (this.#endedOutside !== undefined || Date.now() >= due)));
      if (this.#exclusive.busy || isOptInEnding(this.#step)) continue;
      if (this.#endedOutside !== undefined) await this.#end(this.#endedOutside);
      else if (Date.now() >= this.#expiresAt) await this.#end('lapsed');
      else if (Date.now() >= due) await this.remind().catch((error: unknown) => this.#ignoreEnded(error));
    }
  }

  async #conclude(): Promise<OptInEnding> {
    await condition(() => !this.#exclusive.busy);
    const outcome = isOptInEnding(this.#step) ? this.#step : await this.#end('ended', 'cancelled');
    await condition(allHandlersFinished);
    return outcome;
  }

  /** A reminder that is due finds the row ended: the loop sees it too. */
  #ignoreEnded(error: unknown): void {
    if (!(error instanceof ApplicationFailure)) throw error;
  }

  #nextRound({ reminder, origin }: { reminder: boolean; origin: string | null }): Promise<OptInState> {
    return this.#exclusive.run(async () => {
      const now = Date.now();
      const accepted = this.#step === 'invited' && !reminder;
      const begun = { flowId: this.input.flowId, round: this.#round + 1, expiresAt: accepted ? now + optInLimits.confirmationMs : this.#expiresAt, reminder, accepted, origin };
      const { outcome } = await rows<Activities>(reminder ? 'Note the reminder' : 'Note that the invitation was accepted').beginOptInRound(begun);
      if (outcome !== null) {
        this.#moveTo(outcome);
        throw refuse('ended', `This opt-in has ended: ${outcome}.`);
      }
      [this.#round, this.#expiresAt, this.#issuedAt] = [begun.round, begun.expiresAt, now];
      if (reminder) this.#remindersLeft -= 1;
      if (accepted) this.#moveTo('enter-code');
      this.#show();
      return this.state();
    });
  }

  /** Sends the round's message, beside everything else: an answer does not wait for a carrier. */
  async #issue(): Promise<void> {
    const { flowId } = this.input;
    const [round, invited] = [this.#round, this.#step === 'invited'];
    this.#issuedRound = round;
    this.#settle(round, 'pending');
    try {
      const ttlMs = Math.max(1, this.#expiresAt - Date.now());
      const sent: Sent = invited
        ? await sending<Activities>(`Send the invitation, number ${round}`, ttlMs).sendOptInInvitation({ flowId, round })
        : await sending<Activities>(`Send confirmation text number ${round}`, ttlMs).sendConfirmation({ flowId, round });
      if (sent.ended) this.endFromOutside('ended');
      this.#settle(round, sent.delivery);
    } catch (error) {
      ignoreUndelivered(error);
      if (!isCancellation(error)) this.#settle(round, 'undeliverable');
    }
  }

  /** Ends the row where nothing has; what ended it before stays its ending. */
  async #end(outcome: OptInEnding, why?: EndedWhy): Promise<OptInEnding> {
    const ended = await this.#exclusive.run(() => rows<Activities>(`End it: ${outcome}`).endOptIn({ flowId: this.input.flowId, outcome, ...(why ? { why } : {}) }));
    this.#moveTo(ended.outcome);
    return ended.outcome;
  }

  #settle(round: number, delivery: Delivery): void {
    if (round !== this.#round) return;
    this.#delivery = delivery;
    this.#show();
  }

  #moveTo(step: OptInStep): void {
    if (step === this.#step) return;
    [this.#step, this.#since] = [step, Date.now()];
    upsertSearchAttributes([{ key: searchAttributes.step, value: step }, ...(isOptInEnding(step) ? [{ key: searchAttributes.outcome, value: step }] : [])]);
    this.#show();
  }

  #show(): void {
    setCurrentDetails(describe({ ...this.state(), since: this.#since, remindAt: this.#remindAt, delivery: this.#delivery }));
  }
}
