import type { DirectoryPerson } from '../../domain/directory';
import { startDirectory, type RunningDirectory } from '../../dev/directory';
import { DirectoryTrouble } from '../../directory/trouble';
import { TargetError, type Targets } from '../../security/targets';
import { configFor, LOOPBACK, slapdPath, testClient } from '../support/directory';

/** More than two pages, and more than the directory gives out at once. */
const MANY = 1_203;

let directory: RunningDirectory;
const client = testClient();

beforeAll(async () => {
  directory = await startDirectory({
    slapd: slapdPath(),
    people: [
      ...Array.from({ length: MANY }, (_, index) => ({ uid: `p${index}`, name: `Person ${index}`, mail: `p${index}@lighthouse.example`, mobile: index % 2 ? '+12025550101' : undefined })),
      { uid: 'noaddress', name: 'Without address' },
      { uid: 'enabled', name: 'Enabled', mail: 'enabled@lighthouse.example', userAccountControl: 512 },
      { uid: 'disabled', name: 'Disabled', mail: 'disabled@lighthouse.example', userAccountControl: 514 },
    ],
  });
});
afterAll(() => directory.stop());

describe('everybody is read, page by page', () => {
  test('with address, name and number; without those who have no address or are disabled', async () => {
    const pages: (readonly DirectoryPerson[])[] = [];
    const listed = await client.listUsers(configFor(directory), async (people) => void pages.push(people));
    expect(listed).toEqual({ people: MANY + 1, withoutAddress: 1, disabled: 1 });
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(500);
    const people = pages.flat();
    expect(new Set(people.map(({ email }) => email)).size).toBe(MANY + 1);
    expect(people.find(({ email }) => email === 'p7@lighthouse.example')).toEqual({ dn: `uid=p7,${directory.peopleBase}`, email: 'p7@lighthouse.example', name: 'Person 7', mobile: '+12025550101' });
    expect(people.find(({ email }) => email === 'p8@lighthouse.example')?.mobile).toBeNull();
  });

  test('the next page waits until the one before is dealt with', async () => {
    let busy = 0;
    let most = 0;
    await client.listUsers(configFor(directory), async () => {
      most = Math.max(most, ++busy);
      await new Promise(setImmediate);
      busy -= 1;
    });
    expect(most).toBe(1);
  });

  test('what whoever takes a page throws is theirs', async () => {
    const full = new Error('The database is full.');
    await expect(client.listUsers(configFor(directory), () => Promise.reject(full))).rejects.toBe(full);
  });

  test('attributes are named without regard to case', async () => {
    const people: DirectoryPerson[] = [];
    await client.listUsers(configFor(directory, { filter: '(uid=p7)', attributes: { email: 'MAIL', name: 'CN' } }), async (page) => void people.push(...page));
    expect(people).toEqual([{ dn: `uid=p7,${directory.peopleBase}`, email: 'p7@lighthouse.example', name: 'Person 7', mobile: null }]);
  });

  test('a directory that cannot be read says why', async () => {
    const read = (more: Parameters<typeof configFor>[1]): Promise<unknown> => client.listUsers(configFor(directory, more), async () => undefined).catch((error: unknown) => (error as DirectoryTrouble).problem.code);
    expect(await read({ bindPassword: 'another' })).toBe('reader-refused');
    expect(await read({ certificateAuthority: null })).toBe('certificate');
    expect(await read({ baseDn: 'ou=nowhere,dc=lighthouse,dc=example' })).toBe('no-such-base');
    await expect(client.listUsers(configFor(directory, { filter: '(' }), async () => undefined)).rejects.toBeInstanceOf(DirectoryTrouble);
  });
});

