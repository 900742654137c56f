import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Knex } from 'knex';
import { createAccount } from '../../api/connect-onboarding/accounts';
import { saveDraft } from '../../api/connect-onboarding/drafts';
import { takeStep, type TaskStep } from '../../api/connect-onboarding/steps';
import type { NewAccount } from '../../db/new-account';
import { statesOf, type Onboarding } from '../../db/onboardings';
import type { TaskName, TaskState } from '../../domain/onboarding/tasks';
import { connectOnboardingWorkflowId, TASK_QUEUE } from '../../temporal.config';
import { CONNECT_ONBOARDING, type OnboardingInput } from '../../workflows/connect-onboarding/messages';
import { openMigrated } from './database';
import { newAccount, OnboardingWorld } from './onboarding-world';
import type { EventType, ResetEngine } from './reset-engine';
import { EngineClock } from './reset-world';
import { forms } from './scripted-checkers';
import { waitFor } from './wait';

/** Who gets an account's notices: its administrator, and once its details are confirmed another address. */
export const administrator = (code: string): string => `ada@${code.toLowerCase()}.example`;
export const notices = (code: string): string => `notices@${code.toLowerCase()}.example`;

export const ada = { id: 'ada', name: 'Ada' };
export const operator = { id: 'operator', name: 'an operator' };

/** Onboardings as administrators go through them, without HTTP: the API's functions and real activities on SQLite, checks that a test controls, on a real engine. */
export class LiveOnboardings {
  readonly world: OnboardingWorld;

  private constructor(readonly engine: ResetEngine, readonly db: Knex, readonly close: () => Promise<void>) {
    this.world = new OnboardingWorld(db, { clock: new EngineClock(engine.clock), keys: engine.keys, temporal: engine.client });
  }

  static async open(engine: ResetEngine): Promise<LiveOnboardings> {
    const { db, close } = await openMigrated();
    return new LiveOnboardings(engine, db, close);
  }

  /** Runs `work` while a worker serves, with the workflows as they are unless others are given. */
  serving<T>(work: () => Promise<T>, workflows?: Parameters<ResetEngine['serving']>[2]): Promise<T> {
    return this.engine.serving(this.world.activities, work, workflows);
  }

  /** Creates an account, whose administrator is welcomed. Returns its code. */
  async create(more: Partial<NewAccount> = {}): Promise<string> {
    const account = newAccount(more);
    await createAccount(this.world.api, account, operator);
    return account.code;
  }

  /** Starts an onboarding whose runs go on as new ones after so many events. Nobody is told of it but the engine. */
  async startShort(continueAfterEvents: number, more: Partial<NewAccount> = {}): Promise<string> {
    const code = await this.world.account(more);
    const { tasks } = await this.world.onboarding(code);
    const input: OnboardingInput = { accountCode: code, tasks: statesOf(tasks), ends: { lastDay: null, at: null }, continueAfterEvents };
    await this.engine.client.workflow.start(CONNECT_ONBOARDING, { workflowId: connectOnboardingWorkflowId(code), taskQueue: TASK_QUEUE, args: [input] });
    return code;
  }

  handle(code: string, runId?: string): WorkflowHandle {
    return this.engine.client.workflow.getHandle(connectOnboardingWorkflowId(code), runId);
  }

  async eventTypes(code: string, runId?: string): Promise<EventType[]> {
    const { events } = await this.handle(code, runId).fetchHistory();
    return (events ?? []).map(({ eventType }) => temporal.api.enums.v1.EventType[eventType ?? 0]!.replace('EVENT_TYPE_', '') as EventType);
  }

  async step(code: string, task: TaskName, action: TaskStep, key?: string): Promise<void> {
    const { version } = await this.world.task(code, task);
    await takeStep(this.world.api, code, { action, task, version, ...(key ? { idempotencyKey: key } : {}) }, ada);
  }

  async draft(code: string, task: TaskName, draft: Readonly<Record<string, unknown>> = task === 'details' ? { ...forms.details, notices: [notices(code)] } : forms[task]): Promise<void> {
    const { version } = await this.world.task(code, task);
    await saveDraft(this.world.api, code, task, { version, draft }, ada);
  }

  /** Starts a task, fills its form in and hands it in. */
  async handIn(code: string, task: TaskName): Promise<void> {
    await this.step(code, task, 'start');
    await this.draft(code, task);
    await this.step(code, task, 'submit');
  }

  /** Waits until a task is in a state, by the rows. */
  async reaches(code: string, task: TaskName, state: TaskState): Promise<Onboarding> {
    return waitFor(async () => {
      const onboarding = await this.world.onboarding(code);
      return onboarding.tasks.some((row) => row.task === task && row.state === state) ? onboarding : undefined;
    }, { what: `${task} ${state}` });
  }

  /** Waits until an address has had these mails, by their subjects: a verdict is written before its mail goes out. */
  async hears(to: string, ...subjects: string[]): Promise<void> {
    await waitFor(() => this.world.subjects(to).length >= subjects.length || undefined, { what: `${subjects.length} mails to ${to}` });
    expect(this.world.subjects(to)).toEqual(subjects);
  }

  async completeTask(code: string, task: TaskName): Promise<void> {
    await this.handIn(code, task);
    await this.reaches(code, task, 'completed');
  }

  /** Completes tasks one after the other. */
  async complete(code: string, ...tasks: TaskName[]): Promise<void> {
    for (const task of tasks) await this.completeTask(code, task);
  }
}
