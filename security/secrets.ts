import { createHmac, randomBytes, randomInt } from 'node:crypto';
import type { KeyRing } from './keys';

const HANDLE_BYTES = 16;
const TOKEN_BYTES = 32;

/** A bearer handle of a flow: 128 random bits (ASVS 7.2.3), URL-safe. */
export function newHandle(): string {
  return randomBytes(HANDLE_BYTES).toString('base64url');
}

/** The token of a one-time link: 256 random bits (ASVS 11.5.1 asks for at least 128). */
export function newLinkToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** An operator's bearer token: 256 random bits. */
export function newOperatorToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** A passcode of six digits, uniform over all million of them (NIST SP 800-63B-4, 3.1.3.2). */
export function newCode(): string {
  return randomInt(0, 1_000_000).toString().padStart(6, '0');
}

/** Letters and digits that are not mistaken for one another in print; each kind a legacy policy asks for. */
const ALPHABETS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '-_+='] as const;
const TEMPORARY_PASSWORD_LENGTH = 18;

/** A temporary password of at least 100 random bits that follows every policy a profile can choose (ASVS 6.4.1). */
export function newTemporaryPassword(): string {
  const all = ALPHABETS.join('');
  const characters = ALPHABETS.map((alphabet) => alphabet[randomInt(alphabet.length)]!);
  while (characters.length < TEMPORARY_PASSWORD_LENGTH) characters.push(all[randomInt(all.length)]!);
  for (let i = characters.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [characters[i], characters[j]] = [characters[j]!, characters[i]!];
  }
  return characters.join('');
}

/**
 * The handle that stands in the e-mailed link. It is made from the flow, so that a retried e-mail repeats it, and it is
 * another one than the starter's: opening the link tells a stranger who began the reset nothing.
 */
export function linkHandle(keys: KeyRing, flowId: string, keyId = keys.current): string {
  return createHmac('sha256', keys.derive('link-handle', keyId)).update(flowId).digest().subarray(0, HANDLE_BYTES).toString('base64url');
}
