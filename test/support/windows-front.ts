import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Ber, BerReader, BerWriter, BindRequest } from 'ldapts';

const BIND_REQUEST = 0x60;
const BIND_RESPONSE = 0x61;
const INVALID_CREDENTIALS = 49;

/** Somebody as Active Directory knows them. */
export interface WindowsPerson {
  readonly dn: string;
  /** What it adds to a refusal, in hexadecimal: 52e is a wrong password. */
  readonly refusal?: string;
}

export interface WindowsFront {
  readonly url: string;
  stop(): Promise<void>;
}

/** Cuts a stream into LDAP messages. */
function eachMessage(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const reader = new BerReader(rest);
      if (reader.readSequence() === null || reader.remain < reader.length) return;
      const end = reader.offset + reader.length;
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}

/** Message id and operation of a message; the reader stands at the operation's first field. */
function opened(message: Buffer): { reader: BerReader; id: number; operation: number | null } {
  const reader = new BerReader(message);
  reader.readSequence();
  const id = reader.readInt()!;
  return { reader, id, operation: reader.readSequence() };
}

function refusal(id: number, text: string): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(BIND_RESPONSE);
  writer.writeEnumeration(INVALID_CREDENTIALS);
  writer.writeString('');
  writer.writeString(text);
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}

/**
 * What Active Directory does and slapd does not, in front of a real slapd: it takes a user principal name as the name of
 * a bind, and says more about a refusal (Microsoft's MS-ADTS, 5.1.1.3, and the system error codes).
 */
export async function startWindowsFront(behind: string, people: ReadonlyMap<string, WindowsPerson>): Promise<WindowsFront> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const directory = connect({ host: '127.0.0.1', port: Number(new URL(behind).port) });
    const asked = new Map<number, WindowsPerson | undefined>();
    for (const [socket, other] of [[client, directory], [directory, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    eachMessage(client, (message) => {
      const { reader, id, operation } = opened(message);
      if (operation !== BIND_REQUEST) return void directory.write(message);
      reader.readInt();
      const name = reader.readString()!;
      const person = people.get(name.toLowerCase());
      asked.set(id, person);
      const password = reader.readString(Ber.Context)!;
      if (name.includes('@') && !person) client.write(refusal(id, '80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 525, v4f7c\0'));
      else directory.write(new BindRequest({ messageId: id, dn: person?.dn ?? name, password }).write());
    });
    eachMessage(directory, (message) => {
      const { reader, id, operation } = opened(message);
      const person = asked.get(id);
      if (operation !== BIND_RESPONSE || !person || reader.readEnumeration() !== INVALID_CREDENTIALS) return void client.write(message);
      client.write(refusal(id, `80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data ${person.refusal ?? '52e'}, v4f7c\0`));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
