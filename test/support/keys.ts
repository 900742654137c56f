import { createHash } from 'node:crypto';
import { KeyRing } from '../../security/keys';

/** An entry of POSTERN_KEYS: the same id always gives the same key. */
export function keyEntry(id: string): string {
  return `${id}:${createHash('sha256').update(`a key for tests: ${id}`).digest('base64')}`;
}

/** A ring of keys with these ids; the first one signs. Rings that share an id share that key. */
export function testKeys(...ids: readonly string[]): KeyRing {
  return KeyRing.parse(ids.map(keyEntry).join(','));
}
