import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { MessageStore } from './store';

/** What the inbox answers instead of taking a message. */
export type InboxFault = 'none' | 'temporary' | 'permanent';

/** A mail server on loopback that takes everything for everybody. */
export function startInbox(store: MessageStore, port: number, fault: () => InboxFault): Promise<{ port: number; stop(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const chosen = fault();
      simpleParser(stream).then((mail) => {
        if (chosen !== 'none') return done(Object.assign(new Error(chosen === 'temporary' ? 'Try later' : 'No such mailbox'), { responseCode: chosen === 'temporary' ? 451 : 550 }));
        const recipients = [mail.to ?? []].flat().flatMap((list) => list.value.map((address) => address.address ?? ''));
        for (const to of recipients) {
          store.add({
            channel: 'email', to, from: mail.from?.text ?? '', subject: mail.subject ?? '', text: mail.text ?? '', html: mail.html || '',
            sentAt: new Date().toISOString(), ...(mail.messageId ? { providerId: mail.messageId } : {}),
          });
        }
        done();
      }, done);
    },
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({
      port: (server.server.address() as AddressInfo).port,
      stop: () => new Promise((stopped) => server.close(() => stopped())),
    }));
  });
}
