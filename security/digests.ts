import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyPurpose, KeyRing } from './keys';

/** A keyed digest with the id of the key that made it. */
export interface KeyedDigest {
  readonly keyId: string;
  readonly digest: string;
}

/** What a secret is bound to: used elsewhere it is just wrong (ASVS 6.6.2). */
export interface SecretBinding {
  /** Digest of the person's address. */
  readonly person: string;
  readonly flowId: string;
  readonly round: number;
}

/** Parts are length-prefixed, so that no two lists of parts give the same input. */
function hmac(key: Buffer, parts: readonly string[]): string {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part);
  return mac.digest('hex');
}

/** Plain SHA-256: only for values of at least 128 random bits, such as handles and tokens. */
export function randomValueDigest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** The digest limits, locks and superseding go by. Compares addresses without regard to case. */
export function addressDigest(keys: KeyRing, address: string): string {
  return hmac(keys.derive('address', keys.oldest), [address.trim().toLowerCase()]).slice(0, 32);
}

export function keyedDigest(keys: KeyRing, purpose: KeyPurpose, parts: readonly string[], keyId = keys.current): KeyedDigest {
  return { keyId, digest: hmac(keys.derive(purpose, keyId), parts) };
}

type SecretPurpose = 'code' | 'link' | 'temporary-password' | 'passcode' | 'totp' | 'opt-in-code';

/** What the database keeps of a secret. */
export function secretDigest(keys: KeyRing, purpose: SecretPurpose, binding: SecretBinding, secret: string): KeyedDigest {
  return keyedDigest(keys, purpose, [binding.person, binding.flowId, String(binding.round), secret]);
}

/** What a person typed, digested once per live key: the one that sent the secret may since have been replaced. */
export function candidateDigests(keys: KeyRing, purpose: SecretPurpose, binding: SecretBinding, typed: string): KeyedDigest[] {
  const parts = [binding.person, binding.flowId, String(binding.round), typed];
  return keys.ids.map((keyId) => keyedDigest(keys, purpose, parts, keyId));
}

/** Constant-time comparison of digests. What is no digest equals only itself. */
export function digestsEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
