import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { createDnsClient } from '../../activities/checks/dns';
import { checkInbound } from '../../activities/checks/inbound';
import { issueCertificate, makeAuthority, type Certificate } from '../../dev/certificates';
import { LOOPBACK } from '../support/directory';
import { startDns, type TestDns } from '../support/dns-server';
import { freePorts } from '../support/ports';

const HOST = 'mail.lighthouse.example';
const OURS = ['mx1.postern.example', 'mx2.postern.example'];

let folder: string;
let authority: Certificate;
let dns: TestDns;
const mailServers: SMTPServer[] = [];
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-mail-host-'));
  authority = await makeAuthority(folder);
  dns = await startDns({ [HOST]: { a: ['127.0.0.1'] } });
});

afterAll(async () => {
  await dns.stop();
  for (const server of mailServers) await new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await rm(folder, { recursive: true, force: true });
});

async function mailServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ authOptional: true, banner: 'ready for mail', ...options });
  mailServers.push(server);
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return (server.server.address() as AddressInfo).port;
}

async function rawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A host that says each of these when it is its turn. */
const says = (...replies: readonly string[]) => (socket: Socket): void => {
  const left = [...replies];
  socket.write(left.shift() ?? '');
  socket.on('data', () => socket.write(left.shift() ?? ''));
};

const deps = (more: { allowedNetworks?: readonly string[]; timeoutMs?: number; certificateAuthority?: string } = {}) => ({
  dns: createDnsClient({ servers: [dns.server], timeoutMs: 5_000 }), allowedNetworks: LOOPBACK, mxHosts: OURS, ehloName: 'connect.postern.example', timeoutMs: 10_000, certificateAuthority: authority.certificate, ...more,
});

const reach = (port: number, more: Parameters<typeof deps>[0] = {}, host = HOST) => checkInbound(deps(more), { host, port }, []);

describe('a mail host is reached for real', () => {
  const withTls = async (name: string, names: readonly string[], days?: number): Promise<number> => {
    const { certificate, key } = await issueCertificate(folder, name, names, days);
    return mailServer({ key, cert: certificate });
  };

  test('with STARTTLS, and what its certificate says', async () => {
    const outcome = await reach(await withTls('good', [`DNS:${HOST}`, 'IP:127.0.0.1']));
    expect(outcome).toEqual({
      result: 'ok',
      facts: {
        notes: [], mx: [],
        host: {
          host: HOST, port: expect.any(Number), address: '127.0.0.1', banner: expect.stringContaining('ready for mail'), extensions: expect.arrayContaining(['PIPELINING', '8BITMIME']),
          startTls: {
            offered: true, works: true, problem: null,
            certificate: { subject: 'good', issuer: 'Development authority', names: [HOST, '127.0.0.1'], validFrom: expect.stringMatching(/^\d{4}-.*Z$/), validTo: expect.stringMatching(/^\d{4}-.*Z$/), protocol: 'TLSv1.3' },
          },
        },
      },
    });
    // Within TLS there is nothing left to switch to.
    expect(outcome.facts?.host?.extensions).not.toContain('STARTTLS');
  });

  test.each([
    ['is for another name', ['DNS:other.example'], undefined, {}],
    ['has expired', [`DNS:${HOST}`], -1, {}],
    ['comes from an authority that is not known here', [`DNS:${HOST}`], undefined, { certificateAuthority: undefined }],
  ])('with STARTTLS and a note where its certificate %s', async (words, names, days, more) => {
    const port = await withTls(words.replace(/ /g, '-').slice(0, 10), names, days);
    const outcome = await reach(port, more as Parameters<typeof deps>[0]);
    expect(outcome).toMatchObject({
      result: 'ok',
      facts: {
        host: { startTls: { offered: true, works: true, problem: `its certificate ${words}` } },
        notes: [`Mail to ${HOST} travels encrypted, and its certificate ${words}: it could be read by whoever takes its place.`],
      },
    });
  });

  test('without STARTTLS', async () => {
    expect(await reach(await mailServer({ disabledCommands: ['STARTTLS'], size: 1_000_000 }))).toMatchObject({
      result: 'ok',
      facts: { host: { startTls: { offered: false }, extensions: expect.arrayContaining(['SIZE 1000000']) }, notes: [`${HOST} offers no STARTTLS: mail to it travels unencrypted.`] },
    });
  });

  const failing = { result: 'ok', facts: { host: { startTls: { offered: true, works: false } }, notes: [`${HOST} offers STARTTLS, and switching to it fails: mail to it travels unencrypted, or not at all.`] } };
  const offering = ['220 ready\r\n', '250-hello\r\n250 STARTTLS\r\n'];

  test.each<[string, readonly string[]]>([
    ['refuses to switch', [...offering, '454 not now\r\n']],
    ['speaks no TLS after all', [...offering, '220 go\r\n', 'this is no TLS\r\n']],
  ])('with a STARTTLS that %s', async (_what, replies) => {
    expect(await reach(await rawServer(says(...replies)))).toMatchObject(failing);
  });

  test.each<[string, readonly string[]]>([
    ['breaks off', [...offering]],
    ['says nothing more', [...offering, '220 go\r\n']],
  ])('with a STARTTLS that %s', async (what, replies) => {
    const port = await rawServer((socket) => {
      says(...replies)(socket);
      let heard = '';
      if (what === 'breaks off') socket.on('data', (chunk) => (heard += chunk.toString()).includes('STARTTLS') && socket.destroy());
    });
    expect(await reach(port, { timeoutMs: 600 })).toMatchObject(failing);
  });

  test.each([
    ['says more than was asked for before TLS', '220 go\r\n250 smuggled\r\n', failing],
    ['says what was asked for', '220 go\r\n', { result: 'ok', facts: { host: { startTls: { works: true }, extensions: ['SIZE 5'] } } }],
  ])('with a STARTTLS that %s', async (_what, go, outcome) => {
    const { certificate, key } = await issueCertificate(folder, 'smuggling', [`DNS:${HOST}`]);
    const port = await rawServer((socket) => {
      const answers = [...offering.slice(1), go];
      socket.write(offering[0]!);
      socket.on('data', () => {
        socket.write(answers.shift()!);
        if (answers.length > 0) return;
        socket.removeAllListeners('data');
        says('', '250-hello\r\n250 SIZE 5\r\n')(new TLSSocket(socket, { isServer: true, key, cert: certificate }).on('error', () => undefined));
      });
    });
    expect(await reach(port)).toMatchObject(outcome);
  });

  test('that knows only HELO', async () => {
    expect(await reach(await rawServer(says('220 old\r\n', '500 what?\r\n', '250 hello\r\n')))).toMatchObject({ result: 'ok', facts: { host: { banner: 'old', extensions: [], startTls: { offered: false } } } });
  });

  test('by its address', async () => {
    expect(await reach(await rawServer(says('220 here\r\n', '250 hello\r\n')), {}, '127.0.0.1')).toMatchObject({ result: 'ok', facts: { host: { host: '127.0.0.1', address: '127.0.0.1' } } });
  });

  test('at the second of its addresses where the first one does not answer', async () => {
    const port = await rawServer(says('220 here\r\n', '250 hello\r\n'));
    dns.names.set('two.lighthouse.example', { a: ['127.0.0.9', '127.0.0.1'] });
    expect(await reach(port, {}, 'two.lighthouse.example')).toMatchObject({ result: 'ok', facts: { host: { address: '127.0.0.1' } } });
  });

  test('that says much in small pieces, and nothing unreadable of it is kept', async () => {
    const port = await rawServer((socket) => {
      for (const piece of ['22', '0-\x1b[31mred\x07', '\r', '\n220-', 'x'.repeat(500), '\r\n220 end\r\n']) socket.write(piece);
      says('', '250 hello\r\n')(socket);
    });
    expect(await reach(port)).toMatchObject({ result: 'ok', facts: { host: { banner: '[31mred' } } });
  });
});

