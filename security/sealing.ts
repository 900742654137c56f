import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyPurpose, KeyRing } from './keys';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. `context` is authenticated with it: what was sealed for one row does not open for another. */
export function sealBytes(keys: KeyRing, purpose: KeyPurpose, plain: Uint8Array, context: string): { keyId: string; sealed: Buffer } {
  const keyId = keys.current;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keys.derive(purpose, keyId), iv).setAAD(Buffer.from(context));
  return { keyId, sealed: Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

/** @throws Error when the key is not live or the bytes were not sealed for this context */
export function openBytes(keys: KeyRing, purpose: KeyPurpose, keyId: string, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', keys.derive(purpose, keyId), bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** Seals a text for a database column: `keyId.base64`. */
export function seal(keys: KeyRing, purpose: KeyPurpose, plain: string, context: string): string {
  const { keyId, sealed } = sealBytes(keys, purpose, Buffer.from(plain), context);
  return `${keyId}.${sealed.toString('base64url')}`;
}

/** Opens what {@link seal} made. */
export function open(keys: KeyRing, purpose: KeyPurpose, column: string, context: string): string {
  const dot = column.lastIndexOf('.');
  return openBytes(keys, purpose, column.slice(0, dot), Buffer.from(column.slice(dot + 1), 'base64url'), context).toString();
}
