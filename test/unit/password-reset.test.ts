import fc from 'fast-check';
import { profileSchema } from '../../api/contract/administration';
import { secretTtlMs, type ProfileRow } from '../../db/users';
import {
  risksOf,
  allowedMethods, applications, bounds, codesLockMs, endings, isEnding, limits, offeredMethods, proofStep, resetMethods, variantFor, type ResetOptions,
} from '../../domain/password-reset';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const both: ResetOptions = { selfService: true, sms: true, email: true, smsSoleFactorAccepted: false, twoStep: 'off' };

describe('the methods a profile offers', () => {
  test.each<[string, Partial<ResetOptions>, string[]]>([
    ['both', {}, ['sms', 'email']],
    ['SMS only', { email: false }, ['sms']],
    ['e-mail only', { sms: false }, ['email']],
    ['neither', { sms: false, email: false }, []],
    ['both, beside a stronger second step', { twoStep: 'strong' }, ['sms', 'email']],
  ])('follow its options: %s', (_name, options, methods) => {
    expect(offeredMethods({ ...both, ...options })).toEqual(methods);
  });

  test('checks 30 and 47: SMS is not among them where SMS is also the only second step', () => {
    expect(offeredMethods({ ...both, twoStep: 'sms' })).toEqual(['email']);
    expect(offeredMethods({ ...both, twoStep: 'sms', email: false })).toEqual([]);
  });

  test('checks 30 and 47: unless the profile\'s owner accepts it', () => {
    expect(offeredMethods({ ...both, twoStep: 'sms', smsSoleFactorAccepted: true })).toEqual(['sms', 'email']);
  });

  test('check 47: accepting the risk does not offer SMS where the profile does not allow it', () => {
    expect(offeredMethods({ ...both, sms: false, twoStep: 'sms', smsSoleFactorAccepted: true })).toEqual(['email']);
  });

  test('are none where self-service is off; an administrator may still trigger those allowed', () => {
    expect(offeredMethods({ ...both, selfService: false })).toEqual([]);
    expect(allowedMethods({ ...both, selfService: false })).toEqual(['sms', 'email']);
  });

  test('checks 30 and 47: an administrator is held to the same rule about SMS', () => {
    expect(allowedMethods({ ...both, selfService: false, twoStep: 'sms' })).toEqual(['email']);
    expect(allowedMethods({ ...both, selfService: false, twoStep: 'sms', smsSoleFactorAccepted: true })).toEqual(['sms', 'email']);
  });
});

describe('what a method sends', () => {
  test.each(applications)('SMS carries a code in %s', (application) => {
    expect(variantFor(application, 'sms')).toBe('code');
  });

  test.each(applications)('e-mail carries a temporary password in Secure Messaging and a link elsewhere: %s', (application) => {
    expect(variantFor(application, 'email')).toBe(application === 'secure-messaging' ? 'temporary-password' : 'link');
  });

  test('each secret is entered at a step of its own', () => {
    expect([proofStep('code'), proofStep('link'), proofStep('temporary-password')]).toEqual(['enter-code', 'follow-link', 'enter-temporary-password']);
  });

  test('the names are those of the API', () => {
    expect([resetMethods, applications]).toEqual([['sms', 'email'], ['connect', 'personal-portal', 'secure-messaging', 'partner-portal', 'administration-console']]);
  });
});

test('an ending is an ending, and no step before it is', () => {
  expect(endings.filter((step) => !isEnding(step))).toEqual([]);
  expect(['captcha', 'choose-method', 'enter-code', 'follow-link', 'enter-temporary-password', 'new-password', ''].filter(isEnding)).toEqual([]);
});

describe('wrong codes of a person, across codes and flows', () => {
  test('check 18: each fifth refuses codes for twice as long, up to a day', () => {
    const locks = Array.from({ length: 99 }, (_, index) => codesLockMs(index + 1)).filter((lock) => lock > 0);
    expect(locks).toEqual([15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 16 * HOUR_MS, ...Array<number>(12).fill(DAY_MS)]);
  });

  test('check 12: four refuse nothing, and a secret takes five at most', () => {
    expect([0, 1, 2, 3, 4].map(codesLockMs)).toEqual([0, 0, 0, 0, 0]);
    expect(limits.wrongSecretsPerRound).toBeLessThanOrEqual(5);
    expect(codesLockMs(limits.wrongSecretsPerRound)).toBeGreaterThan(0);
  });

  test('check 12: from 100 on reset by code is off, until an administrator acts', () => {
    expect([codesLockMs(99), codesLockMs(100), codesLockMs(101), codesLockMs(1_000)]).toEqual([0, Infinity, Infinity, Infinity]);
  });

  test('checks 7 and 12: the 99 guesses that are possible take two weeks', () => {
    const total = Array.from({ length: 99 }, (_, index) => codesLockMs(index + 1)).reduce((sum, lock) => sum + lock, 0);
    expect(total).toBeGreaterThanOrEqual(13 * DAY_MS);
  });
});

