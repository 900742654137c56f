import { totpCodes } from '../../security/totp';

/** An app that shows the codes of a key, and never the same step's twice: a code is used once. */
export class Authenticator {
  #used = 0;

  constructor(private readonly key: string) {}

  /** The next code that is not used: at most three within half a minute. */
  code(): string {
    const next = totpCodes(this.key, Date.now()).sort((a, b) => a.counter - b.counter).find(({ counter }) => counter > this.#used);
    if (!next) throw new Error('The authenticator has no unused code: its next step is half a minute away.');
    this.#used = next.counter;
    return next.code;
  }
}
