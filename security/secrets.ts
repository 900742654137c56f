import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { keyedDigest } from './digests';
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

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS_PER_CHARACTER = 5;

/** RFC 4648, section 6; the bytes make whole characters. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(new RegExp(`.{${BITS_PER_CHARACTER}}`, 'g')) ?? []).map((five) => BASE32[parseInt(five, 2)]).join('');
}

const TOTP_KEY_BYTES = 20;
const RECOVERY_CODE_BYTES = 10;
const GROUPS_OF = 4;

/** The key of an authenticator app: 160 random bits (RFC 4226, section 4), as base 32. */
export function newTotpKey(): string {
  return base32(randomBytes(TOTP_KEY_BYTES));
}

/**
 * A recovery code of 80 bits (NIST SP 800-63B-4, 4.2.1.1 asks for 64), in groups of four. It is made from the request that
 * shows it: a repeat of that request shows the same.
 */
export function recoveryCode(keys: KeyRing, flowId: string, requestId: string, number: number): string {
  const { digest } = keyedDigest(keys, 'recovery-code', ['code', flowId, requestId, String(number)], keys.oldest);
  return base32(Buffer.from(digest, 'hex').subarray(0, RECOVERY_CODE_BYTES)).match(new RegExp(`.{${GROUPS_OF}}`, 'g'))!.join('-').toLowerCase();
}

/** A recovery code as it is digested, however a person writes it. */
export function normaliseRecoveryCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '');
}

/** The token of a session: 256 bits (ASVS 7.2.3), made from the Update that signed in, so that a repeat of it gets the same. */
export function sessionToken(keys: KeyRing, flowId: string, updateId: string): string {
  const { digest } = keyedDigest(keys, 'session', [flowId, updateId], keys.oldest);
  return Buffer.from(digest, 'hex').toString('base64url');
}

/** The handle that goes on after a proof by this Update: the same one for a repeat of it. */
export function proofHandle(keys: KeyRing, flowId: string, updateId: string): string {
  const { digest } = keyedDigest(keys, 'link-handle', ['proof', flowId, updateId], keys.oldest);
  return Buffer.from(digest, 'hex').subarray(0, HANDLE_BYTES).toString('base64url');
}

/**
 * The handle that stands in the e-mailed link. It is made from the flow, so that a retried e-mail repeats it, and it is
 * another one than the starter's: opening the link tells a stranger who began the reset nothing.
 */
export function linkHandle(keys: KeyRing, flowId: string, keyId = keys.current): string {
  return createHmac('sha256', keys.derive('link-handle', keyId)).update(flowId).digest().subarray(0, HANDLE_BYTES).toString('base64url');
}
