import { addressDigest, candidateDigests, digestsEqual, keyedDigest, randomValueDigest, secretDigest, type SecretBinding } from '../../security/digests';
import { testKeys } from '../support/keys';

const keys = testKeys('new', 'old');
const binding: SecretBinding = { person: 'a'.repeat(32), flowId: 'f'.repeat(64), round: 1 };
const code = '012345';
const stored = secretDigest(keys, 'code', binding, code);

function fits(candidates: readonly { keyId: string; digest: string }[], digest = stored): boolean {
  return candidates.some((candidate) => candidate.keyId === digest.keyId && digestsEqual(candidate.digest, digest.digest));
}

describe('a secret\'s digest', () => {
  test('checks 8 and 9: fits what the person typed, and holds nothing of it', () => {
    expect(fits(candidateDigests(keys, 'code', binding, code))).toBe(true);
    expect(stored.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(stored.digest).not.toBe(randomValueDigest(code));
  });

  test.each([
    ['another flow', { ...binding, flowId: 'e'.repeat(64) }],
    ['another person, of this or another tenant', { ...binding, person: 'b'.repeat(32) }],
    ['another round', { ...binding, round: 2 }],
  ])('check 9: does not fit in %s', (_name, other) => {
    expect(fits(candidateDigests(keys, 'code', other, code))).toBe(false);
  });

  test.each(['link', 'temporary-password'] as const)('check 9: of a code does not fit as a %s', (purpose) => {
    expect(fits(candidateDigests(keys, purpose, binding, code))).toBe(false);
  });

  test('check 9: does not fit another secret', () => {
    expect(fits(candidateDigests(keys, 'code', binding, '012346'))).toBe(false);
  });

  test('check 9: keeps its parts apart', () => {
    const parts = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['1:a', 'bc']];
    expect(new Set(parts.map((list) => keyedDigest(keys, 'code', list).digest)).size).toBe(parts.length);
  });

  test('check 8: cannot be made without the key outside the database', () => {
    expect(fits(candidateDigests(testKeys('stolen-database'), 'code', binding, code))).toBe(false);
  });
});

describe('while keys are replaced', () => {
  test('what was typed is digested once for each live key, the newest first', () => {
    expect(candidateDigests(keys, 'code', binding, code).map(({ keyId }) => keyId)).toEqual(['new', 'old']);
  });

  test('a secret of the old key is still right, and a new one is made with the new key', () => {
    const old = secretDigest(testKeys('old'), 'code', binding, code);
    expect(fits(candidateDigests(keys, 'code', binding, code), old)).toBe(true);
    expect(stored.keyId).toBe('new');
  });

  test('once its key has gone a secret is wrong', () => {
    const old = secretDigest(testKeys('old'), 'code', binding, code);
    expect(fits(candidateDigests(testKeys('new'), 'code', binding, code), old)).toBe(false);
  });

  test('checks 7 and 13: an address keeps its digest, so that counts survive', () => {
    expect(addressDigest(testKeys('newest', 'new', 'old'), 'user1@lighthouse.example')).toBe(addressDigest(testKeys('old'), 'user1@lighthouse.example'));
  });
});

describe('an address\'s digest', () => {
  test('checks 13 and 20: is the same whatever the case and the blanks around it', () => {
    expect(addressDigest(keys, ' User1@LIGHTHOUSE.example ')).toBe(addressDigest(keys, 'user1@lighthouse.example'));
  });

  test('is another one for another address or another key', () => {
    const digests = [addressDigest(keys, 'user1@lighthouse.example'), addressDigest(keys, 'user2@lighthouse.example'), addressDigest(testKeys('other'), 'user1@lighthouse.example')];
    expect(new Set(digests).size).toBe(3);
  });
});

test.each([
  ['equal digests', stored.digest, stored.digest, true],
  ['digests that differ in their last place', `${'0'.repeat(63)}1`, `${'0'.repeat(63)}2`, false],
  ['a beginning of a digest', stored.digest, stored.digest.slice(0, 32), false],
  ['nothing', stored.digest, '', false],
  ['two values that are no digests', 'not hex', 'neither', false],
])('comparing %s', (_name, a, b, equal) => {
  expect(digestsEqual(a, b)).toBe(equal);
});