describe('trying the connection out', () => {
  test.each([
    ['tls', {}],
    ['none', { url: true }],
    ['starttls', { url: true, startTls: true }],
  ] as const)('says what was found, encryption %s', async (encryption, { url, ...more }: { url?: boolean; startTls?: boolean }) => {
    expect(await client.testConnection(configFor(directory, { ...(url ? { url: directory.url } : {}), ...more }))).toEqual({
      result: 'ok', facts: { encryption, people: 100, more: true, withEmail: 100, withName: 100, withMobile: 50 },
    });
  });

  test('says so where there are few', async () => {
    expect(await client.testConnection(configFor(directory, { filter: '(uid=p7)' }))).toEqual({
      result: 'ok', facts: { encryption: 'tls', people: 1, more: false, withEmail: 1, withName: 1, withMobile: 1 },
    });
  });

  const closed = 'ldap://127.0.0.1:1';
  test.each([
    ['wrong', 'bad-address', { url: 'http://directory.lighthouse.example' }, 'The address of the directory cannot be read.', 'Write it like ldaps://directory.lighthouse.example.'],
    ['wrong', 'not-public', { url: 'ldaps://10.0.0.1' }, 'The directory\'s address is not public, so it cannot be reached from here.', 'Enter an address that can be reached from the Internet.'],
    ['not-yet', 'refused', { url: closed }, 'The directory\'s host refuses the connection.', 'Check its address and port, and that your firewall lets us through.'],
    ['wrong', 'certificate', { certificateAuthority: null }, 'The directory cannot be trusted: its certificate comes from an authority that is not known here.', 'Enter the certificate of the authority that issued it, or have it replaced by one for the name that you entered.'],
    ['wrong', 'bad-authority', { certificateAuthority: 'none' }, 'The certificate of the authority cannot be read.', 'Paste it in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.'],
    ['wrong', 'reader-refused', { bindPassword: 'another' }, 'The directory refuses the name or the password that it is read with.', 'Check both, and that the password has not expired.'],
    ['wrong', 'reader-refused', { bindDn: ' ' }, 'The directory is read with a name and a password, and one of them is missing.', 'Enter both.'],
    ['wrong', 'bad-name', { bindDn: 'postern@lighthouse.example' }, 'The directory does not understand a name that was entered.', 'Check the name that it is read with, and where people are.'],
    ['wrong', 'bad-name', { baseDn: 'people' }, 'The directory does not understand a name that was entered.', 'Check the name that it is read with, and where people are.'],
    ['wrong', 'no-such-base', { baseDn: 'ou=nowhere,dc=lighthouse,dc=example' }, 'The directory has no such place as the one people are looked for in.', 'Check where people are, for instance ou=people,dc=lighthouse,dc=example.'],
    ['wrong', 'bad-filter', { filter: '(objectClass=person' }, 'The filter cannot be read.', 'Write it like (objectClass=person), with its parentheses in pairs.'],
    ['wrong', 'nobody', { filter: '(uid=nobody)' }, 'The directory was reached, and nobody was found in it.', 'Check where people are, the filter, and what the name that it is read with may see.'],
    ['wrong', 'no-addresses', { filter: '(uid=noaddress)' }, 'People were found, and none has an address in the attribute "mail".', 'Enter the attribute that holds people\'s e-mail addresses.'],
  ] as const)('says what is %s: %s', async (result, code, more, reason, whatToDo) => {
    expect(await client.testConnection(configFor(directory, more))).toEqual({ result, code, reason, whatToDo });
  });

  const lookingUp = (lookUp: Targets['lookUp']) => testClient({ targets: { allowedNetworks: LOOPBACK, lookUp } }).testConnection(configFor(directory, { url: 'ldaps://directory.lighthouse.example' }));

  test('says that there is no host of this name', async () => {
    expect(await lookingUp(async () => [])).toEqual({ result: 'wrong', code: 'no-such-host', reason: 'There is no host of the name that the directory\'s address has.', whatToDo: 'Check the address.' });
  });

  test('says that its name could not be looked up', async () => {
    expect(await lookingUp(() => Promise.reject(new TargetError('lookup-failed', 'No name server answers.')))).toEqual({
      result: 'not-yet', code: 'lookup-failed', reason: 'The name of the directory\'s host could not be looked up.', whatToDo: 'Check that the name servers of its domain answer.',
    });
  });

  test('says that a name leads to private addresses only', async () => {
    expect(await lookingUp(async () => ['10.0.0.1', 'fd00::1'])).toMatchObject({ result: 'wrong', code: 'not-public' });
  });
});
