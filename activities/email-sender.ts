import { createTransport } from 'nodemailer';

export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** From the message's row, so that a repeat is recognisable. */
  readonly messageId: string;
}

export type EmailOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  | { readonly kind: 'retry'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface EmailSender {
  /** How long the server may keep silent, in milliseconds. */
  readonly timeoutMs: number;
  send(email: Email): Promise<EmailOutcome>;
  close(): void;
}

const PERMANENT_REPLY = 500;
/** The server does not let us in (RFC 4954, section 6): an operator mends that, and what waits goes out then. */
const OUR_ACCOUNT_REPLIES = [530, 534, 535, 538];

/** Sends through an SMTP server. The pool never requeues by itself: when to try again is the workflow's decision. */
export function createEmailSender(options: { url: string; from: string; timeoutMs: number }): EmailSender {
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxRequeues: 0,
    connectionTimeout: options.timeoutMs,
    greetingTimeout: options.timeoutMs,
    socketTimeout: options.timeoutMs,
  } as Parameters<typeof createTransport>[0]);
  return {
    timeoutMs: options.timeoutMs,
    async send(email) {
      try {
        await transport.sendMail({ from: options.from, to: email.to, subject: email.subject, text: email.text, html: email.html, messageId: email.messageId });
        return { kind: 'accepted', providerId: email.messageId };
      } catch (error) {
        const { responseCode, code } = error as { responseCode?: number; code?: string };
        const why = `smtp ${responseCode ?? code ?? 'error'}`;
        const permanent = responseCode !== undefined && responseCode >= PERMANENT_REPLY && !OUR_ACCOUNT_REPLIES.includes(responseCode);
        return { kind: permanent ? 'failed' : 'retry', why };
      }
    },
    close: () => transport.close(),
  };
}
