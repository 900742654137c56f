import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A message that came to a person, as the inbox and the phone show it. */
export interface OutsideMessage {
  /** The phone's message SID, or any id of an e-mail's arrival. */
  readonly id: string;
  readonly channel: 'sms' | 'email';
  /** An E.164 number or an address in lower case. */
  readonly to: string;
  readonly from: string;
  readonly subject?: string;
  /** An e-mail's Message-ID: the same when it was sent again. */
  readonly messageId?: string;
  readonly text: string;
  readonly html?: string;
  readonly sentAt: string;
}

/** What the phone's provider knows of a text besides. */
export interface Text extends OutsideMessage {
  readonly channel: 'sms';
  readonly direction: 'outbound-api' | 'inbound';
  readonly status: 'queued' | 'sent' | 'delivered' | 'undelivered' | 'received';
  /** Why it never reaches the phone. */
  readonly errorCode?: number;
  readonly segments: number;
}

export type Stored = Text | (OutsideMessage & { readonly channel: 'email' });

const KEPT = 10_000;

function isText(message: Stored): message is Text {
  return message.channel === 'sms';
}

/**
 * Inbox and phone, outside the app's database: a file with a JSON document a line, where a later line of the same id
 * replaces an earlier one. Keeps the last 10,000 messages, unless it is told to keep more, and survives restarts.
 */
export class MessageStore {
  /** In order of arrival. */
  #messages = new Map<string, Stored>();
  #lines = 0;

  constructor(private readonly file: string, private readonly kept = KEPT) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue;
      const message = parseLine(line);
      if (message) this.#messages.set(message.id, message);
      this.#lines += 1;
    }
    this.#trim();
    // Also ends a line that a kill cut short.
    this.#rewrite();
  }

  /** Adds a message, or replaces the one with its id. */
  put(message: Stored): void {
    this.#messages.set(message.id, message);
    this.#trim();
    if (this.#lines >= 4 * this.kept) return this.#rewrite();
    appendFileSync(this.file, `${JSON.stringify(message)}\n`, { mode: 0o600 });
    this.#lines += 1;
  }

  /** What has reached people, newest first: everybody's, or one recipient's. */
  received(to?: string): OutsideMessage[] {
    const wanted = to?.trim().toLowerCase();
    return [...this.#messages.values()]
      .filter((message) => !isText(message) || (message.direction === 'outbound-api' && message.errorCode === undefined))
      .filter((message) => wanted === undefined || message.to === wanted)
      .map(asReceived)
      .reverse();
  }

  /** Texts as the provider lists them, newest first; replies too. */
  texts(): Text[] {
    return [...this.#messages.values()].filter(isText).reverse();
  }

  text(sid: string): Text | undefined {
    const message = this.#messages.get(sid);
    return message && isText(message) ? message : undefined;
  }

  #trim(): void {
    for (const id of this.#messages.keys()) {
      if (this.#messages.size <= this.kept) return;
      this.#messages.delete(id);
    }
  }

  #rewrite(): void {
    const part = `${this.file}.part`;
    writeFileSync(part, [...this.#messages.values()].map((message) => `${JSON.stringify(message)}\n`).join(''), { mode: 0o600 });
    renameSync(part, this.file);
    this.#lines = this.#messages.size;
  }
}

/** Without what only the provider knows. */
function asReceived({ id, channel, to, from, subject, messageId, text, html, sentAt }: OutsideMessage): OutsideMessage {
  return { id, channel, to, from, ...(subject === undefined ? {} : { subject }), ...(messageId === undefined ? {} : { messageId }), text, ...(html === undefined ? {} : { html }), sentAt };
}

function parseLine(line: string): Stored | undefined {
  try {
    return JSON.parse(line) as Stored;
  } catch {
    return undefined;
  }
}
