import type { Socket } from 'node:net';

export type SmtpProblem = 'closed' | 'timed-out' | 'not-smtp';

/** A conversation with a mail host broke off. */
export class SmtpTrouble extends Error {
  constructor(readonly problem: SmtpProblem) {
    super(`The conversation with the mail host broke off: ${problem}.`);
    this.name = 'SmtpTrouble';
  }
}

/** What a host answers to one command (RFC 5321, section 4.2). */
export interface SmtpReply {
  readonly code: number;
  /** What each line says after the code. */
  readonly lines: readonly string[];
}

/** A host that talks without end is cut off: RFC 5321, section 4.5.3.1.5, allows 512 octets a line. */
const LONGEST_LINE = 2_000;
const MOST_LINES = 100;
const REPLY_LINE = /^([2-5]\d\d)([ -]?)(.*)$/;

/** Printable text and no more: what a host says is shown to people. */
function readable(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, ' ').trim();
}

/** Reads replies from a connection, one at a time. */
export class SmtpReplies {
  #rest = '';
  #lines: string[] = [];
  #replies: SmtpReply[] = [];
  #ended: SmtpTrouble | undefined;
  #wake: (() => void) | undefined;
  readonly #read = (chunk: Buffer): void => this.#take(chunk.toString('latin1'));
  readonly #close = (): void => this.#end('closed');

  constructor(private readonly socket: Socket) {
    socket.on('data', this.#read).on('close', this.#close).on('end', this.#close).on('error', this.#close);
    if (socket.destroyed) this.#end('closed');
  }

  #end(problem: SmtpProblem): void {
    this.#ended ??= new SmtpTrouble(problem);
    this.#wake?.();
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop()!;
    for (const part of parts) {
      const [, code, more, said = ''] = REPLY_LINE.exec(part.replace(/\r$/, '')) ?? [];
      if (!code) return this.#end('not-smtp');
      this.#lines.push(readable(said));
      if (more === '-' && this.#lines.length < MOST_LINES) continue;
      this.#replies.push({ code: Number(code), lines: this.#lines });
      this.#lines = [];
    }
    if (this.#rest.length > LONGEST_LINE || this.#replies.length > 1) this.#end('not-smtp');
    this.#wake?.();
  }

  /** @throws SmtpTrouble */
  async next(timeoutMs: number): Promise<SmtpReply> {
    if (this.#replies.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        const late = setTimeout(() => this.#end('timed-out'), timeoutMs);
        this.#wake = () => {
          if (this.#replies.length === 0 && !this.#ended) return;
          clearTimeout(late);
          resolve();
        };
      });
    }
    const reply = this.#replies.shift();
    if (reply) return reply;
    throw this.#ended!;
  }

  /** Whether more was said than was asked for. */
  get saysMore(): boolean {
    return this.#replies.length > 0 || this.#lines.length > 0 || this.#rest !== '';
  }

  /** Lets go of the connection: another one takes it over. */
  release(): void {
    this.socket.off('data', this.#read).off('close', this.#close).off('end', this.#close).off('error', this.#close);
  }
}
