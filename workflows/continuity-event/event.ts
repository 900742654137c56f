import { Mutex } from 'async-mutex';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished, CancellationScope, ChildWorkflowFailure, condition, currentUpdateInfo, ParentClosePolicy, patched, setCurrentDetails, startChild,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { channelOf, isEndPhase, isEventOver, isPhaseOpen, nextMoment, offeredEventActions, type EventAction } from '../../domain/continuity/events';
import { broadcastWorkflowId, searchAttributes } from '../../temporal.config';
import { Alarm } from '../alarm';
import { refusals, toEnding } from '../flow';
import { BROADCAST, type BroadcastInput, type Report } from '../broadcast/messages';
import { Counts } from './counts';
import type { Asked, ChangeAsked, EndAsked, EventInput, EventState, PhaseKnown, Refusal, UpdateAsked } from './messages';
import { describe, momentSummary } from './prose';
import { rows } from './proxies';

const CLOCK = { id: 'workflow', name: 'the clock' } as const;
const OPERATOR = { id: 'workflow', name: 'an operator, in the Temporal Web UI' } as const;

const refuse = refusals<Refusal>();

/** A continuity event under way: its rows as handlers change them, the clock, and one broadcast after the other. */
export class ContinuityEvent {
  #state: EventState;
  #news = false;
  #busy = 0;
  #shown: EventState['step'];
  readonly #begun = new Set<string>();
  /** The phases that are being told. */
  readonly #telling = new Set<string>();
  readonly #reports = new Map<string, Report>();
  readonly #alarm = new Alarm();
  readonly #turns = new Mutex();
  /** An event that began before they were counted goes on without, and without turns. */
  readonly #counts: Counts | undefined;

  constructor(private readonly input: EventInput) {
    this.#state = input.state;
    this.#shown = input.state.step;
    this.#counts = patched('counts-notices') ? new Counts(input.eventId, (work) => this.#inTurn(work), () => this.#show()) : undefined;
  }

  state(): EventState {
    return this.#state;
  }

  wake(): void {
    this.#news = true;
  }

