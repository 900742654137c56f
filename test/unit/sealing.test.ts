import { open, openBytes, seal, sealBytes } from '../../security/sealing';
import { testKeys } from '../support/keys';

const keys = testKeys('new', 'old');
const secret = 'Your code is 012345 — «ü»';

test('check 8: what is sealed opens again, and shows nothing of itself', () => {
  const column = seal(keys, 'seal', secret, 'message/1');
  expect(open(keys, 'seal', column, 'message/1')).toBe(secret);
  expect(column).toMatch(/^new\.[\w-]+$/);
  expect(Buffer.from(column.split('.')[1]!, 'base64url').toString('latin1')).not.toContain('012345');
});

test('the same text is sealed differently each time', () => {
  expect(new Set(Array.from({ length: 100 }, () => seal(keys, 'seal', secret, 'message/1'))).size).toBe(100);
});

test('an empty text can be sealed', () => {
  expect(open(keys, 'seal', seal(keys, 'seal', '', 'message/1'), 'message/1')).toBe('');
});

test('an id of a key may hold what the column is made with', () => {
  const dashed = testKeys('dev-1_a');
  expect(open(dashed, 'seal', seal(dashed, 'seal', secret, 'c'), 'c')).toBe(secret);
});

test.each([
  ['another row', 'message/2', 'seal'],
  ['another purpose', 'message/1', 'captcha'],
] as const)('check 9: what was sealed does not open for %s', (_name, context, purpose) => {
  const column = seal(keys, 'seal', secret, 'message/1');
  expect(() => open(keys, purpose, column, context)).toThrow();
});

test('a sealed column opens while its key is live, and not after', () => {
  const column = seal(testKeys('old'), 'seal', secret, 'message/1');
  expect(open(keys, 'seal', column, 'message/1')).toBe(secret);
  expect(() => open(testKeys('new'), 'seal', column, 'message/1')).toThrow(/No live key/);
});

test('one changed byte anywhere is noticed', () => {
  const { keyId, sealed } = sealBytes(keys, 'seal', Buffer.from(secret), 'message/1');
  for (let place = 0; place < sealed.length; place++) {
    const changed = Buffer.from(sealed);
    changed[place]! ^= 1;
    expect(() => openBytes(keys, 'seal', keyId, changed, 'message/1')).toThrow();
  }
});

test.each([0, 5, 27])('what was cut to %i bytes is refused', (length) => {
  const { keyId, sealed } = sealBytes(keys, 'seal', Buffer.from(secret), 'message/1');
  expect(() => openBytes(keys, 'seal', keyId, sealed.subarray(0, length), 'message/1')).toThrow();
});
