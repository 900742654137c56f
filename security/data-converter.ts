import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { EncryptionCodec } from './codec';
import type { KeyRing } from './keys';

/** Where the workflow bundler finds the failure converter as well. */
export const failureConverterPath = join(__dirname, 'failure-converter.ts');

/** The data converter of every client and worker. */
export function dataConverter(keys: KeyRing): DataConverter {
  return { payloadCodecs: [new EncryptionCodec(keys)], failureConverterPath };
}