describe('a mail host that cannot be used is told why', () => {
  const open = { facts: { host: null, mx: [], notes: [] } };
  const FIREWALL = 'Check name and port, and that your firewall lets us through.';

  test('nothing listens there', async () => {
    const [port] = await freePorts(1);
    expect(await reach(port!)).toEqual({ result: 'not-yet', code: 'refused', reason: `${HOST} refuses connections to port ${port}.`, whatToDo: FIREWALL, ...open });
  });

  test.each([
    ['it says nothing', (_socket: Socket) => undefined],
    ['it stops in the middle of a line', says('220 hel')],
    ['it does not answer EHLO', says('220 hello\r\n')],
    ['it takes its time for each answer', (socket: Socket) => {
      const answers = ['220 hello\r\n', '500 what?\r\n', '250 hello\r\n'];
      const answer = (): unknown => setTimeout(() => socket.write(answers.shift() ?? ''), 150);
      answer();
      socket.on('data', answer);
    }],
    ['it goes on and on without an end', (socket: Socket) => {
      const talking = setInterval(() => socket.write('220-more\r\n'), 20);
      socket.on('close', () => clearInterval(talking));
    }],
  ])('%s', async (_what, onConnection) => {
    const port = await rawServer(onConnection);
    expect(await reach(port, { timeoutMs: 300 })).toEqual({
      result: 'not-yet', code: 'silent', reason: `${HOST} takes connections to port ${port} and then says nothing, or not in time.`,
      whatToDo: 'Check that a mail server listens on this port, and that it does not expect TLS from the start.', ...open,
    });
  });

  test.each([
    ['at once', (socket: Socket) => socket.end()],
    ['in the middle of its greeting', (socket: Socket) => socket.end('220 hel')],
    ['after the greeting', (socket: Socket) => {
      says('220 hello\r\n')(socket);
      socket.once('data', () => socket.destroy());
    }],
    ['by a reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('it closes the connection %s', async (_when, onConnection) => {
    expect(await reach(await rawServer(onConnection))).toEqual({
      result: 'not-yet', code: 'broke-off', reason: `${HOST} takes the connection and closes it before it has said what a mail server says.`, whatToDo: 'Check that it takes mail from hosts it does not know yet.', ...open,
    });
  });

  test.each([
    ['554 no mail here\r\n', [], '554 no mail here'],
    ['421 come back later\r\n', [], '421 come back later'],
    ['220 hello\r\n', ['550 your \x1b[31mname\r\n'], '550 your [31mname'],
    ['220 hello\r\n', ['502 what?\r\n', '502 what?\r\n'], '502 what?'],
  ])('it says %j', async (greeting, more, words) => {
    expect(await reach(await rawServer(says(greeting, ...more)))).toEqual({
      result: 'not-yet', code: 'refuses-us', reason: `${HOST} is there and takes no mail from us: it answers "${words}".`, whatToDo: 'Let it take mail from our hosts.', ...open,
    });
  });

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\nServer: secret\r\n\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a line without an end', 'x'.repeat(5_000)],
  ])('%s answers: nothing of what it says is passed on', async (_what, text) => {
    const port = await rawServer(says(text));
    expect(await reach(port)).toEqual({
      result: 'wrong', code: 'not-smtp', reason: `What answers on port ${port} of ${HOST} is no mail server.`, whatToDo: 'Enter the host and port that your mail server takes mail on, most often port 25.', ...open,
    });
  });

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['a name that leads to one', HOST],
  ])('its address is not public: %s, and no connection is made', async (_what, host) => {
    const connections: Socket[] = [];
    const port = await rawServer((socket) => connections.push(socket));
    expect(await reach(port, { allowedNetworks: [] }, host)).toEqual({
      result: 'wrong', code: 'not-public', reason: `The address of ${host} is not public, so mail cannot be delivered there.`, whatToDo: 'Enter a host that can be reached from the Internet.', ...open,
    });
    expect(connections).toEqual([]);
  });

  test('a name that changes where it leads to once it was looked up is not looked up again', async () => {
    dns.names.set('rebound.lighthouse.example', { a: ['127.0.0.1'] });
    dns.asked.length = 0;
    await reach(await rawServer(says('220 here\r\n', '250 hello\r\n')), {}, 'rebound.lighthouse.example');
    expect(dns.asked.filter((question) => question.startsWith('A '))).toEqual(['A rebound.lighthouse.example']);
  });

  test('there is no such host, or its name servers fail', async () => {
    expect(await reach(25, {}, 'nowhere.example')).toEqual({ result: 'wrong', code: 'no-such-host', reason: 'There is no host nowhere.example.', whatToDo: 'Check the name of the host, or enter its address.', ...open });
    dns.names.set('down.example', { fault: 'refused' });
    expect(await reach(25, {}, 'down.example')).toEqual({
      result: 'not-yet', code: 'lookup-failed', reason: 'The address of down.example could not be looked up.', whatToDo: 'We go on trying. If it lasts, ask whoever runs the name servers of its domain.', ...open,
    });
  });
});

