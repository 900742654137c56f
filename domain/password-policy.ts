import { dictionary } from '@zxcvbn-ts/language-common';

/** What an authentication profile asks of a password. */
export interface PasswordPolicy {
  /** In code points (NIST SP 800-63B-4, 3.1.1.2). */
  readonly minLength: number;
  /** At least 64 (ASVS 6.2.9). */
  readonly maxLength: number;
  /** Upper, lower, digit and symbol: a profile's choice, against the standard's advice. */
  readonly legacyComplexity: boolean;
  /** Words that say who and where the person is; they must not stand in the password. */
  readonly context: readonly string[];
}

/** One line of the policy, as a page shows it: a tick or a cross. */
export interface Criterion {
  readonly id: 'length' | 'max-length' | 'not-common' | 'not-context' | 'upper' | 'lower' | 'digit' | 'symbol';
  readonly label: string;
  readonly met: boolean;
}

const SHORTEST_CONTEXT_WORD = 4;
const WITH_TWO_STEPS = 8;
const SINGLE_FACTOR = 15;

const common = new Set((dictionary['passwords-common'] as readonly string[]).map((word) => word.toLowerCase()));

/** The shortest password a profile may ask for: 8 where a second step stands beside it, 15 where it stands alone. */
export function defaultMinLength(twoSteps: boolean): 8 | 15 {
  return twoSteps ? WITH_TWO_STEPS : SINGLE_FACTOR;
}

/** Makes composed and decomposed characters the same (NFC). Nothing is trimmed or cut. */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * Judges a password. The page and the server call this same function, so that they cannot disagree. With nothing typed
 * no criterion is met but the upper limit.
 */
export function evaluatePassword(password: string, policy: PasswordPolicy): Criterion[] {
  const normal = normalisePassword(password);
  const length = [...normal].length;
  const folded = normal.toLowerCase();
  const typed = length > 0;
  const words = policy.context.map((word) => word.normalize('NFC').toLowerCase()).filter((word) => [...word].length >= SHORTEST_CONTEXT_WORD);
  const criteria: Criterion[] = [
    { id: 'length', label: `At least ${policy.minLength} characters`, met: length >= policy.minLength },
    { id: 'max-length', label: `No more than ${policy.maxLength} characters`, met: length <= policy.maxLength },
    { id: 'not-common', label: 'Not a commonly used password', met: typed && !common.has(folded) },
    { id: 'not-context', label: 'Without your name, your address or the name of your organisation', met: typed && !words.some((word) => folded.includes(word)) },
  ];
  if (policy.legacyComplexity) {
    criteria.push(
      { id: 'upper', label: 'An upper-case letter', met: /\p{Lu}/u.test(normal) },
      { id: 'lower', label: 'A lower-case letter', met: /\p{Ll}/u.test(normal) },
      { id: 'digit', label: 'A digit', met: /\p{Nd}/u.test(normal) },
      { id: 'symbol', label: 'A symbol', met: /[^\p{L}\p{N}\s]/u.test(normal) },
    );
  }
  return criteria;
}

/** Whether every criterion is met. */
export function meetsPolicy(criteria: readonly Criterion[]): boolean {
  return criteria.every((criterion) => criterion.met);
}
