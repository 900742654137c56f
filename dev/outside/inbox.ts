import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { simpleParser, type AddressObject } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { FaultSwitches } from './faults';
import type { MessageStore } from './store';

const LATER = 451;
const REFUSED = 550;

function reply(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

function firstAddress(addresses: AddressObject | AddressObject[] | undefined): string {
  const first = Array.isArray(addresses) ? addresses[0] : addresses;
  return first?.value[0]?.address ?? '';
}

/** A mail server that keeps what it is sent for the inbox page. Listens on 127.0.0.1 only. */
export async function startInbox({ port, store, faults }: { port: number; store: MessageStore; faults: FaultSwitches }): Promise<{ stop(): Promise<void> }> {
  const keep = async (stream: Readable, recipients: readonly string[]): Promise<void> => {
    const mail = await simpleParser(stream);
    for (const to of recipients) {
      store.put({
        // Not the Message-ID, which a repeated e-mail shares: the inbox shows each of them.
        id: randomUUID(),
        channel: 'email', to, from: firstAddress(mail.from), subject: mail.subject ?? '', ...(mail.messageId ? { messageId: mail.messageId } : {}), text: mail.text ?? '', sentAt: new Date().toISOString(),
        ...(mail.html ? { html: mail.html } : {}),
      });
    }
  };
  const server = new SMTPServer({
    banner: 'inbox', authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: 1_000,
    onRcptTo({ address }, _session, callback) {
      callback(faults.now.undeliverable.includes(address.toLowerCase()) ? reply(REFUSED, '5.1.1 There is no such mailbox') : null);
    },
    onData(stream, session, callback) {
      const { mail } = faults.now;
      if (mail === 'later' || mail === 'refuse') {
        stream.resume();
        stream.once('end', () => callback(mail === 'later' ? reply(LATER, '4.3.0 Try again later') : reply(REFUSED, '5.7.1 Refused')));
        return;
      }
      const recipients = session.envelope.rcptTo.map(({ address }) => address.toLowerCase());
      keep(stream, recipients).then(() => mail !== 'hang' && callback(), callback);
    },
  });
  // A connection that breaks off is the sender's matter.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return { stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
