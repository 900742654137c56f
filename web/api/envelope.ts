import type { Challenge } from 'altcha-lib';
import type { FlowEnvelope } from '../../domain/flow';
import type { PasswordPolicy } from '../../domain/password-policy';
import type { Application, ResetMethod, ResetStep } from '../../domain/password-reset';

/** What the steps of a reset bring along: the portal it was asked for in, and at its own step only, the rest. */
export interface ResetDetails {
  readonly application?: Application;
  readonly captcha?: { readonly image: string; readonly alternative: { readonly kind: string; readonly challenge: Challenge } };
  readonly methods?: readonly ResetMethod[];
  readonly help?: string;
  readonly method?: ResetMethod;
  readonly resend?: { readonly availableAt: string | null; readonly left: number };
  readonly policyContext?: PasswordPolicy;
}

export type ResetFlow = FlowEnvelope<ResetStep, ResetDetails>;

/** RFC 9457, with the members that these pages read. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly failures?: readonly { readonly id: string; readonly label: string }[];
  readonly attemptsLeft?: number;
}

/** The actions of a reset, by name, and what each sends. */
export interface ResetActions {
  readonly captcha: { readonly answer: string };
  readonly method: { readonly method: ResetMethod };
  readonly code: { readonly code: string };
  readonly link: { readonly token: string };
  readonly 'temporary-password': { readonly password: string };
  readonly password: { readonly password: string; readonly confirmation: string };
  readonly resend: Readonly<Record<string, never>>;
  readonly cancel: Readonly<Record<string, never>>;
}

/** One action with what it sends. */
export type ResetCommand = { [Name in keyof ResetActions]: { readonly action: Name; readonly body: ResetActions[Name] } }[keyof ResetActions];
