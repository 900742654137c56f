import { dictionary } from '@zxcvbn-ts/language-common';
import fc from 'fast-check';
import { defaultMinLength, evaluatePassword, meetsPolicy, normalisePassword, type Criterion, type PasswordPolicy } from '../../domain/password-policy';

const withTwoSteps: PasswordPolicy = { minLength: 8, maxLength: 128, legacyComplexity: false, context: [] };
const alone: PasswordPolicy = { ...withTwoSteps, minLength: 15 };
const legacy: PasswordPolicy = { ...alone, legacyComplexity: true };

const isMet = (id: Criterion['id'], password: string, policy: PasswordPolicy): boolean => evaluatePassword(password, policy).find((criterion) => criterion.id === id)!.met;
const unmet = (password: string, policy: PasswordPolicy): string[] => evaluatePassword(password, policy).filter(({ met }) => !met).map(({ id }) => id);

describe('length', () => {
  test('check 34: at least 8 beside a second step, 15 where the password stands alone', () => {
    expect([defaultMinLength(true), defaultMinLength(false)]).toEqual([8, 15]);
  });

  test.each([
    ['eight letters', 'kzvtqwmx', true],
    ['seven letters', 'kzvtqwm', false],
    ['eight emoji of two UTF-16 units each', '🌲🚲🎻🌋🧲🛶🎈🦔', true],
    ['seven emoji, fourteen UTF-16 units', '🌲🚲🎻🌋🧲🛶🎈', false],
    ['four letters and four combining marks, composed to four', 'e\u0301o\u0308a\u0300u\u0302', false],
  ])('check 34: %s are counted in code points', (_name, password, met) => {
    expect(isMet('length', password, withTwoSteps)).toBe(met);
  });

  test('check 35: 64 characters and the most that a policy allows are taken, one more is not', () => {
    const phrase = (length: number): string => 'the quick brown fox jumps over a lazy dog and then sleeps until noon in the barn behind '.repeat(2).slice(0, length);
    expect(unmet(phrase(64), alone)).toEqual([]);
    expect(unmet(phrase(128), alone)).toEqual([]);
    expect(unmet(phrase(129), alone)).toEqual(['max-length']);
  });

  test('check 35: nothing is cut or trimmed: blanks count', () => {
    expect(normalisePassword('  two blanks  ')).toBe('  two blanks  ');
    expect(isMet('length', ' kzvtqw ', withTwoSteps)).toBe(true);
  });
});

describe('composition', () => {
  test.each(['correct horse battery staple', '8352 9047 1163 5820', 'ходит дурачок по лесу', '千里の道も一歩から始まるのだよ'])('check 36: by default no kind of character is asked for: %s', (password) => {
    expect(unmet(password, alone)).toEqual([]);
  });

  test('check 36: by default nothing but length, list and context is judged, and nothing ends with time', () => {
    expect(evaluatePassword('', alone).map(({ id }) => id)).toEqual(['length', 'max-length', 'not-common', 'not-context']);
  });

  test.each([
    ['Correct-horse-battery-7', []],
    ['correct-horse-battery-7', ['upper']],
    ['CORRECT-HORSE-BATTERY-7', ['lower']],
    ['Correct-horse-battery', ['digit']],
    ['Correct horse battery 7', ['symbol']],
    ['Ünder-Öden-Äckern-٣', []],
  ])('check 36: legacy complexity is a profile\'s choice: %s lacks %j', (password, lacking) => {
    expect(unmet(password, legacy)).toEqual(lacking);
    expect(unmet(password, alone)).toEqual([]);
  });
});

