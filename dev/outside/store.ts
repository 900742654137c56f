import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What a person outside received. */
export interface ReceivedMessage {
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly from: string;
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
  readonly sentAt: string;
  readonly providerId?: string;
}

const MOST = 10_000;

/** The last 10,000 messages, newest first, in a file of their own: the app's database never holds what was sent. */
export class MessageStore {
  readonly #messages: ReceivedMessage[];

  constructor(private readonly file: string) {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    this.#messages = lines.slice(-MOST).map((line) => JSON.parse(line) as ReceivedMessage).reverse();
    if (lines.length > MOST) writeFileSync(file, `${lines.slice(-MOST).join('\n')}\n`, { mode: 0o600 });
  }

  add(message: ReceivedMessage): void {
    this.#messages.unshift(message);
    this.#messages.length = Math.min(this.#messages.length, MOST);
    appendFileSync(this.file, `${JSON.stringify(message)}\n`, { mode: 0o600 });
  }

  /** Everybody's, or one recipient's. */
  list(to?: string): readonly ReceivedMessage[] {
    return to === undefined ? this.#messages : this.#messages.filter((message) => message.to.toLowerCase() === to.trim().toLowerCase());
  }
}
