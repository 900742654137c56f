import { newTotpKey, normaliseRecoveryCode, recoveryCode } from '../../security/secrets';
import { totpCodes, totpUri } from '../../security/totp';
import { testKeys } from '../support/keys';

/** The key of RFC 6238's test vectors, "12345678901234567890", as base 32. */
const RFC_KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('an authenticator shows, %d seconds after the epoch, %s (RFC 6238, appendix B)', (seconds, code) => {
  expect(totpCodes(RFC_KEY, seconds * 1_000)[0]).toEqual({ counter: Math.floor(seconds / 30), code });
});

test('the steps before and after are taken too, and no others', () => {
  const now = 1_700_000_000_000;
  const current = Math.floor(now / 30_000);
  expect(totpCodes(RFC_KEY, now).map(({ counter }) => counter).sort()).toEqual([current - 1, current, current + 1]);
});

test('check 1: a key has 160 bits, another one each time, and is read by apps', () => {
  const keys = Array.from({ length: 100 }, newTotpKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^[A-Z2-7]{32}$/);
  expect(totpUri(keys[0]!, { issuer: 'Postern & Sons', label: 'user1@lighthouse.example' })).toBe(`otpauth://totp/Postern%20%26%20Sons:user1%40lighthouse.example?secret=${keys[0]}&issuer=Postern%20%26%20Sons`);
});

test('check 53: a recovery code has 80 bits, and is the same for a repeat of its request only', () => {
  const keys = testKeys('main');
  const code = recoveryCode(keys, 'flow', 'request', 0);
  expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  expect(recoveryCode(keys, 'flow', 'request', 0)).toBe(code);
  const others = [recoveryCode(keys, 'flow', 'request', 1), recoveryCode(keys, 'flow', 'another', 0), recoveryCode(keys, 'other', 'request', 0), recoveryCode(testKeys('new'), 'flow', 'request', 0)];
  expect(new Set([code, ...others]).size).toBe(5);
});

test('a recovery code is the same with or without its dashes, blanks and capitals', () => {
  expect(normaliseRecoveryCode(' ABCD-efgh 2345-klmn ')).toBe('abcdefgh2345klmn');
});
