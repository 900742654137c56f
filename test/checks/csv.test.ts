import { checkCsv } from '../../imports/csv';
import type { ImportRequest } from '../../imports/staging';
import { mergeImport } from '../../db/import-merge';
import { findImport } from '../../db/imports';
import { createAccount, createUser, usersOf } from '../support/accounts';
import { eachDatabase } from '../support/database';

const ACCOUNT = 'CEU11A1';
const OTHER = 'CUS22B2';

/** A file that arrives in pieces of so many bytes. */
async function* file(content: string | Uint8Array, pieceBytes = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content as string);
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

eachDatabase('users from a CSV', (database) => {
  let imports = 0;
  const request = (more: Partial<ImportRequest> = {}): ImportRequest => ({
    importId: `import-${++imports}`, accountCode: ACCOUNT, authentication: 'cloud', rules: { domains: ['lighthouse.example'], mobileAttribute: 'mobile' }, ...more,
  });
  const deps = () => ({ db: database.db(), clock: () => 1_000 });
  const check = (content: string | Uint8Array, more: Partial<ImportRequest> = {}) => checkCsv(deps(), request(more), file(content));

  beforeAll(async () => {
    await createAccount(database.db(), ACCOUNT, 'lighthouse.example');
    await createAccount(database.db(), OTHER, 'harbour.example');
    await createUser(database.db(), OTHER, { email: 'moved@lighthouse.example', name: 'Moved' });
    await createUser(database.db(), OTHER, { email: 'theirs@harbour.example', name: 'Theirs', others: ['second@lighthouse.example'] });
  });
  beforeEach(async () => {
    await database.db()('users').where({ account_code: ACCOUNT }).delete();
    await createUser(database.db(), ACCOUNT, { email: 'same@lighthouse.example', name: 'Same', attributes: { mobile: '+12025550101', floor: '3' } });
    await createUser(database.db(), ACCOUNT, { email: 'renamed@lighthouse.example', name: 'Old name' });
    await createUser(database.db(), ACCOUNT, { email: 'number@lighthouse.example', name: 'Number', attributes: { mobile: '+12025550102', floor: '4' } });
    await createUser(database.db(), ACCOUNT, { email: 'gone@lighthouse.example', name: 'Gone', status: 'disabled' });
    await createUser(database.db(), ACCOUNT, { email: 'first@lighthouse.example', name: 'First', others: ['alias@lighthouse.example'] });
  });

  const FILE = [
    'Mobile Number;E-Mail;Name;Floor',
    '+1 202 555 0101;same@lighthouse.example;Same;3',
    ';RENAMED@lighthouse.example;New name;',
    '+1 202 555 0103;number@lighthouse.example;Number;',
    '+1 202 555 0104;new@lighthouse.example;"Müller; Anna ""Änn""";5',
    ';newer@lighthouse.example;Newer',
    ';gone@lighthouse.example;Gone;',
    ';moved@lighthouse.example;Moved;',
    ';alias@lighthouse.example;Alias;',
    ';second@lighthouse.example;Second;',
  ].join('\r\n');

  test('a dry run counts what would be added, changed, left and in conflict, and changes nobody', async () => {
    const before = await usersOf(database.db(), ACCOUNT);
    expect(await check(FILE)).toEqual({
      result: 'ok',
      facts: {
        read: 9, problems: 0, toldProblems: [],
        plan: {
          counts: { add: 2, change: 2, leave: 1, conflict: 4 },
          conflicts: [{ line: 7, why: 'disabled' }, { line: 8, why: 'elsewhere' }, { line: 9, why: 'second-address' }, { line: 10, why: 'elsewhere' }],
        },
      },
    });
    expect(await usersOf(database.db(), ACCOUNT)).toEqual(before);
  });

  test('taking it over does what was counted, and leaves everything else as it was', async () => {
    const db = database.db();
    const other = await usersOf(db, OTHER);
    const asked = request({ authentication: 'domain' });
    await checkCsv(deps(), asked, file(FILE));
    const audited = await db('audit').where({ action: 'users.imported' });
    expect(await mergeImport(db, asked.importId, { at: 2_000, by: 'somebody' })).toEqual({ add: 2, change: 2, leave: 1, conflict: 4 });
    expect(await usersOf(db, ACCOUNT)).toEqual({
      'same@lighthouse.example': { name: 'Same', authentication: 'cloud', mobile: '+12025550101', floor: '3' },
      'renamed@lighthouse.example': { name: 'New name', authentication: 'cloud' },
      'number@lighthouse.example': { name: 'Number', authentication: 'cloud', mobile: '+12025550103', floor: '4' },
      'new@lighthouse.example': { name: 'Müller; Anna "Änn"', authentication: 'domain', mobile: '+12025550104', floor: '5' },
      'newer@lighthouse.example': { name: 'Newer', authentication: 'domain' },
      'gone@lighthouse.example': { name: 'Gone', authentication: 'cloud' },
      'first@lighthouse.example': { name: 'First', authentication: 'cloud' },
    });
    expect(await usersOf(db, OTHER)).toEqual(other);
    const [added] = await db('users').where({ email: 'new@lighthouse.example' });
    expect(added).toMatchObject({ role: 'user', status: 'active', password_hash: null });
    expect(await db('user_addresses').where({ user_id: added.id })).toEqual([{ user_id: added.id, address: 'new@lighthouse.example', verified: expect.anything() }]);
    const [entry] = (await db('audit').where({ action: 'users.imported' })).slice(audited.length);
    expect(entry).toMatchObject({ account_code: ACCOUNT, subject: 'somebody', at: 2_000, details: JSON.stringify({ source: 'csv', add: 2, change: 2, leave: 1, conflict: 4 }) });
    expect(await findImport(db, asked.importId)).toMatchObject({ state: 'merged', merged_at: 2_000 });
    // What was staged is about people: it does not stay.
    expect(await db('import_rows').where({ import_id: asked.importId })).toEqual([]);
    expect(await db('import_attributes').where({ import_id: asked.importId })).toEqual([]);
  });

  test('the same file once more changes nothing', async () => {
    for (const counts of [{ add: 2, change: 2, leave: 1, conflict: 4 }, { add: 0, change: 0, leave: 5, conflict: 4 }]) {
      const asked = request();
      expect(await checkCsv(deps(), asked, file(FILE))).toMatchObject({ result: 'ok', facts: { plan: { counts } } });
      expect(await mergeImport(database.db(), asked.importId, { at: 1, by: null })).toEqual(counts);
    }
  });

  test.each<[string, string]>([
    ['commas', 'name,email\nAnna,anna@lighthouse.example\n'],
    ['semicolons', 'name;email\nAnna;anna@lighthouse.example\n'],
    ['tabs', 'name\temail\nAnna\tanna@lighthouse.example\n'],
    ['semicolons, and commas within the headings', '"name, first and last, all of it";name;email\nx;Anna;anna@lighthouse.example\n'],
    ['line ends of Windows, without one at the end', 'name,email\r\nAnna,anna@lighthouse.example'],
    ['line ends of old Macintoshes', 'name,email\rAnna,anna@lighthouse.example\r'],
    ['a byte order mark', '\uFEFFname,email\nAnna,anna@lighthouse.example\n'],
    ['blank lines, before the headings too', '\n\r\nname,email\n\n , \nAnna,anna@lighthouse.example\n\n\n'],
    ['blanks around cells', ' name , email \n  Anna  ,  anna@lighthouse.example \n'],
  ])('with %s', async (_how, content) => {
    expect(await check(content)).toMatchObject({ result: 'ok', facts: { read: 1, problems: 0, plan: { counts: { add: 1 } } } });
  });

  test('every line that is wrong is told by its number with everything that is wrong with it, and nothing is taken', async () => {
    const asked = request();
    const content = [
      'email,name,mobile', 'anna@lighthouse.example,Anna,', 'ben@harbour.example,Ben,', ',,"+12025550101"', 'carl@lighthouse.example,"Carl', 'Carlsson",0202 555 0101',
      '', 'ANNA@lighthouse.example,Another Anna,', 'dora@lighthouse.example,Dora,,too much', 'emil@lighthouse.example,Emil,+44 20 7946 0000',
    ].join('\r\n');
    expect(await checkCsv(deps(), asked, file(content))).toEqual({
      result: 'wrong', code: 'bad-lines', whatToDo: 'Correct these lines and upload the file again.',
      reason: '6 lines of the file cannot be taken, so nothing of it was. Line 3: The domain harbour.example is none of your verified domains. Line 4: The e-mail address is missing. The name is missing. '
        + 'Line 6: The name has characters that cannot be shown. Mobile number: Leave out the zeroes at the beginning: start with + and the country code.',
      facts: {
        read: 7, problems: 6, plan: { counts: { add: 1, change: 0, leave: 0, conflict: 0 }, conflicts: [] },
        toldProblems: [
          { line: 3, reason: 'The domain harbour.example is none of your verified domains.' },
          { line: 4, reason: 'The e-mail address is missing. The name is missing.' },
          { line: 6, reason: 'The name has characters that cannot be shown. Mobile number: Leave out the zeroes at the beginning: start with + and the country code.' },
          { line: 8, reason: 'The address stands on line 2 as well.' },
          { line: 9, reason: 'The line has 4 cells, and the first line 3.' },
          { line: 10, reason: 'Mobile number: This number cannot receive texts. Enter a mobile number.' },
        ],
      },
    });
    await expect(mergeImport(database.db(), asked.importId, { at: 1, by: null })).rejects.toThrow('This import has errors.');
    expect(await usersOf(database.db(), ACCOUNT)).not.toHaveProperty(['anna@lighthouse.example']);
  });

  test('one line that is wrong is told so', async () => {
    expect(await check('email,name\nanna,Anna\n')).toMatchObject({ reason: 'One line of the file cannot be taken, so nothing of it was. Line 2: This is no e-mail address.' });
  });

  test('of very many only the first hundred are told, and all are counted', async () => {
    const outcome = await check(`email,name\n${'nobody,Nobody\n'.repeat(1_234)}`);
    expect(outcome).toMatchObject({ result: 'wrong', code: 'bad-lines', facts: { problems: 1_234 } });
    expect(outcome.facts?.toldProblems.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, index) => index + 2));
    expect(outcome).toHaveProperty('reason', expect.stringMatching(/^1,234 lines of the file cannot be taken/));
  });

  test.each<[string, string | Uint8Array, string, string, string]>([
    ['nothing in it', '', 'empty', 'The file has no users in it.', 'Begin it with a line such as "email,name,mobile", and add a line for each user.'],
    ['blank lines only', '\n \n\n', 'empty', 'The file has no users in it.', 'Begin it with a line such as "email,name,mobile", and add a line for each user.'],
    ['headings only', 'email,name\n', 'empty', 'The file has no users in it.', 'Begin it with a line such as "email,name,mobile", and add a line for each user.'],
    ['no headings', 'anna@lighthouse.example,Anna\n', 'bad-header', 'No column has a heading for e-mail addresses.', 'Begin the file with a line such as: email,name,mobile'],
    ['another encoding', Buffer.from('email,name\nanna@lighthouse.example,M\xfcller\n', 'latin1'), 'not-utf8', 'The file is not in UTF-8, so letters with accents would come out wrong.', 'Save it again as "CSV UTF-8".'],
    ['another encoding that Windows calls Unicode', Buffer.from('\uFEFFemail,name\nanna@lighthouse.example,Anna\n', 'utf16le'), 'not-utf8', 'The file is not in UTF-8, so letters with accents would come out wrong.', 'Save it again as "CSV UTF-8".'],
    ['half a letter at its end', Buffer.from('email,name\nanna@lighthouse.example,Ü').subarray(0, -1), 'not-utf8', 'The file is not in UTF-8, so letters with accents would come out wrong.', 'Save it again as "CSV UTF-8".'],
    ['a quotation mark that is not closed', 'email,name\nanna@lighthouse.example,"Anna\nben@lighthouse.example,Ben\n', 'open-quotes', 'A quotation mark that begins a cell is not closed before the file ends.', 'Close it, and write quotation marks within a cell twice.'],
    ['a quotation mark within a cell', 'email,name\nanna@lighthouse.example,An"na\n', 'bad-quotes', 'Line 2 has a quotation mark that does not belong there.', 'Put quotation marks around the whole cell, and write those within twice.'],
    ['something after a quotation mark', 'email,name\nanna@lighthouse.example,"An"na\n', 'bad-quotes', 'Line 2 has a quotation mark that does not belong there.', 'Put quotation marks around the whole cell, and write those within twice.'],
    ['a line without an end', `email,name\nanna@lighthouse.example,"${'x'.repeat(70_000)}`, 'line-too-long', 'Line 2 is longer than any line of a file of users.', 'Check whether a quotation mark is missing there.'],
  ])('a file with %s is refused as a whole', async (_what, content, code, reason, whatToDo) => {
    expect(await check(content)).toEqual({ result: 'wrong', code, reason, whatToDo });
  });

  test('what the file\'s storage throws is its own', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('email,name\nanna@lighthouse.example,Anna\n');
      throw new Error('The connection to the database was lost.');
    }
    await expect(checkCsv(deps(), request(), broken())).rejects.toThrow('The connection to the database was lost.');
  });
});
