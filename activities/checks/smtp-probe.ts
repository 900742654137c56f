import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { certificateFacts, certificateProblem, type CertificateFacts } from '../../security/certificates';
import { reach, type Targets } from '../../security/targets';
import { SmtpReplies, SmtpTrouble, type SmtpReply } from './smtp-replies';

export type StartTlsFacts =
  | { readonly offered: false }
  | { readonly offered: true; readonly works: false }
  /** `problem`: why the certificate is not trusted, as it reads within a sentence. */
  | { readonly offered: true; readonly works: true; readonly certificate: CertificateFacts; readonly problem: string | null };

/** What a mail host said and showed. */
export interface SmtpFacts {
  readonly host: string;
  readonly port: number;
  /** The address that was reached. */
  readonly address: string;
  readonly banner: string;
  /** What it offers, such as `SIZE 10240000`; within TLS where that was switched to. */
  readonly extensions: readonly string[];
  readonly startTls: StartTlsFacts;
}

/** A host answered and takes no mail from us. */
export class SmtpRefusal extends Error {
  constructor(readonly command: 'greeting' | 'EHLO', readonly reply: SmtpReply) {
    super(`The mail host answers ${command} with ${reply.code}.`);
    this.name = 'SmtpRefusal';
  }
}

export interface ProbeOptions {
  readonly targets: Targets;
  /** The name we introduce ourselves by. */
  readonly ehloName: string;
  /** For the whole conversation. */
  readonly timeoutMs: number;
  /** Authorities (PEM) that are trusted instead of the public ones. */
  readonly certificateAuthority?: string;
}

const READY = 220;
const DONE = 250;
const UNKNOWN_COMMAND = [500, 502];
const BANNER_LENGTH = 200;

/** What is left of the time for the whole conversation. */
type Left = () => number;

async function ask(socket: Socket, replies: SmtpReplies, command: string, left: Left): Promise<SmtpReply> {
  socket.write(`${command}\r\n`);
  return replies.next(left());
}

/** Introduces us. @returns what the host offers */
async function introduce(socket: Socket, replies: SmtpReplies, ehloName: string, left: Left): Promise<string[]> {
  let reply = await ask(socket, replies, `EHLO ${ehloName}`, left);
  if (UNKNOWN_COMMAND.includes(reply.code)) reply = await ask(socket, replies, `HELO ${ehloName}`, left);
  if (reply.code !== DONE) throw new SmtpRefusal('EHLO', reply);
  return reply.lines.slice(1).map((line) => line.toUpperCase());
}

async function handshake(socket: Socket, host: string, options: ProbeOptions, left: Left): Promise<TLSSocket | undefined> {
  // Mail goes to hosts that nobody could name a certificate for: it is looked at and told, not demanded.
  const tls = connectTls({ socket, host, servername: isIP(host) ? '' : host, rejectUnauthorized: false, ...(options.certificateAuthority ? { ca: options.certificateAuthority } : {}) });
  tls.on('error', () => undefined);
  const late = setTimeout(() => tls.destroy(), left());
  const done = await Promise.race([once(tls, 'secureConnect').then(() => true, () => false), once(tls, 'close').then(() => false, () => false)]);
  clearTimeout(late);
  return done ? tls : undefined;
}

interface Secured {
  readonly startTls: StartTlsFacts;
  readonly extensions: readonly string[];
}

/** Switches to TLS and looks again at what is offered. A host that breaks off then is there all the same. */
async function secure(socket: Socket, replies: SmtpReplies, host: string, offered: readonly string[], options: ProbeOptions, left: Left): Promise<Secured> {
  const failed: Secured = { startTls: { offered: true, works: false }, extensions: offered };
  try {
    const reply = await ask(socket, replies, 'STARTTLS', left);
    // What was said before TLS must not be taken for what is said within.
    if (reply.code !== READY || replies.saysMore) return failed;
  } catch (error) {
    if (error instanceof SmtpTrouble) return failed;
    throw error;
  }
  replies.release();
  const tls = await handshake(socket, host, options, left);
  if (!tls) return failed;
  const problem = tls.authorized ? null : certificateProblem(String(tls.authorizationError)) ?? 'its certificate cannot be checked';
  const startTls: StartTlsFacts = { offered: true, works: true, certificate: certificateFacts(tls), problem };
  const extensions = await introduce(tls, new SmtpReplies(tls), options.ehloName, left).catch(() => undefined);
  tls.end('QUIT\r\n');
  return extensions ? { startTls, extensions } : failed;
}

/**
 * Talks to a mail host as a mail server does before it hands over mail: greeting, EHLO, STARTTLS, EHLO. No mail is sent.
 * @throws TargetError, SmtpTrouble or SmtpRefusal
 */
export async function probeSmtp(host: string, port: number, options: ProbeOptions): Promise<SmtpFacts> {
  const end = performance.now() + options.timeoutMs;
  const left: Left = () => Math.max(1, end - performance.now());
  const { socket, address } = await reach(host, port, options.timeoutMs, options.targets);
  try {
    const replies = new SmtpReplies(socket);
    const greeting = await replies.next(left());
    if (greeting.code !== READY) throw new SmtpRefusal('greeting', greeting);
    const banner = (greeting.lines[0] ?? '').slice(0, BANNER_LENGTH);
    const offered = await introduce(socket, replies, options.ehloName, left);
    if (offered.includes('STARTTLS')) return { host, port, address, banner, ...(await secure(socket, replies, host, offered, options, left)) };
    socket.end('QUIT\r\n');
    return { host, port, address, banner, extensions: offered, startTls: { offered: false } };
  } finally {
    socket.destroySoon();
  }
}
