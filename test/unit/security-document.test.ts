import { checksIn, checksWithRow, readDocument, testsByCheck, withTests } from '../support/security-document';

const every = [...Array.from({ length: 70 }, (_, index) => String(index + 1)), '68a'];

test('the document of checks has each of them once', () => {
  expect(checksWithRow(readDocument()).sort()).toEqual([...every].sort());
});

test('it names the tests that name the check: "npm run update-security" writes them', () => {
  expect(readDocument()).toBe(withTests(readDocument()));
});

test('a check without a test says why', () => {
  const bare = readDocument().split('\n').filter((line) => /\| none \|$/.test(line));
  for (const line of bare) expect(line).toMatch(/Not touched yet|Not built/);
});

test('no test names a check that does not exist', () => {
  expect([...testsByCheck().keys()].filter((check) => !every.includes(check))).toEqual([]);
});

test('numbers are read from titles as people write them', () => {
  expect(checksIn('check 5: one')).toEqual(['5']);
  expect(checksIn('checks 7, 12-14 and 68a: more')).toEqual(['7', '12', '13', '14', '68a']);
  expect(checksIn('checked 9 times')).toEqual([]);
});
