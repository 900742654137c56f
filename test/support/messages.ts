import { expectStatus, type Http } from './http';
import { waitFor } from './wait';

/** A message as the inbox and the phone of the embedded mode received it. */
export interface ReceivedMessage {
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
  readonly sentAt: string;
}

/** Everything received by an address or a number, newest first. */
export async function messagesTo(http: Http, to: string): Promise<ReceivedMessage[]> {
  return expectStatus(await http.get(`/dev/messages?to=${encodeURIComponent(to)}`), 200);
}

/** Everything received by anybody, newest first. */
export async function allMessages(http: Http): Promise<ReceivedMessage[]> {
  return expectStatus(await http.get('/dev/messages'), 200);
}

/** Waits for the newest message to somebody that fits. */
export function waitForMessage(http: Http, to: string, predicate: (message: ReceivedMessage) => boolean = () => true): Promise<ReceivedMessage> {
  return waitFor(async () => (await messagesTo(http, to)).find(predicate), { what: `a message to ${to}` });
}

/** Waits for the newest message to somebody that came after `known` others: count before the request, wait after it. */
export function waitForNewMessage(http: Http, to: string, known: number): Promise<ReceivedMessage> {
  return waitFor(
    async () => {
      const messages = await messagesTo(http, to);
      return messages.length > known ? messages[0] : undefined;
    },
    { what: `message number ${known + 1} to ${to}` },
  );
}

/** The passcode of a text: six digits, and no other six digits stand in it. */
export function codeIn(message: ReceivedMessage): string {
  const found = message.text.match(/(?<!\d)\d{6}(?!\d)/g) ?? [];
  if (found.length !== 1) throw new Error(`Expected one code in: ${message.text}`);
  return found[0]!;
}

/** The one-time link of an e-mail, in its parts. */
export function linkIn(message: ReceivedMessage): { href: string; id: string; token: string } {
  const links = [...message.text.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].map(([href]) => href).filter((href) => /reset|link/.test(new URL(href).pathname));
  const distinct = [...new Set(links)];
  if (distinct.length !== 1) throw new Error(`Expected one link in: ${message.text}`);
  const url = new URL(distinct[0]!);
  return { href: url.href, id: url.pathname.split('/').at(-1)!, token: new URLSearchParams(url.hash.slice(1)).get('token') ?? '' };
}

/** The temporary password of an e-mail: it stands on a line of its own, after its label. */
export function temporaryPasswordIn(message: ReceivedMessage): string {
  const found = /^Password: (\S+)$/m.exec(message.text)?.[1];
  if (!found) throw new Error(`Expected a temporary password in: ${message.text}`);
  return found;
}
