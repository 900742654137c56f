import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { isInNetworks, isIpAddress, whyNotPublic } from '../domain/ip-addresses';

/** Which hosts may be reached on behalf of a customer, and how their names are looked up. */
export interface Targets {
  /** Networks whose hosts are reached although they are not public. */
  readonly allowedNetworks: readonly string[];
  /** @throws TargetError where it does not succeed; an empty list where there is no such host */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

export type TargetProblem = 'no-such-host' | 'lookup-failed' | 'not-public' | 'refused' | 'timed-out' | 'unreachable' | 'closed';

/** A host that a customer named was not reached. The message is for logs, and names nothing of our own network. */
export class TargetError extends Error {
  constructor(readonly problem: TargetProblem, message: string) {
    super(message);
    this.name = 'TargetError';
  }
}

export interface Reached {
  readonly socket: Socket;
  /** The address that was connected to. */
  readonly address: string;
}

const PROBLEM_OF: Readonly<Record<string, TargetProblem>> = {
  ECONNREFUSED: 'refused', ETIMEDOUT: 'timed-out', ECONNRESET: 'closed', EPIPE: 'closed', EHOSTUNREACH: 'unreachable', ENETUNREACH: 'unreachable',
};

/** What an error of a socket says about its host; undefined where it is about something else. */
export function targetProblem(error: unknown): TargetProblem | undefined {
  return error instanceof TargetError ? error.problem : PROBLEM_OF[(error as NodeJS.ErrnoException).code ?? ''];
}

async function lookUpBySystem(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTFOUND') return [];
    throw new TargetError('lookup-failed', 'The name of the host could not be looked up.');
  }
}

/**
 * The addresses of a host that may be reached: public ones, and those of the allowed networks. Whoever connects must
 * connect to one of these and not look the name up again: its answer may be another one by then (DNS rebinding).
 * @throws TargetError
 */
export async function reachableAddresses(host: string, targets: Targets): Promise<string[]> {
  const addresses = isIpAddress(host) ? [host] : await (targets.lookUp ?? lookUpBySystem)(host);
  if (addresses.length === 0) throw new TargetError('no-such-host', 'There is no host of this name.');
  const allowed = addresses.filter((address) => isIpAddress(address) && (whyNotPublic(address) === null || isInNetworks(address, targets.allowedNetworks)));
  if (allowed.length === 0) throw new TargetError('not-public', 'The address of the host is not public.');
  return allowed;
}

function connectToAddress(address: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const late = setTimeout(() => socket.destroy(new TargetError('timed-out', 'The host did not answer in time.')), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(late);
      socket.removeAllListeners('error');
      // Whoever takes the socket over listens too; an error in between must not end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(late);
      reject(error instanceof TargetError ? error : new TargetError(targetProblem(error) ?? 'unreachable', `The host could not be reached (${(error as NodeJS.ErrnoException).code}).`));
    });
  });
}

/**
 * Connects to a host that a customer named, at one of its reachable addresses.
 * @param timeoutMs - for all addresses together
 * @throws TargetError of the last address that was tried
 */
export async function reach(host: string, port: number, timeoutMs: number, targets: Targets): Promise<Reached> {
  const addresses = await reachableAddresses(host, targets);
  let last: unknown;
  for (const address of addresses) {
    try {
      return { socket: await connectToAddress(address, port, Math.ceil(timeoutMs / addresses.length)), address };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
