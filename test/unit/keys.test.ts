import { KeyRing, type KeyPurpose } from '../../security/keys';
import { keyEntry, testKeys } from '../support/keys';

const purposes: readonly KeyPurpose[] = ['address', 'code', 'link', 'temporary-password', 'link-handle', 'seal', 'payload', 'idempotency', 'captcha'];

test('the first key signs and seals, the last one is the oldest', () => {
  const keys = testKeys('newest', 'older', 'oldest');
  expect([keys.ids, keys.current, keys.oldest]).toEqual([['newest', 'older', 'oldest'], 'newest', 'oldest']);
});

test('blanks around entries are forgiven', () => {
  expect(KeyRing.parse(` ${keyEntry('a')} , ${keyEntry('b')} `).ids).toEqual(['a', 'b']);
});

test('check 9: every purpose and every master key has a key of its own', () => {
  const keys = testKeys('a', 'b');
  const derived = purposes.flatMap((purpose) => keys.ids.map((id) => keys.derive(purpose, id).toString('hex')));
  expect(new Set(derived).size).toBe(purposes.length * 2);
  expect(new Set(derived.map((key) => key.length))).toEqual(new Set([64]));
});

test('a derived key depends on the master key alone, not on its place in the list', () => {
  expect(testKeys('a', 'b').derive('code', 'b')).toEqual(testKeys('b').derive('code', 'b'));
});

test('a key that is no longer live is named, with what to do', () => {
  expect(() => testKeys('new').derive('code', 'gone')).toThrow(/"gone".*POSTERN_KEYS/);
});

describe('a wrong list', () => {
  const secret = Buffer.alloc(31, 7).toString('base64');

  test.each([
    ['empty', '', 1],
    ['a key without an id', secret, 1],
    ['a key of 31 bytes', `a:${secret}`, 1],
    ['a second entry that is no base64', `${keyEntry('a')},b:%%%`, 2],
    ['a comma too many', `${keyEntry('a')},`, 2],
    ['an id that was used', `${keyEntry('a')},${keyEntry('b')},${keyEntry('a')}`, 3],
  ])('%s is refused by the number of the entry', (_name, list, entry) => {
    expect(() => KeyRing.parse(list)).toThrow(`entry ${entry} `);
  });

  test('check 8: is refused without repeating a key', () => {
    let message = '';
    try {
      KeyRing.parse(`a:${secret}`);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/POSTERN_KEYS/);
    expect(message).not.toContain(secret);
  });
});
