import { mobile, person } from '../support/demo';
import { expectStatus, type Answer, type Flow, type Http } from '../support/http';
import { codeIn, messagesTo, type ReceivedMessage } from '../support/messages';
import { cookieOf } from '../support/sign-in';
import { waitFor } from '../support/wait';
import { patiently } from './patient';

/** The requests of a first sign-in that the engine or the database has to outlive. */
export const points = ['start', 'password', 'phone', 'passcode'] as const;
export type Point = (typeof points)[number];

/** One person's first sign-in, taken by a patient page step by step. */
export class WholeSignIn {
  #id = '';
  #known = 0;
  #last: Answer<Flow> | undefined;

  constructor(
    private readonly http: () => Http,
    private readonly number: number,
    private readonly password: string,
  ) {}

  /** Takes every step before `point`. */
  async upTo(point: Point): Promise<void> {
    this.#known = (await this.#received()).length;
    for (const earlier of points.slice(0, points.indexOf(point))) await (await this.prepare(earlier))();
  }

  /** Gets everything that the request at a point needs. @returns what sends it, and again until it is answered */
  async prepare(point: Point): Promise<() => Promise<void>> {
    const [path, body] = await this.#request(point);
    return async () => {
      this.#last = await patiently(this.http(), path, body);
      this.#id = expectStatus<Flow>(this.#last, point === 'start' ? 201 : 200).id;
    };
  }

  /** Takes every step after `point`. @returns how the sign-in stands in the end, what came, and what the session's cookie opens */
  async finish(point: Point): Promise<{ step: string | undefined; texts: number; session: number }> {
    for (const later of points.slice(points.indexOf(point) + 1)) await (await this.prepare(later))();
    const cookie = this.#last && cookieOf(this.#last);
    const session = cookie === undefined ? 0 : (await waitFor(() => this.http().with({ cookie }).get('/api/session'), { what: 'the session' })).status;
    return { step: this.#last?.body.step, texts: (await this.#texts()).length, session };
  }

  async #request(point: Point): Promise<readonly [path: string, body: unknown]> {
    const step = (action: string): string => `/api/sign-ins/${this.#id}/${action}`;
    if (point === 'start') return ['/api/sign-ins', { email: person(this.number), application: 'connect' }];
    if (point === 'password') return [step('password'), { authenticationType: 'cloud', password: this.password }];
    if (point === 'phone') return [step('phone'), { number: mobile(this.number) }];
    const text = await waitFor(() => this.#passcode(step('resend')), { what: `the passcode of number ${this.number}`, timeoutMs: 120_000 });
    return [step('passcode'), { code: codeIn(text) }];
  }

  /** The text, where it came. What a killed worker was just handing over may be lost, and is never sent again: its owner asks for another one. */
  async #passcode(resend: string): Promise<ReceivedMessage | undefined> {
    const [text] = await this.#texts();
    if (text) return text;
    const { body } = await this.http().get<Flow>(`/api/sign-ins/${this.#id}`);
    if (body.details?.delivery === 'failed') await this.http().post(resend, {});
    return undefined;
  }

  async #texts(): Promise<ReceivedMessage[]> {
    const received = await this.#received();
    return received.slice(0, received.length - this.#known);
  }

  /** Asked through the API, which may be away. */
  #received(): Promise<ReceivedMessage[]> {
    return waitFor(() => messagesTo(this.http(), mobile(this.number)), { what: `the messages to number ${this.number}` });
  }
}
