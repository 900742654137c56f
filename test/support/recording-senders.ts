import type { Email, EmailOutcome, EmailSender } from '../../activities/email-sender';
import type { Sms, SmsOutcome, SmsSender } from '../../activities/sms-sender';
import { codeIn, linkIn, temporaryPasswordIn, type ReceivedMessage } from './messages';

/** What a carrier does with one message: takes it, refuses it, or takes it (or not) and loses the answer. */
export type SmsFault = 'later' | 'refuse' | 'lose-answer' | 'lose-request';
export type EmailFault = 'later' | 'refuse' | 'lose-answer';

type Kept<T> = T & { readonly providerId: string };

let networks = 0;

/** A phone network that keeps the texts it takes. Faults apply to one send each, in their order. */
export class RecordingSms implements SmsSender {
  /** Ids of several networks differ. */
  readonly #number = (networks += 1);
  readonly timeoutMs = 5_000;
  readonly from = '+12025550100';
  /** A fault by name, or an answer as it is. */
  readonly faults: (SmsFault | SmsOutcome)[] = [];
  readonly taken: Kept<Sms>[] = [];
  /** Numbers that are refused for good, and with which reason. */
  readonly refusals = new Map<string, string>();
  /** How many of the next look-ups do not show what was taken: the provider's list lags. */
  lag = 0;
  lookUps = 0;

  async send(sms: Sms): Promise<SmsOutcome> {
    const refusal = this.refusals.get(sms.to);
    if (refusal !== undefined) return { kind: 'failed', why: refusal };
    const fault = this.faults.shift();
    if (typeof fault === 'object') return fault;
    if (fault === 'later') return { kind: 'retry', why: 'provider 20429' };
    if (fault === 'refuse') return { kind: 'failed', why: 'provider 21211' };
    if (fault === 'lose-request') return { kind: 'unknown', why: 'provider 20500' };
    const providerId = `SM${String(this.#number).padStart(8, '0')}${String(this.taken.length + 1).padStart(24, '0')}`;
    this.taken.push({ ...sms, providerId });
    return fault === 'lose-answer' ? { kind: 'unknown', why: 'provider ECONNABORTED' } : { kind: 'accepted', providerId };
  }

  async lookUp(sms: Sms): Promise<string[]> {
    this.lookUps += 1;
    if (this.lookUps <= this.lag) return [];
    return this.taken.filter(({ to, body }) => to === sms.to && body === sms.body).map(({ providerId }) => providerId);
  }

  to(number: string | null): Kept<Sms>[] {
    return this.taken.filter(({ to }) => to === number);
  }

  /** The code in the last text to a number. */
  code(number: string | null): string {
    return codeIn(received('sms', this.to(number).at(-1)?.body));
  }
}

/** A mail server that keeps what it takes. Faults apply to one send each, in their order. */
export class RecordingEmail implements EmailSender {
  readonly timeoutMs = 5_000;
  readonly faults: EmailFault[] = [];
  readonly taken: Email[] = [];

  async send(email: Email): Promise<EmailOutcome> {
    const fault = this.faults.shift();
    if (fault === 'later') return { kind: 'retry', why: 'smtp 451' };
    if (fault === 'refuse') return { kind: 'failed', why: 'smtp 550' };
    this.taken.push(email);
    return fault === 'lose-answer' ? { kind: 'retry', why: 'smtp ETIMEDOUT' } : { kind: 'accepted', providerId: email.messageId };
  }

  close(): void {}

  to(address: string): Email[] {
    return this.taken.filter(({ to }) => to === address);
  }

  /** The token of the link in the last e-mail to an address. */
  token(address: string): string {
    return linkIn(received('email', this.to(address).at(-1)?.text)).token;
  }

  temporaryPassword(address: string): string {
    return temporaryPasswordIn(received('email', this.to(address).at(-1)?.text));
  }
}

function received(channel: ReceivedMessage['channel'], text = ''): ReceivedMessage {
  return { channel, to: '', text, sentAt: '' };
}
