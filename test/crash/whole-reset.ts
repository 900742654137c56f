import { mobile, person } from '../support/demo';
import { expectStatus, type Flow, type Http } from '../support/http';
import { captchaAnswer, getFlow, newPassword } from '../support/journey';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn, type ReceivedMessage } from '../support/messages';
import { waitFor } from '../support/wait';
import { patiently } from './patient';

export const variants = ['code', 'link', 'temporary-password'] as const;
export type Variant = (typeof variants)[number];

/** The requests of a reset that the engine or the database has to outlive. */
export const points = ['captcha', 'method', 'proof', 'password'] as const;
export type Point = (typeof points)[number];

const NOTICE = /password was changed/;

/** One person's reset, taken by a patient page step by step. */
export class WholeReset {
  #id = '';
  #known = { texts: 0, emails: 0 };

  constructor(
    private readonly http: () => Http,
    readonly variant: Variant,
    private readonly number: number,
  ) {}

  /** The handle that goes on. */
  get id(): string {
    return this.#id;
  }

  async begin(): Promise<void> {
    this.#known = { texts: (await this.#received(mobile(this.number))).length, emails: (await this.#received(person(this.number))).length };
    const application = this.variant === 'temporary-password' ? 'secure-messaging' : 'personal-portal';
    this.#id = expectStatus<Flow>(await patiently(this.http(), '/api/password-resets', { email: person(this.number), application }), 201).id;
  }

  /** Takes every step before `point`. */
  async upTo(point: Point): Promise<void> {
    await this.begin();
    for (const earlier of points.slice(0, points.indexOf(point))) await (await this.prepare(earlier))();
  }

  /** Gets everything that the request at a point needs. @returns what sends it, and again until it is answered */
  async prepare(point: Point): Promise<() => Promise<void>> {
    const [handle, action, body] = await this.#request(point);
    return async () => {
      const answer = await patiently(this.http(), `/api/password-resets/${handle}/${action}`, body);
      this.#id = expectStatus<Flow>(answer, 200).id;
    };
  }

  /** Takes every step after `point`. @returns how the reset stands in the end, and what came to its person */
  async finish(point: Point): Promise<{ step: string; texts: number; differentEmails: number }> {
    for (const later of points.slice(points.indexOf(point) + 1)) await (await this.prepare(later))();
    await waitFor(async () => (await this.emails()).find(({ subject = '' }) => NOTICE.test(subject)), { what: `the notice to ${person(this.number)}` });
    const { step } = expectStatus<Flow>(await getFlow(this.http(), this.#id), 200);
    return { step, texts: (await this.texts()).length, differentEmails: new Set((await this.emails()).map(({ text }) => text)).size };
  }

  /** The texts that have come since it began, newest first. */
  async texts(): Promise<ReceivedMessage[]> {
    return this.#since(await this.#received(mobile(this.number)), this.#known.texts);
  }

  async emails(): Promise<ReceivedMessage[]> {
    return this.#since(await this.#received(person(this.number)), this.#known.emails);
  }

  async #request(point: Point): Promise<readonly [handle: string, action: string, body: unknown]> {
    if (point === 'captcha') return [this.#id, 'captcha', { answer: await captchaAnswer(this.http(), this.#id) }];
    if (point === 'method') return [this.#id, 'method', { method: this.variant === 'code' ? 'sms' : 'email' }];
    if (point === 'proof') return this.#proof(await waitFor(async () => (await (this.variant === 'code' ? this.texts() : this.emails()))[0], { what: `the ${this.variant} of number ${this.number}`, timeoutMs: 90_000 }));
    const password = newPassword();
    return [this.#id, 'password', { password, confirmation: password }];
  }

  #proof(message: ReceivedMessage): readonly [handle: string, action: string, body: unknown] {
    if (this.variant === 'code') return [this.#id, 'code', { code: codeIn(message) }];
    if (this.variant === 'temporary-password') return [this.#id, 'temporary-password', { password: temporaryPasswordIn(message) }];
    const { id, token } = linkIn(message);
    return [id, 'link', { token }];
  }

  #since(received: readonly ReceivedMessage[], known: number): ReceivedMessage[] {
    return received.slice(0, received.length - known);
  }

  /** Asked through the API, which may be away. */
  #received(to: string): Promise<ReceivedMessage[]> {
    return waitFor(() => messagesTo(this.http(), to), { what: `the messages to ${to}` });
  }
}
