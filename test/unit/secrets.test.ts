import { randomInt } from 'node:crypto';
import { evaluatePassword, meetsPolicy } from '../../domain/password-policy';
import { linkHandle, newCode, newHandle, newLinkToken, newTemporaryPassword } from '../../security/secrets';
import { testKeys } from '../support/keys';

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const bitsOf = (value: string): number => Buffer.from(value, 'base64url').length * 8;
const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Pearson's statistic against equal frequencies. */
function chiSquare(samples: readonly string[], bins: number): number {
  const seen = new Map<string, number>();
  for (const sample of samples) seen.set(sample, (seen.get(sample) ?? 0) + 1);
  const expected = samples.length / bins;
  const missing = (bins - seen.size) * expected;
  return [...seen.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, missing);
}

/** The value that uniform samples exceed once in three million times: Wilson and Hilferty's approximation at 5 sigma. */
function critical(bins: number): number {
  const df = bins - 1;
  return df * (1 - 2 / (9 * df) + 5 * Math.sqrt(2 / (9 * df))) ** 3;
}

describe('codes', () => {
  const codes = many(100_000, newCode);
  const SPLITS: readonly (readonly [name: string, from: number, to: number])[] = [
    ...[0, 1, 2, 3, 4, 5].map((place) => [`digit ${place + 1}`, place, place + 1] as const),
    ['the first two digits', 0, 2],
    ['the last two digits', 4, 6],
  ];

  test('check 2: are six digits, leading zeros included', () => {
    expect(codes.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([]);
    expect(codes.filter((code) => code.startsWith('0')).length).toBeGreaterThan(9_000);
    expect(codes.some((code) => code.startsWith('000'))).toBe(true);
  });

  test.each(SPLITS)('check 2: %s of 100,000 codes are uniform by chi-square', (_name, from, to) => {
    const bins = 10 ** (to - from);
    expect(chiSquare(codes.map((code) => code.slice(from, to)), bins)).toBeLessThan(critical(bins));
  });

  test('check 2: the statistic finds codes without leading zeros', () => {
    const biased = many(100_000, () => String(randomInt(100_000, 1_000_000)));
    expect(chiSquare(biased.map((code) => code.slice(0, 1)), 10)).toBeGreaterThan(critical(10));
  });
});

describe('handles and tokens', () => {
  test('check 1: a link\'s token has 256 random bits and is no UUID', () => {
    const tokens = many(1_000, newLinkToken);
    expect(new Set(tokens).size).toBe(tokens.length);
    for (const token of tokens) {
      expect(token).toMatch(BASE64URL);
      expect(bitsOf(token)).toBe(256);
    }
  });

  test('checks 1 and 59: a handle has 128 random bits', () => {
    const handles = many(1_000, newHandle);
    expect(new Set(handles).size).toBe(handles.length);
    for (const handle of handles) {
      expect(handle).toMatch(BASE64URL);
      expect(bitsOf(handle)).toBe(128);
    }
  });

  test('check 59: every bit of a handle varies', () => {
    const bits = many(1_000, newHandle).map((handle) => [...Buffer.from(handle, 'base64url')].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
    for (let place = 0; place < 128; place++) {
      const ones = bits.filter((bit) => bit[place] === '1').length;
      expect([place, ones > 350 && ones < 650]).toEqual([place, true]);
    }
  });

  test('checks 1 and 9: the handle in a link is of its flow and its key, the same for a retried e-mail, and not to be guessed from the flow', () => {
    const keys = testKeys('new', 'old');
    expect(linkHandle(keys, 'flow-a')).toBe(linkHandle(keys, 'flow-a'));
    expect(bitsOf(linkHandle(keys, 'flow-a'))).toBe(128);
    expect(new Set([linkHandle(keys, 'flow-a'), linkHandle(keys, 'flow-b'), linkHandle(keys, 'flow-a', 'old'), linkHandle(testKeys('other'), 'flow-a')]).size).toBe(4);
  });
});

describe('temporary passwords', () => {
  const passwords = many(2_000, newTemporaryPassword);
  const KINDS = [/[A-HJ-NP-Z]/g, /[a-km-z]/g, /[2-9]/g, /[-_+=]/g];
  const SIZES = [24, 25, 8, 4];

  test('check 41: have 18 characters, none mistaken for another in print', () => {
    for (const password of passwords) expect(password).toMatch(/^[A-HJ-NP-Za-km-z2-9\-_+=]{18}$/);
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  test.each([
    ['with two steps', 8, false],
    ['alone', 15, false],
    ['under legacy complexity', 15, true],
  ])('check 41: follow the policy of a password %s', (_name, minLength, legacyComplexity) => {
    const policy = { minLength, maxLength: 64, legacyComplexity, context: ['Lighthouse', 'CEU11A1', 'user1'] };
    expect(passwords.filter((password) => !meetsPolicy(evaluatePassword(password, policy)))).toEqual([]);
  });

  test('check 41: use every character of every kind, in every place', () => {
    for (const [index, kind] of KINDS.entries()) {
      expect(new Set(passwords.flatMap((password) => password.match(kind) ?? [])).size).toBe(SIZES[index]);
    }
    for (let place = 0; place < 18; place++) {
      expect(KINDS.map((kind) => passwords.some((password) => password[place]!.match(kind) !== null))).toEqual([true, true, true, true]);
    }
  });

  test('check 41: the likeliest of them has less than one chance in 2^100', () => {
    // One character of each kind is placed first, 14 more are of any kind, then all are shuffled: a password can come from
    // as many choices of the four as it has characters of each kind. Most for 4, 4, 5 and 5 of a kind.
    const any = SIZES.reduce((sum, size) => sum + size, 0);
    const choices = (4 * 4 * 5 * 5) / (18 * 17 * 16 * 15);
    const bits = Math.log2(SIZES.reduce((product, size) => product * size, 1)) + 14 * Math.log2(any) - Math.log2(choices);
    expect(bits).toBeGreaterThan(100);
  });
});
