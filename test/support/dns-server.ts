import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { AUTHORITATIVE_ANSWER, decode, encode, streamDecode, streamEncode, TRUNCATED_RESPONSE, type Answer, type Packet } from 'dns-packet';

/** What a name has. */
export interface DnsName {
  readonly txt?: readonly (string | readonly string[])[];
  readonly mx?: readonly (readonly [preference: number, host: string])[];
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly cname?: string;
  /** What becomes of every question about this name. `truncated`: the answer has to be fetched over TCP. */
  readonly fault?: 'servfail' | 'refused' | 'silent' | 'garbage' | 'truncated';
}

/** A DNS server of a test, over UDP and TCP on one port of 127.0.0.1. */
export interface TestDns {
  /** As the setting DNS_SERVERS names it. */
  readonly server: string;
  /** Names that are not here do not exist. May be changed at any time. */
  readonly names: Map<string, DnsName>;
  /** Every question, as `TXT lighthouse.example`; over TCP with `tcp` in front. */
  readonly asked: string[];
  stop(): Promise<void>;
}

const RCODE = { servfail: 2, nxdomain: 3, refused: 5 } as const;

function recordsOf(name: string, type: string, found: DnsName): Answer[] {
  const common = { name, ttl: 60, class: 'IN' as const };
  if (found.cname) return [{ ...common, type: 'CNAME', data: found.cname }];
  switch (type) {
    case 'TXT': return (found.txt ?? []).map((data) => ({ ...common, type, data: typeof data === 'string' ? data : [...data] }));
    case 'MX': return (found.mx ?? []).map(([preference, exchange]) => ({ ...common, type, data: { preference, exchange } }));
    case 'A': return (found.a ?? []).map((data) => ({ ...common, type, data }));
    case 'AAAA': return (found.aaaa ?? []).map((data) => ({ ...common, type, data }));
    default: return [];
  }
}

/** Starts a server that knows these names. */
export async function startDns(known: Readonly<Record<string, DnsName>> = {}): Promise<TestDns> {
  const names = new Map(Object.entries(known));
  const asked: string[] = [];

  function answer(query: Packet, way: 'udp' | 'tcp'): Packet | 'garbage' | undefined {
    const [question] = query.questions ?? [];
    const name = question!.name.toLowerCase();
    asked.push(`${way === 'tcp' ? 'tcp ' : ''}${question!.type} ${name}`);
    const found = names.get(name);
    const reply = { type: 'response' as const, id: query.id!, questions: [question!], flags: AUTHORITATIVE_ANSWER };
    if (!found) return { ...reply, flags: reply.flags | RCODE.nxdomain };
    if (found.fault === 'silent') return undefined;
    if (found.fault === 'garbage') return 'garbage';
    if (found.fault === 'servfail' || found.fault === 'refused') return { ...reply, flags: reply.flags | RCODE[found.fault] };
    if (found.fault === 'truncated' && way === 'udp') return { ...reply, flags: reply.flags | TRUNCATED_RESPONSE };
    const direct = recordsOf(name, question!.type, found);
    const behind = found.cname ? recordsOf(found.cname, question!.type, names.get(found.cname) ?? {}) : [];
    return { ...reply, answers: [...direct, ...behind] };
  }

  const tcp = createServer();
  const connections = new Set<Socket>();
  tcp.on('connection', (socket) => {
    connections.add(socket.on('error', () => undefined));
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
        const end = 2 + rest.readUInt16BE(0);
        const reply = answer(streamDecode(rest.subarray(0, end)), 'tcp');
        if (reply && reply !== 'garbage') socket.write(streamEncode(reply));
        rest = rest.subarray(end);
      }
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;

  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const query = decode(message);
    const reply = answer(query, 'udp');
    if (reply === 'garbage') udp.send(Buffer.concat([message.subarray(0, 2), Buffer.from('no answer')]), from.port, from.address);
    else if (reply) udp.send(encode(reply), from.port, from.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');

  return {
    server: `127.0.0.1:${port}`,
    names,
    asked,
    async stop() {
      for (const socket of connections) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}
