import { randomBytes } from 'node:crypto';
import { expectStatus, type Answer, type Flow, type Http } from './http';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn, waitForNewMessage, type ReceivedMessage } from './messages';

type Application = 'connect' | 'personal-portal' | 'secure-messaging' | 'partner-portal' | 'administration-console';
type Method = 'sms' | 'email';

const collection = '/api/password-resets';

/** Sends one action of a flow. */
export function act<Body = Flow>(http: Http, id: string, action: string, body: unknown = {}): Promise<Answer<Body>> {
  return http.post<Body>(`${collection}/${id}/${action}`, body);
}

/** Fetches a flow as its page does. */
export function getFlow<Body = Flow>(http: Http, id: string): Promise<Answer<Body>> {
  return http.get<Body>(`${collection}/${id}`);
}

/** A password that every demo profile takes, another one each time. */
export function newPassword(): string {
  return `Quiet-Evening-${randomBytes(6).toString('base64url')}-7!q`;
}

/** Begins a reset: step `captcha`. */
export async function startReset(http: Http, email: string, application: Application = 'personal-portal'): Promise<Flow> {
  return expectStatus(await http.post(collection, { email, application }), 201);
}

/** What the picture of a flow says, as only the embedded mode tells. */
export async function captchaAnswer(http: Http, id: string): Promise<string> {
  return expectStatus<{ answer: string }>(await http.get(`/dev/captchas/${id}`), 200).answer;
}

/** Answers the captcha: step `choose-method`. */
export async function solveCaptcha(http: Http, id: string): Promise<Flow> {
  return expectStatus(await act(http, id, 'captcha', { answer: await captchaAnswer(http, id) }), 200);
}

/** Begins a reset and goes on until the secret has been asked for: step `enter-code`, `follow-link` or `enter-temporary-password`. */
export async function askForSecret(http: Http, email: string, method: Method, application: Application = 'personal-portal'): Promise<Flow> {
  const { id } = await startReset(http, email, application);
  await solveCaptcha(http, id);
  return expectStatus(await act(http, id, 'method', { method }), 200);
}

/** The same, and waits for what it sends. `to` is where the message arrives: a number for SMS. */
export async function receiveSecret(http: Http, email: string, to: string, method: Method, application: Application = 'personal-portal'): Promise<{ flow: Flow; message: ReceivedMessage }> {
  const known = (await messagesTo(http, to)).length;
  const flow = await askForSecret(http, email, method, application);
  return { flow, message: await waitForNewMessage(http, to, known) };
}

/** Saves a new password: step `done`. */
export async function savePassword(http: Http, id: string, password = newPassword()): Promise<{ flow: Flow; password: string }> {
  return { flow: expectStatus(await act(http, id, 'password', { password, confirmation: password }), 200), password };
}

/** A proof given: the flow goes on under another handle, at step `new-password`. */
export interface Proven {
  /** The handle of who began it, without the proof. */
  readonly begun: Flow;
  /** The handle after the proof. */
  readonly proven: Flow;
  readonly secret: string;
}

export async function proveBySms(http: Http, email: string, number: string): Promise<Proven> {
  const { flow, message } = await receiveSecret(http, email, number, 'sms');
  const secret = codeIn(message);
  return { begun: flow, secret, proven: expectStatus(await act(http, flow.id, 'code', { code: secret }), 200) };
}

export async function proveByLink(http: Http, email: string): Promise<Proven> {
  const { flow, message } = await receiveSecret(http, email, email, 'email');
  const { id, token } = linkIn(message);
  return { begun: flow, secret: token, proven: expectStatus(await act(http, id, 'link', { token }), 200) };
}

export async function proveByTemporaryPassword(http: Http, email: string): Promise<Proven> {
  const { flow, message } = await receiveSecret(http, email, email, 'email', 'secure-messaging');
  const secret = temporaryPasswordIn(message);
  return { begun: flow, secret, proven: expectStatus(await act(http, flow.id, 'temporary-password', { password: secret }), 200) };
}

/** A whole reset by code, from the address to the saved password. */
export async function resetBySms(http: Http, email: string, number: string): Promise<Flow> {
  return (await savePassword(http, (await proveBySms(http, email, number)).proven.id)).flow;
}

/** A whole reset by one-time link. */
export async function resetByLink(http: Http, email: string): Promise<Flow> {
  return (await savePassword(http, (await proveByLink(http, email)).proven.id)).flow;
}

/** A whole reset by temporary password. */
export async function resetByTemporaryPassword(http: Http, email: string): Promise<Flow> {
  return (await savePassword(http, (await proveByTemporaryPassword(http, email)).proven.id)).flow;
}
