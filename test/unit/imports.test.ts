import { conflictTexts, judgeEntry, readHeader, type ImportEntry } from '../../domain/imports';

const rules = { domains: ['lighthouse.example', 'Mail.Lighthouse.example'], mobileAttribute: 'mobile' };
const entry = (more: Partial<ImportEntry> = {}): ImportEntry => ({ email: 'anna@lighthouse.example', name: 'Anna', mobile: '', attributes: {}, ...more });

describe('somebody who can be taken', () => {
  test('has an address in lower case, a number in long format, and no empty attributes', () => {
    expect(judgeEntry(entry({ email: ' ANNA@Mail.Lighthouse.Example ', name: ' Anna Müller ', mobile: '+1 (202) 555-0101', attributes: { department: 'Light', floor: '' } }), rules)).toEqual({
      person: { email: 'anna@mail.lighthouse.example', name: 'Anna Müller', attributes: { department: 'Light', mobile: '+12025550101' } },
    });
  });

  test('keeps the number in the attribute that the account names', () => {
    expect(judgeEntry(entry({ mobile: '+12025550101' }), { ...rules, mobileAttribute: 'Private phone' })).toEqual({ person: { email: 'anna@lighthouse.example', name: 'Anna', attributes: { 'Private phone': '+12025550101' } } });
  });
});

test.each<[string, Partial<ImportEntry>, string]>([
  ['no address', { email: ' ' }, 'The e-mail address is missing.'],
  ['half an address', { email: 'anna' }, 'This is no e-mail address.'],
  ['two addresses', { email: 'anna@lighthouse.example, ben@lighthouse.example' }, 'This is no e-mail address.'],
  ['too long an address', { email: `${'a'.repeat(240)}@lighthouse.example` }, 'This is no e-mail address.'],
  ['an address elsewhere', { email: 'anna@harbour.example' }, 'The domain harbour.example is none of your verified domains.'],
  ['an address below a verified domain', { email: 'anna@sub.lighthouse.example' }, 'The domain sub.lighthouse.example is none of your verified domains.'],
  ['no name', { name: '' }, 'The name is missing.'],
  ['too long a name', { name: 'x'.repeat(201) }, 'The name has more than 200 characters.'],
  ['a name over two lines', { name: 'Anna\nMüller' }, 'The name has characters that cannot be shown.'],
  ['a number within the country', { mobile: '0202 555 0101' }, 'Mobile number: Leave out the zeroes at the beginning: start with + and the country code.'],
  ['a landline', { mobile: '+44 20 7946 0000' }, 'Mobile number: This number cannot receive texts. Enter a mobile number.'],
  ['too long an attribute', { attributes: { department: 'x'.repeat(501) } }, '"department" has more than 500 characters.'],
  ['much at once', { email: 'anna', name: '', mobile: '12' }, 'This is no e-mail address. The name is missing. Mobile number: This cannot be a phone number: start with + and the country code, and check its length.'],
])('%s is refused with the reason', (_what, more, reason) => {
  const judged = judgeEntry(entry(more), rules);
  expect('problems' in judged ? judged.problems.join(' ') : judged).toBe(reason);
});

describe('the first line of a file', () => {
  const read = (headings: readonly string[], cells: readonly string[], mobileAttribute = 'mobile') => {
    const reader = readHeader(headings, mobileAttribute);
    return typeof reader === 'function' ? reader(cells) : reader;
  };

  test.each([
    [['email', 'name', 'mobile']],
    [['E-Mail', 'Name', 'Mobile']],
    [['EMAIL ADDRESS', 'Full name', 'Mobile number']],
    [[' mail ', 'displayName', 'cell phone']],
    [['E-mail_Address', 'CN', 'SMS number']],
  ])('may say %j', (headings) => {
    expect(read(headings, ['a', 'b', 'c'])).toEqual({ email: 'a', name: 'b', mobile: 'c', attributes: {} });
  });

  test('may have the columns in any order, and others, which become attributes', () => {
    expect(read(['Floor', 'mobile', '', 'name', 'constructor', 'email'], ['3', '+1', 'passed over', 'Anna', 'x', 'a@b'])).toEqual({ email: 'a@b', name: 'Anna', mobile: '+1', attributes: { Floor: '3', constructor: 'x' } });
  });

  test('reads the attribute that holds the number as one, and another number as it stands', () => {
    expect(read(['email', 'name', 'Private Phone', 'mobile'], ['a', 'b', '+1', '+2'], 'private phone')).toEqual({ email: 'a', name: 'b', mobile: '+1', attributes: { mobile: '+2' } });
  });

  test('means attributes that there are, however their case is written', () => {
    const reader = readHeader(['email', 'name', 'FLOOR', 'Room'], 'mobile', ['floor', 'mobile']);
    expect(typeof reader === 'function' && reader(['a', 'b', '3', '4'])).toMatchObject({ attributes: { floor: '3', Room: '4' } });
  });

  test('is followed by lines that may be shorter, and not longer', () => {
    expect(read(['email', 'name', 'mobile', 'floor'], ['a', 'b'])).toEqual({ email: 'a', name: 'b', mobile: '', attributes: { floor: '' } });
    expect(read(['email', 'name'], ['a', 'b', 'c'])).toBe('The line has 3 cells, and the first line 2.');
  });

  test.each([
    [['name', 'mobile'], 'No column has a heading for e-mail addresses.'],
    [['email', 'mobile'], 'No column has a heading for names.'],
    [['anna@lighthouse.example', 'Anna'], 'No column has a heading for e-mail addresses.'],
    [['email', 'name', 'E-Mail'], 'Several columns have a heading for e-mail addresses.'],
    [['email', 'name', 'cn'], 'Several columns have a heading for names.'],
    [['email', 'name', 'mobile number', 'cell'], 'Several columns have a heading for mobile numbers.'],
    [['email', 'name', 'floor', 'Floor'], 'Several columns have the heading "Floor".'],
    [['email', 'name', 'x'.repeat(101)], 'A heading has more than 100 characters.'],
    [['email', 'name', ...Array.from({ length: 49 }, (_, index) => `c${index}`)], 'The file has more than 50 columns.'],
  ])('%j cannot be understood', (headings, problem) => {
    expect(read(headings, [])).toEqual({ problem, whatToDo: expect.stringMatching(/^[A-Z].*[a-z.]$/) });
  });
});

test('check 20: an address of another account is not given away', () => {
  expect(conflictTexts.elsewhere).toBe('This address cannot be added. Ask the support desk.');
});
