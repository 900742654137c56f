/** One answer of the API, body parsed where it is JSON. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** RFC 9457, as every refusal answers. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly failures?: readonly { readonly id: string; readonly label: string }[];
}

/** The flow envelope as a client sees it. */
export interface Flow {
  readonly id: string;
  readonly kind: string;
  readonly step: string;
  readonly expiresAt: string | null;
  readonly actions: readonly { readonly name: string; readonly method: string; readonly href: string }[];
  readonly details: Readonly<Record<string, unknown>>;
}

export type HeaderMap = Readonly<Record<string, string>>;

const TIMEOUT_MS = 30_000;

/** A small client of a running instance: it never throws for a status, so that tests judge refusals too. */
export class Http {
  constructor(
    readonly url: string,
    readonly always: HeaderMap = {},
  ) {}

  /** The same instance, with headers on every request: another browser, or an operator. */
  with(headers: HeaderMap): Http {
    return new Http(this.url, { ...this.always, ...headers });
  }

  async send<Body = unknown>(method: string, path: string, init: { headers?: HeaderMap; body?: string | Uint8Array; timeoutMs?: number } = {}): Promise<Answer<Body>> {
    const answer = await fetch(new URL(path, this.url), {
      method,
      headers: { ...this.always, ...init.headers },
      ...(init.body === undefined ? {} : { body: init.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(init.timeoutMs ?? TIMEOUT_MS),
    });
    const text = await answer.text();
    const json = /\bjson\b/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, text, body: (json && text ? JSON.parse(text) : undefined) as Body };
  }

  get<Body = unknown>(path: string, headers: HeaderMap = {}): Promise<Answer<Body>> {
    return this.send<Body>('GET', path, { headers });
  }

  post<Body = unknown>(path: string, body: unknown, headers: HeaderMap = {}): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }
}

/** @returns the body, @throws Error that shows the answer when its status is another one */
export function expectStatus<Body>(answer: Answer<unknown>, status: number): Body {
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${answer.text.slice(0, 2_000)}`);
  return answer.body as Body;
}

/** Checks that an answer is a problem document and gives the slug of its type. */
export function problemSlug(answer: Answer<unknown>, status: number): string {
  const problem = expectStatus<Problem>(answer, status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(problem).toMatchObject({ type: expect.stringMatching(/\/problems\/[a-z-]+$/), title: expect.any(String), status });
  return problem.type.split('/').at(-1)!;
}
