import type { ComponentType, ReactNode } from 'react';
import type { FlowEnvelope } from '../../domain/flow';
import type { Application } from '../../domain/password-reset';

/** What the details of every flow have that these pages read. */
export interface SharedDetails {
  readonly application?: Application;
  readonly resend?: { readonly availableAt: string | null; readonly left: number };
}

export type AnyFlow = FlowEnvelope<string, SharedDetails>;

/** An action with what it sends. */
export interface AnyCommand {
  readonly action: string;
  readonly body: object;
}

/** What a step's component is given. */
export interface StepProps<Flow extends AnyFlow, Command extends AnyCommand> {
  readonly flow: Flow;
  /** The step that this page showed before this one; none where it was opened here. */
  readonly before: Flow['step'] | undefined;
  /** Sends an action; `busy` and `error` tell how it goes. */
  readonly send: (command: Command) => void;
  readonly busy: boolean;
  readonly error: unknown;
}

/** All that tells the pages of one journey from those of another. */
export interface Journey<Flow extends AnyFlow, Command extends AnyCommand> {
  /** The folder of its flows: among the pages and, below `/api`, on the server. */
  readonly path: 'password-resets' | 'sign-ins';
  /** The heading where a flow cannot be read for now. */
  readonly title: string;
  readonly read: (id: string) => Promise<Flow>;
  readonly take: (id: string, command: Command) => Promise<Flow>;
  readonly steps: Readonly<Record<Flow['step'], ComponentType<StepProps<Flow, Command>>>>;
  readonly timeline: (flow: Flow) => ReactNode;
  readonly cancel: { readonly label: string; readonly command: Command };
  /** What of the flow as it was shown stays when it is read again; without it, nothing does. */
  readonly keep?: (shown: Flow, fresh: Flow) => Flow;
  /** The address that a step leads to, where that is not the flow's own page. */
  readonly leadsTo?: (flow: Flow, taken: Command) => string | undefined;
}

/** Whether the server offers an action now. */
export function offers(flow: AnyFlow, action: string): boolean {
  return flow.actions.some(({ name }) => name === action);
}
