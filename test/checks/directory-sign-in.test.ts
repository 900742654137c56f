import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { startDirectory, type DirectoryEntry, type RunningDirectory } from '../../dev/directory';
import { configFor, slapdPath, testClient } from '../support/directory';
import { startWindowsFront, type WindowsFront, type WindowsPerson } from '../support/windows-front';

const PASSWORD = 'correct horse battery staple';
const LONG = `${'long '.repeat(20)}ü€😀`;

function person(uid: string, more: Partial<DirectoryEntry> = {}): DirectoryEntry {
  return { uid, name: `Person ${uid}`, mail: `${uid}@lighthouse.example`, password: PASSWORD, ...more };
}

let directory: RunningDirectory;
const client = testClient();

beforeAll(async () => {
  directory = await startDirectory({
    slapd: slapdPath(),
    people: [
      person('anna'),
      person('lena', { password: LONG }),
      person('weird*)(uid=*', { mail: 'we(i)r*d\\@lighthouse.example' }),
      person('twin1', { mail: 'twins@lighthouse.example' }),
      person('twin2', { mail: 'twins@lighthouse.example' }),
      person('nopassword', { password: undefined }),
      person('dn, with="signs" #+;', { mail: 'signs@lighthouse.example' }),
    ],
  });
});

const servers: Server[] = [];
const sockets: Socket[] = [];

