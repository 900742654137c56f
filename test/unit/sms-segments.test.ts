import { smsLength } from '../../domain/sms-segments';

test.each([
  ['160 characters of GSM-7', 'a'.repeat(160), 'GSM-7', 1],
  ['one more than a segment holds', 'a'.repeat(161), 'GSM-7', 2],
  ['characters that count twice', '€'.repeat(81), 'GSM-7', 2],
  ['70 characters of UCS-2', 'ж'.repeat(70), 'UCS-2', 1],
  ['one character that is not GSM-7 in a long text', `${'a'.repeat(100)}’`, 'UCS-2', 2],
] as const)('%s', (_what, text, encoding, segments) => {
  expect(smsLength(text)).toMatchObject({ encoding, segments });
});

test('names what makes a text dearer, once, and counts characters as people do', () => {
  expect(smsLength('“Hi” 👋🏽 “you”')).toMatchObject({ characters: 12, notGsm: ['“', '”', '👋🏽'] });
});
