/** One thing a frontend may do now: draw it as a button or a form. */
export interface FlowAction {
  readonly name: string;
  readonly method: 'POST';
  readonly href: string;
}

/** What every flow answers over HTTP. Frontends draw `step` and offer `actions`; they keep no state machine of their own. */
export interface FlowEnvelope<Step extends string = string, Details = Readonly<Record<string, unknown>>> {
  /** The bearer handle that this answer belongs to. After a proof it is a new one. */
  readonly id: string;
  readonly kind: string;
  readonly step: Step;
  /** ISO 8601, UTC; null once the flow has ended. */
  readonly expiresAt: string | null;
  readonly actions: readonly FlowAction[];
  readonly details: Details;
}
