import { applications } from '../../domain/password-reset';
import { applicationNames, english } from '../../domain/texts';
import { newCode } from '../../security/secrets';

/** The basic character set of GSM 03.38, in which a text of 160 characters is one segment. */
const GSM_7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;
const SEGMENT = 160;
const LONGEST_BRAND = 'Northern Lights Mail Security and Relays';
const URL_OR_DOMAIN = /https?:|www\.|\b[\w-]+\.[a-z]{2,}\b/i;

describe.each([['a code', english.code], ['a passcode', english.passcode]])('the text with %s', (_what, written) => {
  const text = (code: string, brand = 'Postern', minutes = 10): string => written({ brand, code, minutes });

  test('check 49: names the service and shows the code in its one line', () => {
    expect(text('012345')).toMatch(/^Postern .*\b012345\b/);
    expect(text('012345')).not.toMatch(/[\r\n]/);
  });

  test('check 49: has exactly six unbroken digits once, whatever the code and the minutes', () => {
    for (const code of ['000000', '999999', ...Array.from({ length: 200 }, newCode)]) {
      for (const minutes of [1, 9, 10]) expect(text(code, 'Postern', minutes).match(/\d{6,}/g)).toEqual([code]);
    }
  });

  test('check 49: has no link, no address and no account', () => {
    expect(text('012345')).not.toMatch(URL_OR_DOMAIN);
    expect(text('012345')).not.toMatch(/@|CEU11A1|account/i);
  });

  test('check 49: is one segment, also for the longest name of a service', () => {
    for (const brand of ['Postern', LONGEST_BRAND]) {
      expect(text('012345', brand)).toMatch(GSM_7);
      expect(text('012345', brand).length).toBeLessThanOrEqual(SEGMENT);
    }
  });

  test('check 50: says how long it is valid, and that rates may apply', () => {
    expect(text('012345')).toContain('Valid for 10 minutes.');
    expect(text('012345', 'Postern', 1)).toContain('Valid for 1 minute.');
    expect(text('012345')).toContain('Msg & data rates may apply.');
  });
});

describe('the text of an administrator\'s invitation', () => {
  const invitation = english.invitation({ brand: 'Postern' });

  test('check 43: holds no code and no link: the code goes when the person asks', () => {
    expect(invitation).not.toMatch(/\d/);
    expect(invitation).not.toMatch(URL_OR_DOMAIN);
    expect(invitation).toMatch(/^Postern: your administrator/);
  });

  test('check 49: is one segment in one line', () => {
    expect(invitation).toMatch(GSM_7);
    expect(invitation).not.toMatch(/[\r\n]/);
    expect(invitation.length).toBeLessThanOrEqual(SEGMENT);
  });
});

describe('times', () => {
  const within = (minutes: number): string => /within (.*?)\./.exec(english.link({ brand: 'Postern', url: 'https://portal.example', minutes }).paragraphs.join(' '))![1]!;

  test.each([
    [1, '1 minute'],
    [60, '60 minutes'],
    [90, '90 minutes'],
    [120, '2 hours'],
    [1_440, '24 hours'],
    [150, '2 hours'],
  ])('of %i minutes are said as people say them, never longer than they are', (minutes, said) => {
    expect(within(minutes)).toBe(said);
  });

  test('below an hour a temporary password\'s are in minutes', () => {
    const told = (hours: number): string => english.temporaryPassword({ brand: 'Postern', email: 'user1@lighthouse.example', password: 'kzvtqw', hours, logonUrl: 'https://portal.example' }).paragraphs.join(' ');
    expect(told(0.5)).toContain('within 30 minutes');
    expect(told(72)).toContain('within 72 hours');
  });
});

test('every application has the name that people read', () => {
  expect(applications.map((application) => applicationNames[application])).toEqual(['Connect Application', 'Personal Portal', 'Secure Messaging Portal', 'Partner Portal', 'Administration Console']);
});
