import type { TaskName, TaskState } from '../../domain/onboarding/tasks';
import type { TestDns } from './dns-server';
import { expectStatus, type Answer, type Flow, type Http } from './http';
import { waitFor } from './wait';

/** A task as a page sees it. */
export interface TaskOnPage {
  readonly name: TaskName;
  readonly state: TaskState;
  readonly version: number;
  readonly draft: Readonly<Record<string, unknown>>;
  readonly secretsGiven: readonly string[];
  readonly reason: string | null;
  readonly whatToDo: string | null;
  readonly facts: Readonly<Record<string, unknown>> | null;
  readonly records: readonly { readonly name: string; readonly type: string; readonly value: string; readonly note: string }[];
}

export interface OnboardingOnPage extends Flow {
  readonly details: { readonly tasks: readonly TaskOnPage[]; readonly lastCompleted: TaskName | null; readonly next: TaskName | null };
}

/** A large file is read and judged before it is answered. */
const UPLOAD_MS = 200_000;

type Draft = Readonly<Record<string, unknown>>;

let numbers = 0;

/** An account's onboarding over HTTP, as somebody who may goes through it. */
export class OnboardingPages {
  constructor(readonly http: Http, readonly code: string) {}

  /** Creates an account whose domains and users nobody has yet. */
  static async create(operator: Http, prefix: string, subscriptions: readonly string[] = []): Promise<OnboardingPages> {
    numbers += 1;
    const code = `${prefix}${numbers}`;
    expectStatus(await operator.post('/api/accounts', { code, name: 'Beacon', region: 'eu', administrator: { email: `ada@${code.toLowerCase()}.example`, name: 'Ada' }, subscriptions }), 201);
    return new OnboardingPages(operator, code);
  }

  path(task: TaskName, action: string): string {
    return `/api/onboardings/${this.code}/tasks/${task}/${action}`;
  }

  async task(name: TaskName): Promise<TaskOnPage> {
    return this.#in(expectStatus<OnboardingOnPage>(await this.http.get(`/api/onboardings/${this.code}`), 200), name);
  }

  #in(onboarding: OnboardingOnPage, name: TaskName): TaskOnPage {
    return onboarding.details.tasks.find((task) => task.name === name)!;
  }

  step(task: TaskName, action: string, body: unknown = {}): Promise<Answer<OnboardingOnPage>> {
    return this.http.post(this.path(task, action), body);
  }

  async start(name: TaskName): Promise<TaskOnPage> {
    return this.#in(expectStatus(await this.step(name, 'start'), 200), name);
  }

  /** Saves over what is there. */
  async save(name: TaskName, draft: Draft): Promise<TaskOnPage> {
    const { version } = await this.task(name);
    const answer = await this.http.send('PUT', this.path(name, 'draft'), { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ version, draft }) });
    return this.#in(expectStatus(answer, 200), name);
  }

  /** Saves and submits. */
  async submit(name: TaskName, draft: Draft): Promise<TaskOnPage> {
    const { version } = await this.save(name, draft);
    return this.#in(expectStatus(await this.step(name, 'submit', { version }), 200), name);
  }

  /** Waits until a task is as described. */
  until(name: TaskName, what: string, fits: (task: TaskOnPage) => boolean): Promise<TaskOnPage> {
    return waitFor(async () => {
      const task = await this.task(name);
      return fits(task) ? task : undefined;
    }, { what: `${name} ${what}`, timeoutMs: UPLOAD_MS });
  }

  reaches(name: TaskName, state: TaskState): Promise<TaskOnPage> {
    return this.until(name, state, (task) => task.state === state);
  }

  /** Submits what is wrong, and waits until it is said. */
  async refused(name: TaskName, draft: Draft): Promise<TaskOnPage> {
    await this.submit(name, draft);
    return this.reaches(name, 'needs-attention');
  }

  /** Submits what is right, and waits until it is completed. */
  async completed(name: TaskName, draft: Draft): Promise<TaskOnPage> {
    await this.submit(name, draft);
    return this.reaches(name, 'completed');
  }

  /** Submits what is not there yet, and waits until the first look has said so. */
  async awaited(name: TaskName, draft: Draft): Promise<TaskOnPage> {
    await this.submit(name, draft);
    return this.until(name, 'looked at', ({ state, reason }) => state === 'validating' && reason !== null);
  }

  /** Looks again at what was mended meanwhile. */
  async checkedAgain(name: TaskName): Promise<TaskOnPage> {
    expectStatus(await this.step(name, 'check-now'), 200);
    return this.reaches(name, 'completed');
  }

  confirmDetails(): Promise<TaskOnPage> {
    const details = { company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }], timeZone: 'Europe/Berlin', notices: [`it@${this.code.toLowerCase()}.example`] };
    return this.start('details').then(() => this.completed('details', details));
  }

  /** Confirms the details, and verifies a domain by publishing what the page shows. */
  async verifyDomain(dns: TestDns, domain: string): Promise<void> {
    await this.confirmDetails();
    await this.start('domains');
    const { records } = await this.save('domains', { domains: [domain] });
    dns.names.set(domain, { txt: records.map(({ value }) => value) });
    await this.completed('domains', { domains: [domain] });
  }

  /** Uploads a file of users. */
  upload<Body = { readonly result: string; readonly reason: string | null; readonly upload: string; readonly report: { readonly read: number; readonly problems: number; readonly toldProblems: readonly unknown[]; readonly plan: unknown } | null }>(
    content: string | Uint8Array, headers: Readonly<Record<string, string>> = { 'content-type': 'text/csv' },
  ): Promise<Answer<Body>> {
    return this.http.send('POST', `${this.path('users', 'upload')}?name=people.csv`, { headers, body: content, timeoutMs: UPLOAD_MS });
  }
}
