import type { FlowEnvelope } from '../../domain/flow';
import type { PasswordPolicy } from '../../domain/password-policy';
import type { Application } from '../../domain/password-reset';
import type { AuthenticationType, SignInPurpose, SignInStep } from '../../domain/sign-in';
import { client, taken, type ClientAnswer } from './client';
import type { components } from './schema';

/** What the steps of a sign-in bring along: the application and what it is for, and at its own step only, the rest. */
export interface SignInDetails {
  readonly application: Application;
  readonly purpose: SignInPurpose;
  readonly authenticationTypes?: readonly AuthenticationType[];
  readonly countries?: readonly string[];
  readonly risk?: string;
  readonly enrolment?: { readonly uri: string; readonly secret: string };
  readonly number?: { readonly display?: string; readonly country?: string; readonly lastDigits?: string };
  readonly delivery?: 'sending' | 'sent' | 'failed';
  readonly resend?: { readonly availableAt: string | null; readonly left: number };
  readonly policyContext?: PasswordPolicy;
  /** Once it is done: whether the application is open to who signed in. */
  readonly open?: boolean;
  /** In the answer to the step that made them, and never again. */
  readonly recoveryCodes?: readonly string[];
}

export type SignInFlow = FlowEnvelope<SignInStep, SignInDetails>;

/** The actions of a sign-in, by name, and what each sends. */
interface SignInActions {
  readonly password: { readonly authenticationType: AuthenticationType; readonly password: string };
  readonly phone: { readonly number: string };
  readonly passcode: { readonly code: string };
  readonly totp: { readonly code: string };
  readonly 'recovery-code': { readonly code: string };
  readonly 'new-password': { readonly password: string; readonly confirmation: string };
  readonly resend: Readonly<Record<string, never>>;
  readonly cancel: Readonly<Record<string, never>>;
}

/** One action with what it sends. */
export type SignInCommand = { [Name in keyof SignInActions]: { readonly action: Name; readonly body: SignInActions[Name] } }[keyof SignInActions];

/** The contract says what details there can be; which step brings which is said in `SignInDetails`. */
async function flow(request: Promise<ClientAnswer<components['schemas']['SignIn']>>): Promise<SignInFlow> {
  return (await taken(request)) as SignInFlow;
}

/** Begins to sign in. */
export function startSignIn(email: string, application: Application): Promise<SignInFlow> {
  return flow(client.POST('/api/sign-ins', { body: { email, application } }));
}

/** A sign-in as it is now. */
export function getSignIn(id: string): Promise<SignInFlow> {
  return flow(client.GET('/api/sign-ins/{id}', { params: { path: { id } } }));
}

/** The address that a sign-in was begun with, perhaps on another device. */
export async function getSignInAddress(id: string): Promise<string> {
  return (await taken(client.GET('/api/sign-ins/{id}/address', { params: { path: { id } } }))).email;
}

/** Takes a step of a sign-in. The last one's answer signs this browser in. */
export function takeSignInStep(id: string, command: SignInCommand): Promise<SignInFlow> {
  const params = { path: { id } };
  switch (command.action) {
    case 'password': return flow(client.POST('/api/sign-ins/{id}/password', { params, body: command.body }));
    case 'phone': return flow(client.POST('/api/sign-ins/{id}/phone', { params, body: command.body }));
    case 'passcode': return flow(client.POST('/api/sign-ins/{id}/passcode', { params, body: command.body }));
    case 'totp': return flow(client.POST('/api/sign-ins/{id}/totp', { params, body: command.body }));
    case 'recovery-code': return flow(client.POST('/api/sign-ins/{id}/recovery-code', { params, body: command.body }));
    case 'new-password': return flow(client.POST('/api/sign-ins/{id}/new-password', { params, body: command.body }));
    case 'resend': return flow(client.POST('/api/sign-ins/{id}/resend', { params }));
    case 'cancel': return flow(client.POST('/api/sign-ins/{id}/cancel', { params }));
  }
}

/** Begins a change of one's own second step: the password again, and from there as the flow says. */
export function startChange(purpose: Exclude<SignInPurpose, 'sign-in'>, password: string): Promise<SignInFlow> {
  const body = { password };
  switch (purpose) {
    case 'change-phone': return flow(client.POST('/api/session/factors/phone', { body }));
    case 'enrol-totp': return flow(client.POST('/api/session/factors/totp', { body }));
    case 'recovery-codes': return flow(client.POST('/api/session/recovery-codes', { body }));
    case 'change-password': return flow(client.POST('/api/session/password', { body }));
  }
}
