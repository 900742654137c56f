import {
  allHandlersFinished, CancellationScope, condition, continueAsNew, currentUpdateInfo, setCurrentDetails, upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';
import type { TaskResult } from '../../activities/connect-onboarding/verdict';
import type { OnboardingEnding } from '../../domain/onboarding/page';
import { blockedBy, notOffered, taskNames, type TaskAction, type TaskName, type TaskStates } from '../../domain/onboarding/tasks';
import { taskTexts, whyNotOffered } from '../../domain/onboarding/texts';
import { searchAttributes } from '../../temporal.config';
import { Alarm } from '../alarm';
import { refusals, toEnding } from '../flow';
import { ignoreUndelivered } from '../proxies';
import type { Ends, OnboardingInput, OnboardingState, Refusal, Submission, TaskAnswer, TaskRequest } from './messages';
import { describe, endSummary, stepOf } from './prose';
import { corresponding, looking, parting, rows } from './proxies';

/** So many answers are remembered across runs, for repeats of requests. */
const REMEMBERED = 20;

const refuse = refusals<Refusal>();

/** An onboarding under way: its tasks as the workflow's handlers change them, and the loop that waits between them. */
export class ConnectOnboarding {
  #tasks: TaskStates;
  #ends: Ends;
  #outcome: OnboardingEnding | null = null;
  #owesMail = false;
  #since = Date.now();
  #shown: string;
  /** The database has news. */
  #news = false;
  readonly #busy = new Set<TaskName>();
  readonly #validations = new Map<TaskName, CancellationScope>();
  #correspondence: CancellationScope | undefined;
  readonly #answered: Map<string, TaskAnswer>;
  readonly #alarm = new Alarm();

  constructor(private readonly input: OnboardingInput) {
    this.#tasks = input.tasks;
    this.#ends = input.ends;
    this.#answered = new Map(input.answered);
    this.#shown = this.#searchable().join(' ');
  }

  state(): OnboardingState {
    return { tasks: this.#tasks, ends: this.#ends, outcome: this.#outcome };
  }

  wake(): void {
    this.#news = true;
  }

  /** @throws ApplicationFailure `ended`, `request-in-progress`, `wrong-step` */
  expectOffered(action: TaskAction, { task }: TaskRequest): void {
    // A repeat of what the run before this one answered.
    if (this.#answered.has(currentUpdateInfo()?.id ?? '')) return;
    if (this.#outcome !== null) throw refuse('ended', `This onboarding has ended: ${this.#outcome}.`);
    if (this.#busy.has(task)) throw refuse('request-in-progress', 'Another request for this task is being handled.');
    const why = notOffered(action, task, this.#tasks);
    if (why !== null) throw refuse('wrong-step', whyNotOffered(why));
  }

  start(request: TaskRequest): Promise<TaskAnswer> {
    return this.#change(request, 'Start', (local) => local.startTask({ accountCode: this.input.accountCode, ...request }));
  }

  submit(submission: Submission): Promise<TaskAnswer> {
    return this.#change(submission, 'Submit', (local) => local.submitTask({ accountCode: this.input.accountCode, ...submission }));
  }

  cancelTask(request: TaskRequest): Promise<TaskAnswer> {
    return this.#change(request, 'Stop validating', (local) => local.cancelTask({ accountCode: this.input.accountCode, ...request }));
  }

  reopen(request: TaskRequest): Promise<TaskAnswer> {
    return this.#change(request, 'Reopen', (local) => local.reopenTask({ accountCode: this.input.accountCode, ...request }));
  }

  /** The pause before the next look is cut short: another look begins now. */
  async checkNow({ task }: TaskRequest): Promise<TaskAnswer> {
    return this.#answer(async () => {
      this.#validations.get(task)?.cancel();
      this.#validate(task);
      return { state: 'validating' };
    });
  }

  /** Runs the onboarding to its ending, or to where it goes on as a new run. */
  async run(): Promise<{ outcome: OnboardingEnding }> {
    this.#show();
    this.#correspond();
    for (const task of taskNames) if (this.#tasks[task] === 'validating') this.#validate(task);
    return toEnding({ wait: () => this.#untilEnding(), conclude: () => this.#conclude(), cancelled: 'cancelled' });
  }

  async #untilEnding(): Promise<void> {
    while (this.#outcome === null) {
      const end = this.#ends.at ?? Infinity;
      if (end !== Infinity) this.#alarm.set(end, endSummary(this.#ends));
      await condition(() => this.#outcome !== null || this.#news || this.#isDue() || this.#isLong() || this.#alarm.isMissing(this.#ends.at ?? Infinity));
      if (this.#outcome !== null) return;
      if (this.#news) await this.#hear();
      else if (this.#isDue()) await this.#end('discontinued');
      else if (this.#isLong()) await this.#goOnAsNew();
    }
  }

  /** Reads what the database has to say, and has the correspondence begin anew with it. */
  async #hear(): Promise<OnboardingState> {
    this.#news = false;
    const state = await rows('Read what is new').readOnboarding({ accountCode: this.input.accountCode });
    if (state.outcome === null && this.#outcome === null) this.#moveEnd(state.ends);
    return state;
  }

  #moveEnd(ends: Ends): void {
    if (ends.lastDay !== this.#ends.lastDay) upsertSearchAttributes([{ key: searchAttributes.lastDay, value: ends.lastDay ?? 'none' }]);
    this.#ends = ends;
    this.#show();
    this.#correspond();
  }

  /** The day is over, and nobody is in the middle of a step: what began in time is carried to its end. */
  #isDue(): boolean {
    return this.#busy.size === 0 && Date.now() >= (this.#ends.at ?? Infinity);
  }

  #isLong(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return this.#busy.size === 0 && (continueAsNewSuggested || historyLength >= (this.input.continueAfterEvents ?? Infinity));
  }

  /** The rows hold what was entered, this run's state says what is being validated: the next run takes up both. */
  async #goOnAsNew(): Promise<void> {
    await condition(allHandlersFinished);
    if (this.#outcome === null && !this.#news) await this.#continueWith(this.state());
  }

  #continueWith({ tasks, ends }: OnboardingState): Promise<never> {
    const { accountCode, continueAfterEvents } = this.input;
    const answered = [...this.#answered].slice(-REMEMBERED);
    return continueAsNew<(input: OnboardingInput) => Promise<unknown>>({ accountCode, tasks, ends, answered, ...(continueAfterEvents ? { continueAfterEvents } : {}) });
  }

  async #end(outcome: 'discontinued' | 'cancelled'): Promise<void> {
    const ended = await CancellationScope.nonCancellable(() => rows(`End the onboarding: ${outcome}`).endOnboarding({ accountCode: this.input.accountCode, outcome }));
    if (ended.outcome === null) this.#moveEnd(ended.ends);
    else this.#finish(ended.outcome, ended.mail);
  }

  /** What still runs beside ends with the run; its rows say that there is nothing left for it to do. */
  #finish(outcome: OnboardingEnding, mail: boolean): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    this.#owesMail = mail;
    this.#show();
  }

  /** Ends the row where nothing has, and sends what is owed. */
  async #conclude(): Promise<OnboardingEnding> {
    await condition(() => this.#busy.size === 0);
    if (this.#outcome === null) await this.#end('cancelled');
    await condition(allHandlersFinished);
    const outcome = this.#outcome ?? 'cancelled';
    let isSent = !this.#owesMail;
    if (!isSent) void parting('Send the last mail').sendLast({ accountCode: this.input.accountCode }).catch(ignoreUndelivered).finally(() => (isSent = true));
    while (!isSent || this.#news) {
      if (this.#news) await this.#goOnIfReopened();
      await condition(() => isSent || this.#news);
    }
    return outcome;
  }

  /** Somebody reopened the onboarding while its last mail was being sent: the run that goes on with it sends what is left. */
  async #goOnIfReopened(): Promise<void> {
    const state = await this.#hear();
    if (state.outcome !== null) return;
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: null }]);
    await this.#continueWith(state);
  }

  /** Sends what is due until the onboarding ends, beside everything else. Begun anew, it takes the place of the one before. */
  #correspond(): void {
    this.#correspondence?.cancel();
    const scope = new CancellationScope();
    this.#correspondence = scope;
    const { accountCode } = this.input;
    scope.run(() => corresponding('Send reminders, each when it is due').correspond({ accountCode })).catch(ignoreUndelivered);
  }

  /** Looks at a submission until it is judged, beside everything else. */
  #validate(task: TaskName): void {
    const scope = new CancellationScope();
    this.#validations.set(task, scope);
    const { accountCode } = this.input;
    scope.run(async () => {
      const result = await looking(`Validate "${taskTexts[task].title}"`).validateTask({ accountCode, task });
      if (this.#validations.get(task) !== scope || this.#outcome !== null) return;
      this.#adopt(task, result);
      if (result.undelivered && this.#outcome === null) this.#correspond();
    }).catch(ignoreUndelivered);
  }

  /** Changes a task in the database first; what stands there then is the answer. */
  #change(request: TaskRequest, verb: string, change: (local: ReturnType<typeof rows>) => Promise<TaskResult & { changedMeanwhile?: true }>): Promise<TaskAnswer> {
    const { task } = request;
    return this.#answer(async () => {
      this.#busy.add(task);
      try {
        const result = await CancellationScope.nonCancellable(() => change(rows(`${verb}: ${taskTexts[task].title}`)));
        this.#adopt(task, result);
        return { state: result.state, ...(result.changedMeanwhile ? { changedMeanwhile: true } : {}) };
      } finally {
        this.#busy.delete(task);
      }
    });
  }

  async #answer(work: () => Promise<TaskAnswer>): Promise<TaskAnswer> {
    const id = currentUpdateInfo()?.id ?? '';
    const before = this.#answered.get(id);
    if (before) return before;
    const answer = await work();
    this.#answered.set(id, answer);
    return answer;
  }

  #adopt(task: TaskName, { state, outcome, mail, ends }: TaskResult): void {
    const wasValidating = this.#tasks[task] === 'validating';
    this.#tasks = { ...this.#tasks, [task]: state };
    if (wasValidating && state !== 'validating') {
      this.#validations.get(task)?.cancel();
      this.#validations.delete(task);
    }
    if (outcome) return this.#finish(outcome, mail);
    if (state === 'validating' && !this.#validations.has(task)) this.#validate(task);
    if (ends && ends.at !== this.#ends.at) this.#moveEnd(ends);
    else this.#show();
  }

  /** What operators search by: each change of it is an action that costs. */
  #searchable(): readonly [step: string, blockedBy: string] {
    return [stepOf(this.#tasks, this.#outcome), (this.#outcome === null ? blockedBy(this.#tasks) : null) ?? 'nothing'];
  }

  #show(): void {
    const [step, blocked] = this.#searchable();
    if (`${step} ${blocked}` !== this.#shown) {
      this.#shown = `${step} ${blocked}`;
      this.#since = Date.now();
      upsertSearchAttributes([
        { key: searchAttributes.step, value: step }, { key: searchAttributes.blockedBy, value: blocked },
        ...(this.#outcome === null ? [] : [{ key: searchAttributes.outcome, value: this.#outcome }]),
      ]);
    }
    setCurrentDetails(describe({ ...this.state(), since: this.#since }));
  }
}