describe('how long a secret is valid', () => {
  const profile = (ttlMs: number): ProfileRow => ({
    id: 'p', account_code: 'CEU11A1', name: 'Default', reset_self_service: true, reset_by_sms: true, reset_by_email: true, sms_sole_factor_accepted: false, two_step: 'off',
    legacy_complexity: false, password_min_length: null, code_ttl_ms: ttlMs, link_ttl_ms: ttlMs, temporary_password_ttl_ms: ttlMs, help_contact: 'Ask.',
    session_idle_ms: HOUR_MS, session_absolute_ms: DAY_MS,
  });
  const BOUNDS = [['code', 10 * MINUTE_MS], ['link', 24 * HOUR_MS], ['temporary-password', 14 * DAY_MS]] as const;

  test('checks 3 and 4: is bounded by 10 minutes, 24 hours and 14 days', () => {
    expect(bounds).toEqual({ codeTtlMs: 10 * MINUTE_MS, linkTtlMs: 24 * HOUR_MS, temporaryPasswordTtlMs: 14 * DAY_MS });
  });

  test.each(BOUNDS)('checks 3 and 4: whatever stands in a profile\'s row, a %s has no longer than its bound', (variant, most) => {
    fc.assert(fc.property(fc.integer({ min: MINUTE_MS, max: 400 * DAY_MS }), (ttlMs) => {
      expect(secretTtlMs(profile(ttlMs), variant)).toBe(Math.min(ttlMs, most));
    }));
  });

  test.each([
    ['codeTtlMs', bounds.codeTtlMs],
    ['linkTtlMs', bounds.linkTtlMs],
    ['temporaryPasswordTtlMs', bounds.temporaryPasswordTtlMs],
  ])('checks 3, 4 and 19: a profile sets %s up to its bound, and one above it is refused', (name, most) => {
    const given = { account: 'CEU11A1', name: 'Default', passwordResetOptions: { selfService: true, sms: true, email: true, smsSoleFactorAccepted: false }, twoStep: 'off', legacyComplexity: false, helpContact: 'Ask.' };
    expect(profileSchema.parse({ ...given, [name]: most })).toMatchObject({ [name]: most });
    expect(profileSchema.safeParse({ ...given, [name]: most + 1 }).success).toBe(false);
    expect(profileSchema.safeParse({ ...given, [name]: 0 }).success).toBe(false);
  });

  test('check 19: what a profile does not say is the documented default', () => {
    const given = { account: 'CEU11A1', name: 'Default', passwordResetOptions: { selfService: true, sms: true, email: true, smsSoleFactorAccepted: false }, twoStep: 'off', legacyComplexity: false, helpContact: 'Ask.' };
    expect(profileSchema.parse(given)).toMatchObject({ codeTtlMs: 10 * MINUTE_MS, linkTtlMs: 60 * MINUTE_MS, temporaryPasswordTtlMs: 72 * HOUR_MS });
    expect(limits).toMatchObject({ resendAfterMs: MINUTE_MS, resendsPerFlow: 3 });
  });
});

describe('check 47: the owner of a profile reads what its options risk', () => {
  const options = { selfService: true, sms: true, email: true, smsSoleFactorAccepted: true, twoStep: 'sms' as const };

  test('SMS as reset and second step alike has both texts', () => {
    expect(risksOf(options)).toEqual([expect.stringMatching(/authenticator app is stronger/), expect.stringMatching(/resets the password and is the second step/)]);
  });

  test('SMS beside a stronger second step has the first only, and no SMS has none', () => {
    expect(risksOf({ ...options, twoStep: 'strong' })).toEqual([expect.stringMatching(/authenticator app is stronger/)]);
    expect(risksOf({ ...options, sms: false, twoStep: 'strong' })).toEqual([]);
  });

  test('no second step is said as well', () => {
    expect(risksOf({ ...options, sms: false, twoStep: 'off' })).toEqual([expect.stringMatching(/Nothing but the password/)]);
  });
});