  /** @throws ApplicationFailure `ended`, `wrong-step` */
  expectOffered(action: EventAction): void {
    if (isEventOver(this.#state.step)) throw refuse('ended', `This event is over: ${this.#state.step}.`);
    if (!offeredEventActions(this.#state).includes(action)) throw refuse('wrong-step', `This event is ${this.#state.step}.`);
  }

  approve({ by }: Asked): Promise<EventState> {
    return this.#change('Approve', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'approve', by } }));
  }

  start({ by }: Asked): Promise<EventState> {
    return this.#change('Start', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'start', by } }));
  }

  change({ by, change }: ChangeAsked): Promise<EventState> {
    return this.#change('Change', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'change', by, change } }));
  }

  update({ by, text }: UpdateAsked): Promise<EventState> {
    const requestId = currentUpdateInfo()?.id ?? '';
    return this.#change('Tell an update', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'update', by, text, requestId } }));
  }

  end({ by, text }: EndAsked): Promise<EventState> {
    return this.#change('End', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'end', by, ...(text === undefined ? {} : { text }) } }));
  }

  cancel({ by }: Asked): Promise<EventState> {
    return this.#change('Cancel', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'cancel', by } }));
  }

  /** Runs the event until it is over and everybody who is to be told was. */
  async run(): Promise<{ outcome: EventState['step'] }> {
    this.#show();
    return toEnding({ wait: () => this.#untilOver(), conclude: () => this.#conclude(), cancelled: 'cancelled' });
  }

  async #untilOver(): Promise<void> {
    while (!isEventOver(this.#state.step)) {
      this.#tell();
      const at = nextMoment(this.#state) ?? Infinity;
      if (at !== Infinity) this.#alarm.set(at, momentSummary(this.#state, at));
      await condition(() => isEventOver(this.#state.step) || this.#news || this.#isDue() || this.#hasToTell() || this.#alarm.isMissing(nextMoment(this.#state) ?? Infinity));
      if (this.#news) await this.#hear();
      else if (this.#isDue()) await this.#arrive();
    }
  }

  #isDue(): boolean {
    return this.#busy === 0 && Date.now() >= (nextMoment(this.#state) ?? Infinity);
  }

  /** A moment has come: the start, the end, or the end of what nobody approved in time. */
  async #arrive(): Promise<void> {
    const action = this.#state.step === 'planned' ? 'start' : this.#state.step === 'active' ? 'end' : 'cancel';
    await this.#change(`Its time has come: ${action}`, (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action, by: CLOCK } }));
  }

  async #hear(): Promise<void> {
    this.#news = false;
    await this.#change('Read what is new', (local) => local.readEvent({ eventId: this.input.eventId }));
  }

  /** What is still to be told when it is over; an event that was not, was cancelled by an operator. */
  async #conclude(): Promise<EventState['step']> {
    await condition(() => this.#busy === 0);
    if (!isEventOver(this.#state.step)) await this.#change('Cancel', (local) => local.changeEvent({ eventId: this.input.eventId, transition: { action: 'cancel', by: OPERATOR } }));
    this.#tell();
    while (this.#telling.size > 0 || this.#hasToTell() || this.#news) {
      await condition(() => this.#telling.size === 0 || this.#hasToTell() || this.#news);
      if (this.#news) await this.#hear();
      this.#tell();
    }
    if (this.#state.phases.length > 0) await this.#counts?.finish();
    await condition(allHandlersFinished);
    return this.#state.step;
  }

  async #change(verb: string, change: (local: ReturnType<typeof rows>) => Promise<EventState>): Promise<EventState> {
    this.#busy += 1;
    try {
      return await this.#inTurn(async () => {
        this.#state = await change(rows(verb));
        this.#show();
        return this.#state;
      });
    } finally {
      this.#busy -= 1;
    }
  }

  /** One local activity after the other: a replay resolves those that ran at once as they began, not as they ended, and what follows on them would not fit. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return CancellationScope.nonCancellable(() => (this.#counts ? this.#turns.runExclusive(work) : work()));
  }

  /** The phase that is to be told now: by text and by e-mail one after the other, but the end waits for nothing. */
  #nextPhase(): PhaseKnown | undefined {
    const open = this.#state.phases.filter(({ phase, state }) => isPhaseOpen(state) && !this.#begun.has(phase));
    return open.find(({ phase }) => isEndPhase(phase)) ?? open.find(({ phase }) => ![...this.#telling].some((told) => channelOf(told) === channelOf(phase)));
  }

  #hasToTell(): boolean {
    return this.#nextPhase() !== undefined;
  }

  #tell(): void {
    for (let next = this.#nextPhase(); next !== undefined; next = this.#nextPhase()) {
      const begun = next;
      this.#begun.add(begun.phase);
      this.#telling.add(begun.phase);
      this.#counts?.begin();
      void CancellationScope.nonCancellable(() => this.#broadcast(begun)).finally(() => {
        this.#telling.delete(begun.phase);
        this.#counts?.close(this.#telling.size > 0);
      });
    }
  }

  /** One broadcast a phase, ever: what it did not do is sent by a further round. It outlives this workflow. */
  async #broadcast({ phase, round }: PhaseKnown): Promise<void> {
    const { eventId, accountCode } = this.input;
    try {
      const child = await startChild<(input: BroadcastInput) => Promise<Report>>(BROADCAST, {
        workflowId: broadcastWorkflowId(eventId, phase, round), args: [{ eventId, accountCode, phase, round }], workflowIdReusePolicy: 'REJECT_DUPLICATE',
        parentClosePolicy: ParentClosePolicy.ABANDON, staticSummary: `Continuity event of account ${accountCode}: tell "${phase}"`,
        typedSearchAttributes: [{ key: searchAttributes.account, value: accountCode }, { key: searchAttributes.application, value: 'continuity' }, { key: searchAttributes.step, value: 'sending' }],
      });
      this.#reports.set(phase, await child.result());
    } catch (error) {
      // An earlier run of this workflow began it, or an operator ended it: its rows say how far it came.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof ChildWorkflowFailure)) throw error;
    }
    this.#state = { ...this.#state, phases: this.#state.phases.map((one) => (one.phase === phase && isPhaseOpen(one.state) ? { ...one, state: 'done' } : one)) };
    this.#show();
  }

  #show(): void {
    const { step } = this.#state;
    if (step !== this.#shown) upsertSearchAttributes([{ key: searchAttributes.step, value: step }, ...(isEventOver(step) ? [{ key: searchAttributes.outcome, value: step }] : [])]);
    this.#shown = step;
    setCurrentDetails(describe(this.#state, { reports: this.#reports, counts: this.#counts }));
  }
}
