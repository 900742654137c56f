import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { KeyRing } from './keys';
import { openBytes, sealBytes } from './sealing';

const ENCODING = 'binary/encrypted';
const CONTEXT = 'temporal-payload';
const text = new TextEncoder();
const decodeText = new TextDecoder();

/** Encrypts every payload that leaves for the engine, so that a history holds nothing readable but ids. */
export class EncryptionCodec implements PayloadCodec {
  constructor(private readonly keys: KeyRing) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      const plain = temporal.api.common.v1.Payload.encode(payload).finish();
      const { keyId, sealed } = sealBytes(this.keys, 'payload', plain, CONTEXT);
      return { metadata: { encoding: text.encode(ENCODING), 'encryption-key-id': text.encode(keyId) }, data: sealed };
    });
  }

  /** Payloads of another encoding pass unchanged: the engine adds some of its own. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      if (!payload.metadata || !payload.data || decodeText.decode(payload.metadata.encoding ?? undefined) !== ENCODING) return payload;
      const keyId = decodeText.decode(payload.metadata['encryption-key-id'] ?? undefined);
      return temporal.api.common.v1.Payload.decode(openBytes(this.keys, 'payload', keyId, payload.data, CONTEXT));
    });
  }
}