describe('common passwords', () => {
  const list = dictionary['passwords-common'] as readonly string[];

  test('check 37: the list has the 3,000 commonest at least, and all of it is refused, whatever the case', () => {
    expect(new Set(list).size).toBeGreaterThanOrEqual(3_000);
    expect(list.filter((word) => isMet('not-common', word, withTwoSteps))).toEqual([]);
    expect(list.slice(0, 3_000).filter((word) => isMet('not-common', word.toUpperCase(), withTwoSteps))).toEqual([]);
  });

  test.each([
    'aaaaaaaaaaaaaaa', '123456789012345', '987654321098765', 'abcdefghijklmnop', 'qwertyuiopasdfgh', 'qwertyuiopasdfghjklzxcvbnm', '1q2w3e4r5t6y7u8i',
    'passwordpassword', 'Password12345678', 'passwordpassword1', 'LetMeInLetMeIn1', 'iloveyouiloveyou!', '!!!administrator!!!', 'abc1abc1abc1abc1', '🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲🌲',
  ])('check 37: one that only fills the length is refused too: %s', (password) => {
    expect(unmet(password, alone)).toEqual(['not-common']);
  });

  test.each(['correct horse battery staple', 'sunshine dragon monkey', 'password-kzvtqwmx-hb', 'xkcd-qwerty-9Lm2!vt', '8352904711635820', '千里の道も一歩から始まるのだよ'])(
    'check 37: one that has more to it is taken: %s',
    (password) => expect(unmet(password, alone)).toEqual([]),
  );

  test('check 37: hardly any random password is refused', () => {
    const characters = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'), minLength: 12, maxLength: 12 });
    const refused = fc.sample(characters, { numRuns: 5_000, seed: 20_260_101 }).filter((password) => !isMet('not-common', password, withTwoSteps));
    expect(refused.length).toBeLessThan(5);
  });

  test('check 35: the longest that is ever judged is judged without trouble', () => {
    for (const long of ['a'.repeat(1024), 'password'.repeat(128), `${'123456789'.repeat(113)}zqxv9`, 'ab'.repeat(512)]) {
      expect(unmet(long, alone)).toContain('max-length');
    }
  });
});

describe('context', () => {
  const policy: PasswordPolicy = { ...alone, context: ['Postern', 'Lighthouse', 'CEU11A1', 'user1', 'Zoë', 'Ann'] };

  test.each(['my-postern-phrase-kz', 'LIGHTHOUSE keeper kz', 'kz-ceu11a1-is-where-i-am', 'what user1 would choose'])('check 37: who and where a person is must not stand in it: %s', (password) => {
    expect(unmet(password, policy)).toEqual(['not-context']);
  });

  test('check 37: a word of three letters is no context: it stands in many others', () => {
    expect(unmet('an annual cannonball', policy)).toEqual([]);
  });

  test('checks 37 and 39: context is found in either form of a character', () => {
    const named: PasswordPolicy = { ...alone, context: ['Andr\u00e9s'] };
    expect(unmet('kz-andre\u0301s-vtqwmx-hb', named)).toEqual(['not-context']);
    expect(unmet('kz-andr\u00e9s-vtqwmx-hb', { ...alone, context: ['Andre\u0301s'] })).toEqual(['not-context']);
  });

  test('check 37: each line says in words what is asked', () => {
    for (const { label } of evaluatePassword('', { ...policy, legacyComplexity: true })) expect(label).toMatch(/^[A-Z].{5,}/);
    expect(evaluatePassword('', policy)[0]!.label).toBe('At least 15 characters');
  });
});

describe('properties', () => {
  const policies = fc.record<PasswordPolicy>({
    minLength: fc.constantFrom(8, 15), maxLength: fc.constantFrom(64, 128), legacyComplexity: fc.boolean(), context: fc.array(fc.string({ minLength: 0, maxLength: 12 }), { maxLength: 4 }),
  });
  const passwords = fc.string({ unit: 'binary', maxLength: 140 });

  test('check 39: composed and decomposed characters are the same', () => {
    fc.assert(fc.property(passwords, policies, (password, policy) => {
      expect(evaluatePassword(password.normalize('NFD'), policy)).toEqual(evaluatePassword(password.normalize('NFC'), policy));
      expect(normalisePassword(password.normalize('NFD'))).toBe(normalisePassword(password));
    }));
    expect(normalisePassword('cafe\u0301')).toBe('caf\u00e9');
  });

  test('check 40: the verdict is that of all its lines, and the same each time', () => {
    fc.assert(fc.property(passwords, policies, (password, policy) => {
      const criteria = evaluatePassword(password, policy);
      expect(evaluatePassword(password, policy)).toEqual(criteria);
      expect(meetsPolicy(criteria)).toBe(unmet(password, policy).length === 0);
    }));
  });

  test('check 36: without legacy complexity its lines are not there, with it they are', () => {
    fc.assert(fc.property(passwords, policies, (password, policy) => {
      expect(evaluatePassword(password, policy)).toHaveLength(policy.legacyComplexity ? 8 : 4);
    }));
  });

  test('check 40: with nothing typed only the upper limit is met', () => {
    fc.assert(fc.property(policies, (policy) => {
      expect(evaluatePassword('', policy).filter(({ met }) => met).map(({ id }) => id)).toEqual(['max-length']);
    }));
  });
});
