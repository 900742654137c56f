import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type ActivityExecuteInput, type ActivityInboundCallsInterceptor, type Next, type WorkerOptions } from '@temporalio/worker';
import { locateTemporalCli, locateTestServer } from '../../dev/engine/locate';
import { registerSearchAttributes } from '../../dev/engine/search-attributes';
import { dataConverter } from '../../security/data-converter';
import type { FlowKind } from '../../db/flows';
import type { KeyRing } from '../../security/keys';
import { CODES_QUEUE, NOTICES_QUEUE, passwordResetWorkflowId, searchAttributes, signInWorkflowId, smsSubscriptionWorkflowId, TASK_QUEUE } from '../../temporal.config';
import { workflowSource } from '../../worker/workflow-source';
import { waitFor } from './wait';
import './quiet-runtime';

const onProgress = (line: string): void => console.log(line);

/** What a program that uses an engine is called in histories: the default would name the machine. */
const identity = 'postern-test';

/** The name of an event's type, as the Temporal Web UI shows it. */
export type EventType = keyof typeof temporal.api.enums.v1.EventType extends `EVENT_TYPE_${infer Name}` ? Name : never;

const WORKFLOW_IDS: Readonly<Record<FlowKind, (flowId: string) => string>> = { 'password-reset': passwordResetWorkflowId, 'sign-in': signInWorkflowId, 'sms-subscription': smsSubscriptionWorkflowId };

/** An engine of a suite's own, with the clients and workers that a journey needs. */
export class ResetEngine {
  #skippedMs = 0;
  /** The engine's time in milliseconds, as it was when it was last asked for: by every activity, and after every sleep. */
  readonly clock = (): number => Date.now() + this.#skippedMs;

  private constructor(
    readonly environment: TestWorkflowEnvironment,
    readonly keys: KeyRing,
    /** Whose flows are asked for. */
    readonly journey: FlowKind,
  ) {}

  /** The real development server, in memory. */
  static async local(keys: KeyRing, journey: FlowKind = 'password-reset'): Promise<ResetEngine> {
    const path = await locateTemporalCli({ onProgress });
    const environment = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path },
        searchAttributes: Object.values(searchAttributes),
        extraArgs: ['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
        log: { format: 'pretty', level: 'never' },
      },
      client: { dataConverter: dataConverter(keys), identity },
    });
    return new ResetEngine(environment, keys, journey);
  }

  /** The server whose time is skipped while a result is awaited. One clock for all workflows: one test at a time. */
  static async timeSkipping(keys: KeyRing, journey: FlowKind = 'password-reset'): Promise<ResetEngine> {
    const path = await locateTestServer({ onProgress });
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
      client: { dataConverter: dataConverter(keys), identity },
    });
    await registerSearchAttributes(environment.connection);
    return new ResetEngine(environment, keys, journey);
  }

  get client(): TestWorkflowEnvironment['client'] {
    return this.environment.client;
  }

  /** Runs `work` while a worker with these activities polls. What still runs in an activity then is told to stop. */
  async serving<T>(activities: object, work: () => Promise<T>, workflows: Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> = workflowSource()): Promise<T> {
    const shared = {
      connection: this.environment.nativeConnection,
      namespace: 'default',
      dataConverter: dataConverter(this.keys),
      activities,
      interceptors: {
        activity: [() => ({
          inbound: {
            execute: async (input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) => {
              await this.followTime();
              return next(input);
            },
          },
        })],
      },
      identity,
    };
    const queues = [{ taskQueue: TASK_QUEUE, ...workflows }, { taskQueue: CODES_QUEUE }, { taskQueue: NOTICES_QUEUE }];
    const workers = await Promise.all(queues.map((queue) => Worker.create({ ...shared, ...queue })));
    return workers.reduce<() => Promise<T>>((inner, worker) => () => worker.runUntil(inner), work)();
  }

  /** Lets time pass: none of ours where the engine skips it. */
  async sleep(ms: number): Promise<void> {
    await this.environment.sleep(ms);
    await this.followTime();
  }

  /** Sets the clock by the engine's. */
  async followTime(): Promise<void> {
    if (this.environment.supportsTimeSkipping) this.#skippedMs = (await this.environment.currentTimeMs()) - Date.now();
  }

  handle(flowId: string): WorkflowHandle {
    return this.client.workflow.getHandle(WORKFLOW_IDS[this.journey](flowId));
  }

  /** What an operator reads on the flow's page. */
  async details(flowId: string): Promise<string> {
    const { currentDetails } = await this.handle(flowId).query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return currentDetails;
  }

  /** Waits until an operator reads this on the flow's page: what the workflow had to do by then is done. */
  async reads(flowId: string, text: string): Promise<void> {
    await waitFor(async () => (await this.details(flowId)).includes(text) || undefined, { what: `"${text}" in the details of ${flowId}` });
  }

  /** How many events a flow's history has. */
  async events(flowId: string): Promise<number> {
    return (await this.handle(flowId).fetchHistory()).events?.length ?? 0;
  }

  /** The types of a flow's events, in order. */
  async eventTypes(flowId: string): Promise<EventType[]> {
    const { events } = await this.handle(flowId).fetchHistory();
    return (events ?? []).map(({ eventType }) => temporal.api.enums.v1.EventType[eventType ?? 0]!.replace('EVENT_TYPE_', '') as EventType);
  }

  stop(): Promise<void> {
    return this.environment.teardown();
  }
}
