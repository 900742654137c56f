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

/** What stays when the common word, its repetitions and the runs are taken out: up to so many characters are no secret. */
const MOST_PADDING = 3;
const SHORTEST_COMMON_WORD = 5;
const LONGEST_COMMON_WORD = 24;
const SHORTEST_RUN = 3;
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1q2w3e4r5t6y7u8i9o0p', '1qaz2wsx3edc4rfv5tgb6yhn7ujm']
  .flatMap((run) => [run, [...run].reverse().join('')]);
const SHORT_PIECE_REPEATED = new RegExp(`^(.{1,${WITH_TWO_STEPS - 1}}?)\\1+.{0,${MOST_PADDING}}$`, 'su');

/** Takes out equal characters in a row, and runs of the alphabet, of counting and of a keyboard. */
function withoutRuns(text: string): string {
  const rest = text.replace(/(.)\1{2,}/gsu, '');
  let kept = '';
  for (let from = 0; from < rest.length; ) {
    let to = from + 1;
    while (to < rest.length && RUNS.some((run) => run.includes(rest.slice(from, to + 1)))) to++;
    if (to - from < SHORTEST_RUN) to = from + 1;
    if (to - from === 1) kept += rest[from];
    from = to;
  }
  return kept;
}

const isPadding = (text: string): boolean => [...withoutRuns(text)].length <= MOST_PADDING;

/**
 * Whether a password is on the list of common ones, or is what people make of it to fill a length: one common word
 * repeated or padded, a run, or a short piece repeated. The list itself has few as long as a single factor must be.
 */
function isCommon(folded: string): boolean {
  if (common.has(folded) || isPadding(folded) || SHORT_PIECE_REPEATED.test(folded)) return true;
  const tried = new Set<string>();
  for (let from = 0; from < folded.length && isPadding(folded.slice(0, from)); from++) {
    for (let length = SHORTEST_COMMON_WORD; length <= LONGEST_COMMON_WORD && from + length <= folded.length; length++) {
      const word = folded.slice(from, from + length);
      if (tried.has(word) || !common.has(word)) continue;
      if (isPadding(folded.replaceAll(word, ''))) return true;
      tried.add(word);
    }
  }
  return false;
}

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
    { id: 'not-common', label: 'Not a common password, a run or a repetition', met: typed && !isCommon(folded) },
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
