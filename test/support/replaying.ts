import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, ReplayError, Worker, type ReplayResult, type ReplayWorkerOptions } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { EncryptionCodec } from '../../security/codec';
import { dataConverter, failureConverterPath } from '../../security/data-converter';
import { searchAttributes } from '../../temporal.config';
import { workflowSource } from '../../worker/workflow-source';
import { recordingKeys, type RecordedHistory } from './recorded-histories';
import './quiet-runtime';

/** Every journey with a change that flows in progress do not survive. */
const CHANGED = join(__dirname, '../replay/changed/workflows.ts');

/** How the engine's client names the marker of `patched`. */
const PATCH_MARKER = 'core_patch';

/** What stored histories are decoded with. */
export const recordingCodec = new EncryptionCodec(recordingKeys());

/** Replays histories against workflows. Answers what went wrong with each, by name. */
export async function replay(histories: readonly RecordedHistory[], source: Pick<ReplayWorkerOptions, 'workflowBundle' | 'workflowsPath'>): Promise<Map<string, ReplayResult['error']>> {
  const results = new Map<string, ReplayResult['error']>();
  const named = histories.map(({ name, history }) => ({ workflowId: name, history }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ ...source, dataConverter: dataConverter(recordingKeys()) }, named)) results.set(workflowId, error);
  return results;
}

/** Expects each of these histories to replay against the workflows as they are now. */
export async function expectReplays(histories: readonly RecordedHistory[]): Promise<void> {
  const results = await replay(histories, workflowSource());
  expect([...results.keys()].sort()).toEqual(histories.map(({ name }) => name).sort());
  expect([...results].filter(([, error]) => error !== undefined)).toEqual([]);
}

/** Expects a change that flows in progress do not survive to be caught in each of these histories. */
export async function expectChangeCaught(histories: readonly RecordedHistory[]): Promise<void> {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: CHANGED, failureConverterPath, logger: new DefaultLogger('ERROR') });
  const results = await replay(histories, { workflowBundle });
  expect(results.size).toBe(histories.length);
  expect([...results].filter(([, error]) => !isMismatch(error))).toEqual([]);
}

/** A history does not fit its workflow: in what it asks for, or (a timer that was never started is cancelled) in what became of that. */
function isMismatch(error: ReplayResult['error']): boolean {
  return error instanceof DeterminismViolationError || (error instanceof ReplayError && error.message.includes('Fatal error in workflow machines'));
}

/** What a workflow was started with. */
export async function inputOf<Input>({ history }: RecordedHistory): Promise<Input> {
  const payloads = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const [payload] = await recordingCodec.decode(payloads);
  return defaultPayloadConverter.fromPayload<Input>(payload!);
}

/** The ending that the search attribute tells. */
export function endingOf<Ending>({ history }: RecordedHistory): Ending | undefined {
  const told = (history.events ?? []).map((event) => event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.[searchAttributes.outcome.name]);
  const last = told.filter((payload) => payload != null).at(-1);
  return last ? defaultPayloadConverter.fromPayload<Ending>(last) : undefined;
}

/** How many events of a type a history has. */
export function countOf({ history }: RecordedHistory, type: keyof typeof temporal.api.enums.v1.EventType): number {
  return (history.events ?? []).filter(({ eventType }) => eventType === temporal.api.enums.v1.EventType[type]).length;
}

/** Whether a run went by what stands behind a patch. */
export function isPatched({ history }: RecordedHistory): boolean {
  return (history.events ?? []).some((event) => event.markerRecordedEventAttributes?.markerName === PATCH_MARKER);
}

/** Who events say they come from: the programs' default would name the machine. */
export function identitiesIn({ history }: RecordedHistory): Set<string> {
  const found = new Set<string>();
  JSON.stringify(history, (key, value: unknown) => (key === 'identity' && typeof value === 'string' ? found.add(value).size : value));
  return found;
}
