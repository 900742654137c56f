/** A continuity event: an outage, planned or not, of which people are told by text message. */
export const eventKinds = ['planned', 'unplanned'] as const;
export type EventKind = (typeof eventKinds)[number];

export const eventSteps = ['awaiting-approval', 'planned', 'active', 'ended', 'cancelled'] as const;
export type EventStep = (typeof eventSteps)[number];

/** Where the telling of one phase stands. After the first two nothing more goes out by itself. */
export const phaseStates = ['waiting', 'sending', 'done', 'superseded', 'stopped', 'halted'] as const;
export type PhaseState = (typeof phaseStates)[number];

/** What becomes of one notice; it never moves backwards. */
export const deliveryStates = ['queued', 'attempting', 'unknown', 'accepted', 'sent', 'delivered', 'failed', 'suppressed', 'superseded'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** States in which a person has the notice, or most likely will. */
export const GOT: readonly DeliveryState[] = ['attempting', 'unknown', 'accepted', 'sent', 'delivered'];

export const eventActions = ['approve', 'start', 'change', 'update', 'end', 'cancel', 'stop', 'retry-failed'] as const;
export type EventAction = (typeof eventActions)[number];

/** What of an event decides on what can be done with it. */
export interface EventSituation {
  readonly step: EventStep;
  readonly phases: readonly { readonly state: PhaseState; readonly failed?: number; readonly superseded?: number }[];
}

export function isEventOver(step: EventStep): boolean {
  return step === 'ended' || step === 'cancelled';
}

export function isPhaseOpen(state: PhaseState): boolean {
  return state === 'waiting' || state === 'sending';
}

const BY_STEP: Readonly<Record<EventStep, readonly EventAction[]>> = {
  'awaiting-approval': ['approve', 'change', 'cancel'],
  planned: ['start', 'change', 'cancel'],
  active: ['change', 'update', 'end'],
  ended: [],
  cancelled: [],
};

/** What can be done with an event now, in the order it is offered. */
export function offeredEventActions({ step, phases }: EventSituation): EventAction[] {
  return [
    ...BY_STEP[step],
    ...(phases.some(({ state }) => isPhaseOpen(state)) ? (['stop'] as const) : []),
    ...(phases.some(({ state, failed = 0, superseded = 0 }) => canRetry(step, state, failed + superseded)) ? (['retry-failed'] as const) : []),
  ];
}

/** The counts of a phase, as far as they tell whether it still moves. */
export interface PhaseProgress extends Readonly<Record<DeliveryState, number>> {
  readonly state: PhaseState;
  readonly channel: Channel;
}

/** Whether nothing of an event changes any more by itself: it is over, and what became of each notice is known. */
export function isEventSettled(step: EventStep, phases: readonly PhaseProgress[]): boolean {
  // Nobody reports what became of an e-mail.
  const reported = ({ channel, accepted, sent }: PhaseProgress): number => (channel === 'email' ? 0 : accepted + sent);
  const moving = (phase: PhaseProgress): boolean => isPhaseOpen(phase.state) || phase.queued + phase.attempting + phase.unknown + reported(phase) > 0;
  return isEventOver(step) && !phases.some(moving);
}

/**
 * Whether a phase can be sent to those whom it has not reached: one that was halted has some in its queue; one that was
 * stopped goes on as long as its event does.
 * @param left - how many it failed for, or were dropped when it was stopped
 */
export function canRetry(step: EventStep, state: PhaseState, left: number): boolean {
  return state === 'halted' || (left > 0 && (state === 'done' || (state === 'stopped' && step === 'active')));
}

/** What an event waits for next, in milliseconds since the epoch: its start, its end, or nothing but somebody's word. */
export function nextMoment({ step, startsAt, endsAt }: { step: EventStep; startsAt: number; endsAt: number | null }): number | null {
  if (step === 'planned') return startsAt;
  return step === 'active' || step === 'awaiting-approval' ? endsAt : null;
}

/** The name of the phase in which the `number`th update is told. */
export function updatePhase(number: number): string {
  return `update-${number}`;
}

/** How a phase tells people. */
export type Channel = 'sms' | 'email';

const BY_EMAIL = '-email';

/** The name of the phase that tells by e-mail what another one tells by text. */
export function emailPhase(phase: string): string {
  return `${phase}${BY_EMAIL}`;
}

export function channelOf(phase: string): Channel {
  return phase.endsWith(BY_EMAIL) ? 'email' : 'sms';
}

/** The name of the phase that tells the same by text: of one that does, its own. */
export function textPhase(phase: string): string {
  return channelOf(phase) === 'email' ? phase.slice(0, -BY_EMAIL.length) : phase;
}

export function isEndPhase(phase: string): boolean {
  return textPhase(phase) === 'end';
}
