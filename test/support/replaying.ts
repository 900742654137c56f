import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { Worker, type ReplayResult, type ReplayWorkerOptions } from '@temporalio/worker';
import { EncryptionCodec } from '../../security/codec';
import { dataConverter } from '../../security/data-converter';
import { searchAttributes } from '../../temporal.config';
import { recordingKeys, type RecordedHistory } from './recorded-histories';
import './quiet-runtime';

/** What stored histories are decoded with. */
export const recordingCodec = new EncryptionCodec(recordingKeys());

/** Replays histories against workflows. Answers what went wrong with each, by name. */
export async function replay(histories: readonly RecordedHistory[], source: Pick<ReplayWorkerOptions, 'workflowBundle' | 'workflowsPath'>): Promise<Map<string, ReplayResult['error']>> {
  const results = new Map<string, ReplayResult['error']>();
  const named = histories.map(({ name, history }) => ({ workflowId: name, history }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ ...source, dataConverter: dataConverter(recordingKeys()) }, named)) results.set(workflowId, error);
  return results;
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

/** Who events say they come from: the programs' default would name the machine. */
export function identitiesIn({ history }: RecordedHistory): Set<string> {
  const found = new Set<string>();
  JSON.stringify(history, (key, value: unknown) => (key === 'identity' && typeof value === 'string' ? found.add(value).size : value));
  return found;
}
