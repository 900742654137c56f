import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { EncryptionCodec } from '../../security/codec';
import { dataConverter } from '../../security/data-converter';
import { KeyRing } from '../../security/keys';
import type { Instance } from './instance';

/** The keys an embedded instance made for itself. */
export function instanceKeys({ dataDir }: Pick<Instance, 'dataDir'>): KeyRing {
  return KeyRing.parse(readFileSync(join(dataDir, 'keys'), 'utf8').trim());
}

/** One run, with everything in its history readable. */
export interface DecodedHistory {
  readonly workflowId: string;
  readonly events: number;
  readonly text: string;
}

function isPayload(value: object): value is Payload {
  return 'metadata' in value && 'data' in value;
}

/** All texts of a history, payloads decoded: what somebody with the keys could read, or without a codec what anybody could. */
export async function readable(value: unknown, codec: Pick<PayloadCodec, 'decode'> = { decode: async (payloads) => payloads }): Promise<string[]> {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (typeof value !== 'object' || value === null) return [];
  if (isPayload(value)) {
    const decoded = await codec.decode([value]);
    return decoded.map(({ data }) => Buffer.from(data ?? []).toString('utf8'));
  }
  const texts = await Promise.all(Object.values(value).map((inner) => readable(inner, codec)));
  return texts.flat();
}

/** Every history of an instance's engine, decoded with the instance's keys. */
export async function decodedHistories(instance: Instance): Promise<DecodedHistory[]> {
  const keys = instanceKeys(instance);
  const codec = new EncryptionCodec(keys);
  const connection = await Connection.connect({ address: instance.temporalAddress });
  try {
    const client = new Client({ connection, dataConverter: dataConverter(keys) });
    const histories: DecodedHistory[] = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      histories.push({ workflowId, events: history.events?.length ?? 0, text: (await readable(history, codec)).join('\n') });
    }
    return histories;
  } finally {
    await connection.close();
  }
}