describe('host and MX records together', () => {
  const DOMAIN = 'lighthouse.example';
  const mx = async (exchangers: readonly string[], before?: readonly string[], port?: number) => {
    dns.names.set(DOMAIN, { mx: exchangers.map((host, index) => [index, host] as const) });
    const reachable = port ?? await rawServer(says('220 here\r\n', '250 hello\r\n'));
    return checkInbound(deps(), { host: HOST, port: reachable }, [DOMAIN], before ? { [DOMAIN]: before } : {});
  };

  test('are done once the host takes mail and the MX records lead to us', async () => {
    expect(await mx(OURS, ['old.example'])).toMatchObject({ result: 'ok', facts: { host: { banner: 'here' }, mx: [{ domain: DOMAIN, exchangers: OURS, changed: true, ours: true }] } });
  });

  test('wait for the MX records to change, and keep what was found of the host', async () => {
    expect(await mx(['old.example'], ['old.example'])).toEqual({
      result: 'not-yet', code: 'mx-elsewhere', reason: `Mail for ${DOMAIN} still goes to old.example.`, whatToDo: `Point the MX records of ${DOMAIN} to mx1.postern.example and mx2.postern.example, and to nothing else.`,
      facts: { host: expect.objectContaining({ banner: 'here' }), mx: [{ domain: DOMAIN, exchangers: ['old.example'], changed: false, ours: false }], notes: [`${HOST} offers no STARTTLS: mail to it travels unencrypted.`] },
    });
  });

  test('are both told', async () => {
    const [port] = await freePorts(1);
    const outcome = await mx(['old.example'], undefined, port);
    expect(outcome).toMatchObject({ result: 'not-yet', code: 'refused', reason: `${HOST} refuses connections to port ${port}. Mail for ${DOMAIN} still goes to old.example.` });
  });
});
