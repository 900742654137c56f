import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SESSION_COOKIE } from '../../api/cookies';
import { expectStatus, type Answer, type Flow, type Http } from './http';
import type { Instance } from './instance';
import { codeIn, messagesTo, waitForNewMessage } from './messages';

const collection = '/api/sign-ins';

/** The password of every demo person whose password is kept here. */
export function demoPassword({ dataDir }: Pick<Instance, 'dataDir'>): string {
  return (JSON.parse(readFileSync(join(dataDir, 'embedded.json'), 'utf8')) as { demoPassword: string }).demoPassword;
}

/** Takes a step of a sign-in. */
export function take<Body = Flow>(http: Http, id: string, action: string, body: unknown = {}, key?: string): Promise<Answer<Body>> {
  return http.post<Body>(`${collection}/${id}/${action}`, body, key === undefined ? {} : { 'idempotency-key': key });
}

export function getSignIn<Body = Flow>(http: Http, id: string): Promise<Answer<Body>> {
  return http.get<Body>(`${collection}/${id}`);
}

/** Begins to sign in: step `enter-password`. */
export async function startSignIn(http: Http, email: string, application = 'personal-portal'): Promise<Flow> {
  return expectStatus(await http.post(collection, { email, application }), 201);
}

/** Gives the right password. Answers the flow under its new id. */
export async function enterPassword(http: Http, email: string, password: string, application?: string): Promise<Flow> {
  const { id } = await startSignIn(http, email, application);
  return expectStatus(await take(http, id, 'password', { authenticationType: 'cloud', password }), 200);
}

/** The session's cookie that an answer sets, as a browser would send it back. */
export function cookieOf(answer: Answer): string | undefined {
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!).find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`) && !cookie.endsWith('='));
}

/** A browser that is signed in. */
export interface SignedIn {
  readonly http: Http;
  readonly cookie: string;
  readonly flow: Flow;
}

/** The browser that got this answer. @throws Error where it signed nobody in */
export function browserOf(http: Http, answer: Answer<Flow>): SignedIn {
  const flow = expectStatus<Flow>(answer, 200);
  const cookie = cookieOf(answer);
  if (cookie === undefined) throw new Error(`Nobody is signed in at step "${flow.step}".`);
  return { http: http.with({ cookie }), cookie, flow };
}

/** Waits for the passcode that a step sends to a number. */
export async function passcodeAfter(http: Http, number: string, step: () => Promise<Flow>): Promise<{ flow: Flow; code: string }> {
  const known = (await messagesTo(http, number)).length;
  const flow = await step();
  return { flow, code: codeIn(await waitForNewMessage(http, number, known)) };
}

/** Signs in for the first time: enrols a number, and enters the passcode that goes there. */
export async function firstSignIn(http: Http, email: string, password: string, number: string, application?: string): Promise<SignedIn> {
  const { id } = await enterPassword(http, email, password, application);
  const { code } = await passcodeAfter(http, number, async () => expectStatus(await take(http, id, 'phone', { number }), 200));
  return browserOf(http, await take(http, id, 'passcode', { code }));
}

/** Signs in again: the passcode goes to the saved number. */
export async function signInAgain(http: Http, email: string, password: string, number: string, application?: string): Promise<SignedIn> {
  const { flow, code } = await passcodeAfter(http, number, () => enterPassword(http, email, password, application));
  return browserOf(http, await take(http, flow.id, 'passcode', { code }));
}
