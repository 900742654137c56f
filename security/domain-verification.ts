import { keyedDigest } from './digests';
import type { KeyRing } from './keys';

/** The record that shows that whoever has an account also has a domain. */
export interface VerificationRecord {
  /** Where it is published. */
  readonly name: string;
  readonly type: 'TXT';
  readonly value: string;
}

/** What every such record begins with. */
export const VERIFICATION_PREFIX = 'postern-verification=';
/** 128 bits: nobody can publish what they were not told. */
const TOKEN_CHARACTERS = 32;

function valueFor(keys: KeyRing, accountCode: string, domain: string, keyId: string): string {
  return `${VERIFICATION_PREFIX}${keyedDigest(keys, 'domain-verification', [accountCode, domain.toLowerCase()], keyId).digest.slice(0, TOKEN_CHARACTERS)}`;
}

/** What an account has to publish for a domain: for another account, or another domain, it is something else. */
export function verificationRecord(keys: KeyRing, accountCode: string, domain: string): VerificationRecord {
  return { name: domain.toLowerCase(), type: 'TXT', value: valueFor(keys, accountCode, domain, keys.current) };
}

/** Every value that is taken: a record that was published before a key was replaced stays good. */
export function acceptedValues(keys: KeyRing, accountCode: string, domain: string): string[] {
  return keys.ids.map((id) => valueFor(keys, accountCode, domain, id));
}
