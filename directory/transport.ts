import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { BerReader } from 'ldapts';
import { directoryAddress, type DirectoryConfig } from '../domain/directory';
import { wrong } from '../domain/checks';
import { reach, TargetError, type Targets } from '../security/targets';
import { DirectoryTrouble } from './trouble';

/** Extended request StartTLS (RFC 4511, section 4.14), message 1, as it goes over the wire. */
const START_TLS = Buffer.from(`301d02010177188016${Buffer.from('1.3.6.1.4.1.1466.20037').toString('hex')}`, 'hex');
const EXTENDED_RESPONSE = 0x78;
const LONGEST_ANSWER = 4_096;

const noStartTls = (): DirectoryTrouble => new DirectoryTrouble(wrong('no-starttls', 'The directory does not switch to TLS.', 'Use an address that begins with ldaps://, or have STARTTLS set up there.'));

/** Waits for `event` of a socket. @throws TargetError when the socket fails, closes or takes too long before */
function awaitSocket<T>(socket: Socket, timeoutMs: number, listen: (done: (value: T) => void, fail: (error: Error) => void) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = setTimeout(() => fail(new TargetError('timed-out', 'The directory did not answer in time.')), timeoutMs);
    const closed = (): void => fail(new TargetError('closed', 'The directory closed the connection.'));
    const settle = (): void => {
      clearTimeout(late);
      socket.off('error', fail).off('close', closed);
    };
    function fail(error: Error): void {
      settle();
      socket.destroy();
      reject(error);
    }
    socket.once('error', fail).once('close', closed);
    listen((value) => {
      settle();
      resolve(value);
    }, fail);
  });
}

/** The result code of the answer, once it is there as a whole. */
function startTlsResult(answer: Buffer): number | undefined {
  const reader = new BerReader(answer);
  if (reader.readSequence() === null || reader.remain < reader.length) return undefined;
  // More than the answer would be taken for an answer that came over TLS.
  if (reader.remain > reader.length) throw noStartTls();
  reader.readInt();
  reader.readSequence(EXTENDED_RESPONSE);
  return reader.readEnumeration() ?? -1;
}

/**
 * Asks for TLS on a plain connection. By hand and not by the LDAP client: that one would keep what somebody in between
 * sent along before TLS, and complete it with what comes after.
 */
function requestTls(socket: Socket, timeoutMs: number): Promise<void> {
  return awaitSocket(socket, timeoutMs, (done, fail) => {
    let answer = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      answer = Buffer.concat([answer, chunk]);
      try {
        const code = startTlsResult(answer);
        if (code === undefined && answer.length < LONGEST_ANSWER) return;
        socket.off('data', read);
        if (code === 0) done();
        else fail(noStartTls());
      } catch {
        socket.off('data', read);
        fail(noStartTls());
      }
    };
    socket.on('data', read);
    socket.write(START_TLS);
  });
}

function authorities({ certificateAuthority }: DirectoryConfig): SecureContextOptions {
  if (!certificateAuthority) return {};
  try {
    // What cannot be read would be passed over, and the directory be distrusted for another reason.
    new X509Certificate(certificateAuthority);
    return { ca: certificateAuthority };
  } catch {
    throw new DirectoryTrouble(wrong('bad-authority', 'The certificate of the authority cannot be read.', 'Paste it in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.'));
  }
}

async function secure(socket: Socket, host: string, config: DirectoryConfig, timeoutMs: number): Promise<TLSSocket> {
  // The certificate is checked against the host; an address is no server name to send along (RFC 6066, section 3).
  const tls = connectTls({ socket, host, servername: isIP(host) ? '' : host, minVersion: 'TLSv1.2', ...authorities(config) });
  await awaitSocket<void>(tls, timeoutMs, (done) => tls.once('secureConnect', done));
  tls.on('error', () => undefined);
  return tls;
}

/**
 * A connection to the directory that is ready for requests: encrypted and checked where that was asked for.
 * @throws what `directoryProblem` puts into words
 */
export async function openTransport(config: DirectoryConfig, timeoutMs: number, targets: Targets): Promise<Socket | TLSSocket> {
  const address = directoryAddress(config.url);
  if (!address) throw new DirectoryTrouble(wrong('bad-address', 'The address of the directory cannot be read.', 'Write it like ldaps://directory.lighthouse.example.'));
  const { socket } = await reach(address.host, address.port, timeoutMs, targets);
  try {
    if (address.secure) return await secure(socket, address.host, config, timeoutMs);
    if (config.startTls) {
      await requestTls(socket, timeoutMs);
      return await secure(socket, address.host, config, timeoutMs);
    }
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
