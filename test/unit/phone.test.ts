import { parseMobileNumber } from '../../domain/phone';

describe('a number that can receive texts', () => {
  test.each([
    ['+12025550101', '+12025550101', 'US', '+1 202 555 0101'],
    ['+1 (312) 555-0199', '+13125550199', 'US', '+1 312 555 0199'],
    ['  +1.202.555.0101 ', '+12025550101', 'US', '+1 202 555 0101'],
    ['+44 7400 123456', '+447400123456', 'GB', '+44 7400 123456'],
    ['+39 312 345 6789', '+393123456789', 'IT', '+39 312 345 6789'],
  ])('check 48: %s is stored as %s, and what was understood is shown', (typed, e164, country, display) => {
    expect(parseMobileNumber(typed)).toEqual({ ok: true, e164, country, display });
  });

  test('check 48: a zero that belongs to the number stays', () => {
    expect(parseMobileNumber('+225 07 07 12 34 56')).toMatchObject({ ok: true, e164: '+2250707123456', country: 'CI' });
  });

  test('check 48: every demo number is valid', () => {
    for (let last = 100; last <= 199; last++) {
      for (const area of ['202', '312']) expect(parseMobileNumber(`+1${area}5550${last}`)).toMatchObject({ ok: true, e164: `+1${area}5550${last}` });
    }
  });
});

describe('a number that cannot', () => {
  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['+4407400123456', 'leading-zero'],
    ['+44 07400 123456', 'leading-zero'],
    ['+44 (0)7400 123456', 'leading-zero'],
    ['+49 0151 23456789', 'leading-zero'],
    ['+36 06 20 123 4567', 'leading-zero'],
    ['07400 123456', 'leading-zero'],
    ['0044 7400 123456', 'leading-zero'],
    ['(0)7400 123456', 'leading-zero'],
    ['+0044 7400 123456', 'leading-zero'],
    ['+ 0 7400 123456', 'leading-zero'],
    ['+', 'impossible'],
    ['12025550101', 'impossible'],
    ['202 555 0101', 'impossible'],
    ['+1202555', 'impossible'],
    ['+1202555010199', 'impossible'],
    ['+99912345678', 'impossible'],
    ['+7 8 912 345 67 89', 'impossible'],
    ['+12025550101 ext. 5', 'impossible'],
    ['+12025550101;ext=5', 'impossible'],
    ['tel:+12025550101', 'impossible'],
    ['ring +12025550101', 'impossible'],
    ['+１２０２５５５０１０１', 'impossible'],
    ['+12025550101\n+12025550102', 'impossible'],
    ['+15551234567', 'invalid'],
    ['+49 1512 345678', 'invalid'],
    ['+881612345678', 'invalid'],
    ['+44 20 7946 0000', 'not-mobile'],
    ['+49 30 123456', 'not-mobile'],
    ['+1 800 555 0100', 'not-mobile'],
  ])('check 48: %j is refused: %s', (typed, reason) => {
    expect(parseMobileNumber(typed)).toEqual({ ok: false, reason, message: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  test('check 48: each reason says something of its own', () => {
    const messages = ['', '07400 123456', '+1202555', '+15551234567', '+44 20 7946 0000'].map((typed) => parseMobileNumber(typed)).map((parsed) => (parsed.ok ? '' : parsed.message));
    expect(new Set(messages).size).toBe(5);
  });
});
