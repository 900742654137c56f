import { checkDirectorySync } from '../../imports/directory-sync';
import type { ImportRequest } from '../../imports/staging';
import { mergeImport } from '../../db/import-merge';
import { findImport } from '../../db/imports';
import { startDirectory, type DirectoryEntry, type RunningDirectory } from '../../dev/directory';
import type { DirectoryConfig } from '../../domain/directory';
import { createAccount, createUser, usersOf } from '../support/accounts';
import { eachDatabase } from '../support/database';
import { configFor, slapdPath, testClient } from '../support/directory';

const ACCOUNT = 'CEU11A1';
const MANY = 1_100;

let directory: RunningDirectory;
let crowd: RunningDirectory;
const entry = (uid: string, more: Partial<DirectoryEntry> = {}): DirectoryEntry => ({ uid, name: `Person ${uid}`, mail: `${uid}@lighthouse.example`, ...more });

beforeAll(async () => {
  directory = await startDirectory({
    slapd: slapdPath(),
    people: [
      entry('new', { mail: 'NEW@Lighthouse.example', mobile: '+1 202 555 0101' }),
      entry('same'),
      entry('renamed', { name: 'New name' }),
      entry('national', { mobile: '0202 555 0101' }),
      entry('twin1', { mail: 'twins@lighthouse.example' }),
      entry('twin2', { mail: 'twins@lighthouse.example' }),
      entry('outside', { mail: 'outside@elsewhere.example' }),
      entry('nobody', { mail: undefined }),
      entry('left', { userAccountControl: 514 }),
      entry('gone'),
    ],
  });
  crowd = await startDirectory({ slapd: slapdPath(), people: Array.from({ length: MANY }, (_, index) => entry(`p${index}`)) });
});
afterAll(async () => {
  await directory.stop();
  await crowd.stop();
});

eachDatabase('users from a directory', (database) => {
  let imports = 0;
  const request = (more: Partial<ImportRequest> = {}): ImportRequest => ({
    importId: `sync-${++imports}`, accountCode: ACCOUNT, authentication: 'domain', rules: { domains: ['lighthouse.example'], mobileAttribute: 'mobile' }, ...more,
  });
  const check = (config: DirectoryConfig, asked = request(), onProgress: (read: number) => void = () => undefined) =>
    checkDirectorySync({ db: database.db(), clock: () => 1_000, directory: testClient(), onProgress }, asked, config);

  beforeAll(() => createAccount(database.db(), ACCOUNT, 'lighthouse.example'));
  beforeEach(async () => {
    await database.db()('users').delete();
    await createUser(database.db(), ACCOUNT, { email: 'same@lighthouse.example', name: 'Person same' });
    await createUser(database.db(), ACCOUNT, { email: 'renamed@lighthouse.example', name: 'Old name', attributes: { mobile: '+12025550199' } });
    await createUser(database.db(), ACCOUNT, { email: 'gone@lighthouse.example', name: 'Gone', status: 'disabled' });
  });

  test('a dry run counts as with a file, leaves out who is no user of the account, and changes nobody', async () => {
    const before = await usersOf(database.db(), ACCOUNT);
    const outcome = await check(configFor(directory));
    expect(outcome).toEqual({
      result: 'ok',
      facts: {
        read: 8, problems: 2, withoutAddress: 1, disabled: 1, withoutNumber: 1,
        toldProblems: expect.arrayContaining([
          { line: expect.any(Number), reason: 'outside@elsewhere.example: The domain elsewhere.example is none of your verified domains.' },
          { line: expect.any(Number), reason: 'twins@lighthouse.example: Somebody else in the directory has this address as well.' },
        ]),
        plan: { counts: { add: 3, change: 1, leave: 1, conflict: 1 }, conflicts: [{ line: expect.any(Number), why: 'disabled' }] },
      },
    });
    expect(await usersOf(database.db(), ACCOUNT)).toEqual(before);
  });

  test('taking it over makes users that sign in by the directory, and leaves the others\' way of signing in', async () => {
    const asked = request();
    await check(configFor(directory), asked);
    expect(await mergeImport(database.db(), asked.importId, { at: 2_000, by: null })).toEqual({ add: 3, change: 1, leave: 1, conflict: 1 });
    expect(await usersOf(database.db(), ACCOUNT)).toEqual({
      'new@lighthouse.example': { name: 'Person new', authentication: 'domain', mobile: '+12025550101' },
      'national@lighthouse.example': { name: 'Person national', authentication: 'domain' },
      'twins@lighthouse.example': { name: expect.stringMatching(/^Person twin[12]$/), authentication: 'domain' },
      'same@lighthouse.example': { name: 'Person same', authentication: 'cloud' },
      'renamed@lighthouse.example': { name: 'New name', authentication: 'cloud', mobile: '+12025550199' },
      'gone@lighthouse.example': { name: 'Gone', authentication: 'cloud' },
    });
    expect(await check(configFor(directory))).toMatchObject({ result: 'ok', facts: { plan: { counts: { add: 0, change: 0, leave: 5, conflict: 1 } } } });
  });

  test('a directory of several pages is read to its end, and tells how far it is', async () => {
    const told: number[] = [];
    expect(await check(configFor(crowd), request(), (read) => told.push(read))).toMatchObject({ result: 'ok', facts: { read: MANY, problems: 0, plan: { counts: { add: MANY } } } });
    expect(told.length).toBeGreaterThan(3);
    expect(told.at(-1)).toBe(MANY);
  });

  test('a directory whose people are all elsewhere is told so', async () => {
    expect(await check(configFor(directory), request({ rules: { domains: ['harbour.example'], mobileAttribute: 'mobile' } }))).toMatchObject({
      result: 'wrong', code: 'nobody-to-take', whatToDo: 'Check the attributes that hold addresses and names, and that your domains are verified.',
      reason: expect.stringMatching(/^The directory has 8 people, and none of them can be taken\. \S+@\S+: The domain \S+ is none of your verified domains\.$/),
    });
  });

  test('a directory without people is told so', async () => {
    expect(await check(configFor(directory, { filter: '(uid=nowhere)' }))).toMatchObject({ result: 'wrong', code: 'nobody-to-take', reason: 'The directory has nobody with an address.' });
  });

  test('a directory that cannot be read is told why, and nothing can be taken over', async () => {
    const asked = request();
    expect(await check(configFor(directory, { bindPassword: 'another' }), asked)).toEqual({
      result: 'wrong', code: 'reader-refused', reason: 'The directory refuses the name or the password that it is read with.', whatToDo: 'Check both, and that the password has not expired.',
    });
    expect(await findImport(database.db(), asked.importId)).toMatchObject({ state: 'staging' });
    await expect(mergeImport(database.db(), asked.importId, { at: 1, by: null })).rejects.toThrow('This import was not read to its end.');
  });
});