async function listening(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterAll(async () => {
  await directory.stop();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

describe('a password is judged by the directory', () => {
  test.each(['ldaps', 'ldap', 'starttls'] as const)('over %s', async (way) => {
    const more = { ldaps: {}, ldap: { url: directory.url }, starttls: { url: directory.url, startTls: true } }[way];
    const config = configFor(directory, more);
    expect(await client.check(config, 'anna@lighthouse.example', PASSWORD)).toBe('right');
    expect(await client.check(config, 'anna@lighthouse.example', `${PASSWORD}!`)).toBe('wrong');
  });

  test.each([
    ['an address in other case', 'ANNA@Lighthouse.example', PASSWORD],
    ['a long password in several alphabets', 'lena@lighthouse.example', LONG],
    ['an address of characters that mean something in a filter', 'we(i)r*d\\@lighthouse.example', PASSWORD],
    ['a distinguished name of characters that mean something in one', 'signs@lighthouse.example', PASSWORD],
  ])('%s is right', async (_what, login, password) => {
    expect(await client.check(configFor(directory), login, password)).toBe('right');
  });

  test('a long password is not cut off', async () => {
    expect(await client.check(configFor(directory), 'lena@lighthouse.example', LONG.slice(0, -1))).toBe('wrong');
  });

  test.each([
    ['nobody has this address', 'nobody@lighthouse.example'],
    ['two people have this address', 'twins@lighthouse.example'],
    ['the person has no password there', 'nopassword@lighthouse.example'],
    ['it is nobody\'s address', ''],
    ['it is no address', 'anna'],
  ])('check 69: where %s the password is wrong', async (_what, login) => {
    expect(await client.check(configFor(directory), login, PASSWORD)).toBe('wrong');
  });
});

describe('nobody gets in as somebody else', () => {
  test.each([
    ['outside the place where people are', { baseDn: 'ou=services,dc=lighthouse,dc=example' }],
    ['whom the filter leaves out', { filter: '(&(objectClass=inetOrgPerson)(!(uid=anna)))' }],
  ])('check 69: somebody %s is nobody', async (_what, more) => {
    expect(await client.check(configFor(directory, more), 'anna@lighthouse.example', PASSWORD)).toBe('wrong');
  });

  test('check 69: an empty password is wrong, although this directory says yes to a name without one', async () => {
    expect(await client.check(configFor(directory), 'anna@lighthouse.example', '')).toBe('wrong');
    const asNobody = { ...configFor(directory), bindPassword: '' };
    expect(await client.check(asNobody, 'anna@lighthouse.example', PASSWORD)).toBe('unavailable');
    expect(await client.testConnection(asNobody)).toMatchObject({ result: 'wrong', code: 'reader-refused' });
  });

  test.each(['*@lighthouse.example', 'an*@lighthouse.example', 'nobody@lighthouse.example)(|(mail=anna@lighthouse.example)', 'anna@lighthouse.example)(uid=anna', '\\61nna@lighthouse.example'])(
    'check 69: the filter is not extended by the address %s',
    async (login) => {
      expect(await client.check(configFor(directory), login, PASSWORD)).toBe('wrong');
    },
  );

  test.each(['anna', 'uid=anna,ou=people,dc=lighthouse,dc=example', 'LIGHTHOUSE\\anna', 'EXTERNAL', 'PLAIN', 'anna@lighthouse.example\0', 'anna@lighthouse.example@lighthouse.example', `${'a'.repeat(255)}@lighthouse.example`])(
    'check 69: the name %j is not passed on to be bound as',
    async (login) => {
      const asked: string[] = [];
      const url = await listening((socket) => socket.once('data', () => asked.push(login)));
      expect(await testClient({ timeoutMs: 300 }).check(configFor(directory, { url, signIn: 'user-principal-name' }), login, PASSWORD)).toBe('wrong');
      expect(asked).toEqual([]);
    },
  );
});

describe('a directory that cannot be asked is told apart from a wrong password', () => {
  const signIn = async (more: Parameters<typeof configFor>[1], timeoutMs = 10_000): Promise<unknown> => {
    const told: string[] = [];
    const answer = await testClient({ timeoutMs, onTrouble: ({ code }) => told.push(code) }).check(configFor(directory, more), 'anna@lighthouse.example', PASSWORD);
    return [answer, ...told];
  };

  test('it is down', async () => {
    const down = await startDirectory({ slapd: slapdPath(), people: [person('anna')] });
    const config = configFor(down);
    expect(await client.check(config, 'anna@lighthouse.example', PASSWORD)).toBe('right');
    await down.stop();
    expect(await signIn({ url: config.url, certificateAuthority: down.authority })).toEqual(['unavailable', 'refused']);
  });

  test.each(['ldap', 'ldaps'])('it does not answer, over %s', async (scheme) => {
    const url = (await listening(() => undefined)).replace('ldap', scheme);
    expect(await signIn({ url }, 300)).toEqual(['unavailable', 'timed-out']);
  });

  test('it does not answer the request for STARTTLS', async () => {
    expect(await signIn({ url: await listening(() => undefined), startTls: true }, 300)).toEqual(['unavailable', 'timed-out']);
  });

  test('it closes the connection', async () => {
    expect(await signIn({ url: await listening((socket) => socket.end()) })).toEqual(['unavailable', 'closed']);
  });

  test('it breaks off in the middle of the sign-in', async () => {
    expect(await signIn({ url: await listening((socket) => socket.once('data', () => socket.resetAndDestroy())) })).toEqual(['unavailable', 'closed']);
  });

  test('something else answers', async () => {
    const url = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await signIn({ url }, 1_000)).toEqual(['unavailable', expect.stringMatching(/closed|timed-out|no-directory/)]);
    expect(await signIn({ url: url.replace('ldap', 'ldaps') }, 1_000)).toEqual(['unavailable', 'no-directory']);
  });

  test('its certificate is not trusted, over LDAPS and STARTTLS', async () => {
    expect(await signIn({ certificateAuthority: null })).toEqual(['unavailable', 'certificate']);
    expect(await signIn({ url: directory.url, startTls: true, certificateAuthority: null })).toEqual(['unavailable', 'certificate']);
  });

  test('its certificate is for another name', async () => {
    expect(await signIn({ url: directory.secureUrl.replace('127.0.0.1', 'localhost') })).toEqual(['unavailable', 'certificate']);
  });

  test('the name that it is read with is refused', async () => {
    expect(await signIn({ bindPassword: 'another' })).toEqual(['unavailable', 'reader-refused']);
  });

  test('check 69: an answer smuggled in before TLS is no answer', async () => {
    // A right answer to the bind that follows, all but its last byte; the first byte that comes over TLS would complete it.
    const startTlsDone = Buffer.from('300c02010178070a010004000400', 'hex');
    const smuggled = Buffer.from('300d02010261080a010004000401', 'hex');
    const url = await listening((socket) => socket.once('data', () => socket.write(Buffer.concat([startTlsDone, smuggled]))));
    expect(await signIn({ url, startTls: true })).toEqual(['unavailable', 'no-starttls']);
  });

  test('check 69: without TLS nothing is sent where STARTTLS was asked for', async () => {
    const sent: Buffer[] = [];
    const refusing = Buffer.from('300c02010178070a010204000400', 'hex');
    const url = await listening((socket) => socket.on('data', (chunk: Buffer) => {
      sent.push(chunk);
      socket.write(refusing);
    }));
    expect(await signIn({ url, startTls: true })).toEqual(['unavailable', 'no-starttls']);
    expect(Buffer.concat(sent).toString('latin1')).not.toContain(PASSWORD);
    expect(Buffer.concat(sent).toString('latin1')).not.toContain('anna');
  });

  test('a private address is not reached unless its network is allowed', async () => {
    const told: string[] = [];
    const strict = testClient({ targets: { allowedNetworks: ['10.0.0.0/8'] }, onTrouble: ({ code }) => told.push(code) });
    expect(await strict.check(configFor(directory), 'anna@lighthouse.example', PASSWORD)).toBe('unavailable');
    expect(await strict.check(configFor(directory, { url: directory.secureUrl.replace('127.0.0.1', 'localhost') }), 'anna@lighthouse.example', PASSWORD)).toBe('unavailable');
    expect(told).toEqual(['not-public', 'not-public']);
  });
});

describe('as Active Directory takes it: the address is bound as a user principal name', () => {
  let front: WindowsFront;
  const dn = (uid: string): string => `uid=${uid},${directory.peopleBase}`;

  beforeAll(async () => {
    front = await startWindowsFront(directory.url, new Map<string, WindowsPerson>([
      ['anna@lighthouse.example', { dn: dn('anna') }],
      ...(['532', '533', '701', '773', '775', '530', '531'] as const).map((refusal) => [`code${refusal}@lighthouse.example`, { dn: dn('anna'), refusal }] as const),
    ]));
  });
  afterAll(() => front.stop());

  const config = () => configFor(directory, { url: front.url, signIn: 'user-principal-name' });

  test('right, wrong and unknown', async () => {
    expect(await client.check(config(), 'anna@lighthouse.example', PASSWORD)).toBe('right');
    expect(await client.check(config(), 'anna@lighthouse.example', 'another')).toBe('wrong');
    expect(await client.check(config(), 'nobody@lighthouse.example', PASSWORD)).toBe('wrong');
  });

  test('check 69: an empty password is wrong there too', async () => {
    expect(await client.check(config(), 'anna@lighthouse.example', '')).toBe('wrong');
  });

  test('a directory that knows no user principal names could not judge the password', async () => {
    expect(await client.check(configFor(directory, { signIn: 'user-principal-name' }), 'anna@lighthouse.example', PASSWORD)).toBe('unavailable');
  });

  test.each([
    ['anna', 'wrong-password', 'The directory refuses this password.'],
    ['nobody', 'unknown-person', 'The directory has nobody with this address.'],
    ['code530', 'not-now', 'The directory does not let this person in at this time of day.'],
    ['code531', 'not-from-here', 'The directory lets this person in from certain computers only.'],
    ['code532', 'password-expired', 'The password of this person has expired.'],
    ['code533', 'disabled', 'This person is disabled in the directory.'],
    ['code701', 'account-expired', 'The account of this person has expired in the directory.'],
    ['code773', 'must-change', 'This person has to change the password first.'],
    ['code775', 'locked', 'This person is locked in the directory, after too many wrong passwords.'],
  ])('trying %s out says why it fails: %s', async (local, code, reason) => {
    const outcome = await client.testSignIn(config(), `${local}@lighthouse.example`, 'another');
    expect(outcome).toEqual({ result: 'wrong', code, reason, whatToDo: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(await client.check(config(), `${local}@lighthouse.example`, 'another')).toBe('wrong');
  });
});

describe('trying a person out', () => {
  test('says that it succeeded', async () => {
    expect(await client.testSignIn(configFor(directory), 'anna@lighthouse.example', PASSWORD)).toEqual({ result: 'ok', facts: { login: 'anna@lighthouse.example' } });
  });

  test.each([
    ['anna@lighthouse.example', 'another', 'wrong-password', 'The directory refuses this password.'],
    ['anna@lighthouse.example', '', 'no-password', 'The password is missing.'],
    ['nobody@lighthouse.example', PASSWORD, 'unknown-person', 'The directory has nobody with this address.'],
    ['twins@lighthouse.example', PASSWORD, 'several-people', 'More than one entry of the directory has this address.'],
  ])('says why it did not: %s with %j', async (login, password, code, reason) => {
    expect(await client.testSignIn(configFor(directory), login, password)).toEqual({ result: 'wrong', code, reason, whatToDo: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  test('says that the directory could not be asked', async () => {
    expect(await client.testSignIn(configFor(directory, { certificateAuthority: null }), 'anna@lighthouse.example', PASSWORD)).toEqual({
      result: 'wrong', code: 'certificate', reason: 'The directory cannot be trusted: its certificate comes from an authority that is not known here.',
      whatToDo: 'Enter the certificate of the authority that issued it, or have it replaced by one for the name that you entered.',
    });
  });
});
