import { hkdfSync } from 'node:crypto';

/** What a key is derived for. One master key never serves two purposes directly. */
export type KeyPurpose =
  | 'address' | 'code' | 'link' | 'temporary-password' | 'passcode' | 'opt-in-code' | 'totp' | 'recovery-code' | 'link-handle' | 'session'
  | 'seal' | 'payload' | 'idempotency' | 'captcha' | 'domain-verification';

const KEY_BYTES = 32;

/**
 * The live master keys. The first one signs and seals; all of them verify and open, so that a key can be replaced
 * while secrets made with the old one are still out. Derivation is HKDF-SHA-256 (RFC 5869).
 */
export class KeyRing {
  readonly #derived = new Map<string, Buffer>();

  private constructor(readonly ids: readonly string[], private readonly masters: ReadonlyMap<string, Buffer>) {}

  /**
   * Reads `id:base64,id:base64`; every key has 32 bytes and an id of its own.
   * @throws Error that names the entry that is wrong, never its value
   */
  static parse(list: string): KeyRing {
    const masters = new Map<string, Buffer>();
    list.split(',').forEach((entry, index) => {
      const [, id, encoded] = /^\s*([\w-]+):([\w+/=-]+)\s*$/.exec(entry) ?? [];
      const key = encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
      if (id === undefined || key?.length !== KEY_BYTES) {
        throw new Error(`POSTERN_KEYS: entry ${index + 1} is not "id:base64 of ${KEY_BYTES} bytes".`);
      }
      if (masters.has(id)) throw new Error(`POSTERN_KEYS: entry ${index + 1} repeats the id of an earlier one.`);
      masters.set(id, key);
    });
    return new KeyRing([...masters.keys()], masters);
  }

  /** The id of the key that signs and seals now. */
  get current(): string {
    return this.ids[0]!;
  }

  /** The id of the oldest live key: for digests that must stay comparable while keys are replaced. */
  get oldest(): string {
    return this.ids[this.ids.length - 1]!;
  }

  /** @throws Error when no live key has this id */
  derive(purpose: KeyPurpose, id: string): Buffer {
    const cached = this.#derived.get(`${purpose}/${id}`);
    if (cached) return cached;
    const master = this.masters.get(id);
    if (!master) throw new Error(`No live key has the id "${id}": keep it in POSTERN_KEYS until everything made with it has expired.`);
    const key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `postern/${purpose}`, KEY_BYTES));
    this.#derived.set(`${purpose}/${id}`, key);
    return key;
  }
}
