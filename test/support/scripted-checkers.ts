import type { CheckInput, CheckResult, Facts, TaskChecker, TaskCheckers } from '../../activities/checks/checker';
import { databaseCheckers } from '../../activities/checks';
import type { TaskName } from '../../domain/onboarding/tasks';

/** What holding domains end with. */
export const CONNECT_DOMAIN = 'connect.postern.example';

/** What a check is to find: a result, or what it waits for before it has one. */
export type Script = CheckResult | Error | (() => Promise<CheckResult>);

export const notYet: CheckResult = { result: 'not-yet', reason: 'Nothing is there yet.', whatToDo: 'Add it.' };
export const wrong: CheckResult = { result: 'wrong', reason: 'It is not right.', whatToDo: 'Mend it.' };
export const found = (facts: Facts = {}): CheckResult => ({ result: 'ok', facts });

/** Stands for what asks others than the database. A test says what it finds, look by look; left alone, all is well. */
export class ScriptedChecker implements TaskChecker {
  /** What completing the task does elsewhere. */
  complete?: NonNullable<TaskChecker['complete']>;
  readonly looks: Omit<CheckInput, 'db' | 'signal'>[] = [];
  readonly #scripts: Script[] = [];
  #always: Script = found();

  /** What the next looks find, one each. */
  next(...scripts: Script[]): void {
    this.#scripts.push(...scripts);
  }

  /** What every look finds that was not told otherwise. */
  always(script: Script): void {
    this.#always = script;
  }

  async check({ db: _db, signal: _signal, ...input }: CheckInput): Promise<CheckResult> {
    this.looks.push(input);
    const script = this.#scripts.shift() ?? this.#always;
    if (script instanceof Error) throw script;
    return typeof script === 'function' ? script() : script;
  }
}

const SCRIPTED = ['domains', 'users', 'authentication', 'outbound-mail', 'inbound-mail'] as const;
export type ScriptedTask = (typeof SCRIPTED)[number];
export type ScriptedCheckers = Readonly<Record<ScriptedTask, ScriptedChecker>>;

/** The real checks of what stands in the database, and scripted ones of the rest. */
export function scriptedCheckers(): { checkers: TaskCheckers; scripted: ScriptedCheckers } {
  const scripted = Object.fromEntries(SCRIPTED.map((task) => [task, new ScriptedChecker()])) as Record<ScriptedTask, ScriptedChecker>;
  return { scripted, checkers: { ...databaseCheckers, ...scripted } };
}

/** A complete form of every task. */
export const forms: Readonly<Record<TaskName, Readonly<Record<string, unknown>>>> = {
  details: { company: 'Beacon', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }], timeZone: 'Europe/Berlin', notices: ['notices@beacon.example'] },
  domains: { domains: ['beacon.example'] },
  users: { source: 'csv', upload: 'users' },
  authentication: { method: 'cloud' },
  'outbound-mail': { hosts: ['relay.beacon.example'] },
  'inbound-mail': { host: 'mail.beacon.example', port: 25 },
  sms: { attribute: 'mobile' },
  review: { confirmed: true },
};
