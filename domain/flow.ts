/** One thing a frontend may do now: draw it as a button or a form. */
export interface FlowAction {
  readonly name: string;
  /** `PUT` saves what was entered and takes no step. */
  readonly method: 'POST' | 'PUT';
  readonly href: string;
  /** Where a flow has tasks of its own: the one that this is about. */
  readonly task?: string;
}

/** What every flow answers over HTTP. Frontends draw `step` and offer `actions`; they keep no state machine of their own. */
export interface FlowEnvelope<Step extends string = string, Details = Readonly<Record<string, unknown>>> {
  /** The bearer handle that this answer belongs to, a new one after a proof; of an onboarding the account's code. */
  readonly id: string;
  readonly kind: string;
  readonly step: Step;
  /** ISO 8601, UTC; null once the flow has ended, or where no end is set. */
  readonly expiresAt: string | null;
  readonly actions: readonly FlowAction[];
  readonly details: Details;
}
