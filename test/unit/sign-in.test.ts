import fc from 'fast-check';
import { operations } from '../../api/contract/operations';
import { assuranceOf, canRecover, enrols, factorLockMs, offeredTypes, originLockMs, passwordLockMs, planChange, planSignIn, signInEndings, signInPurposes, signInSteps, stageTtlMs, stepOf, type Standing } from '../../domain/sign-in';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const standings = fc.record<Standing>({ twoStep: fc.constantFrom('off', 'sms', 'strong'), phone: fc.boolean(), totp: fc.boolean() });

describe('what a sign-in asks for after the password', () => {
  test.each([
    ['off', false, false, []], ['off', true, false, []], ['off', false, true, ['totp']],
    ['sms', false, false, ['enrol-phone', 'confirm-phone']], ['sms', true, false, ['passcode']], ['sms', true, true, ['totp']], ['sms', false, true, ['totp']],
    ['strong', false, false, ['confirm-totp']], ['strong', true, false, ['passcode', 'confirm-totp']], ['strong', false, true, ['totp']], ['strong', true, true, ['totp']],
  ] as const)('check 30: a profile that says "%s", with a number %s and an authenticator %s: %j', (twoStep, phone, totp, plan) => {
    expect(planSignIn({ twoStep, phone, totp }, false)).toEqual(plan);
    expect(planSignIn({ twoStep, phone, totp }, true)).toEqual([...plan, 'change-password']);
  });

  test('check 30: where two steps are asked for, nobody comes by with the password alone', () => {
    fc.assert(fc.property(standings, fc.boolean(), (standing, forced) => {
      const plan = planSignIn(standing, forced);
      expect(assuranceOf(plan) === 'two-step').toBe(standing.twoStep !== 'off' || standing.totp);
    }));
  });

  test('check 30: where an account is kept, somebody who has a second step is asked for it, whatever the profile; nobody enrols because of that', () => {
    fc.assert(fc.property(standings, (standing) => {
      const plan = planSignIn(standing, false, true);
      expect(assuranceOf(plan) === 'two-step').toBe(standing.twoStep !== 'off' || standing.totp || standing.phone);
      expect(enrols(plan)).toBe(enrols(planSignIn(standing, false)));
    }));
  });

  test('check 33: nothing is enrolled over something that is there and was not proven', () => {
    fc.assert(fc.property(standings, fc.constantFrom(...signInPurposes), (standing, purpose) => {
      const plan = purpose === 'sign-in' ? planSignIn(standing, false) : planChange(purpose, standing);
      const enrols = plan.findIndex((stage) => stage === 'confirm-phone' || stage === 'confirm-totp');
      if (enrols >= 0 && (standing.phone || standing.totp)) expect(plan.slice(0, enrols).some(canRecover)).toBe(true);
    }));
  });

  test('check 42: a forced change comes last, after the second step', () => {
    fc.assert(fc.property(standings, (standing) => {
      expect(planSignIn(standing, true).at(-1)).toBe('change-password');
    }));
  });

  test('check 32: whoever changes a number proves the old one, whatever else there is', () => {
    expect(planChange('change-phone', { twoStep: 'sms', phone: true, totp: true })).toEqual(['passcode', 'enrol-phone', 'confirm-phone']);
    expect(planChange('enrol-totp', { twoStep: 'sms', phone: true, totp: true })).toEqual(['totp', 'confirm-totp']);
    expect(planChange('recovery-codes', { twoStep: 'off', phone: false, totp: false })).toEqual([]);
  });

  test('check 44: another password is chosen after the one there is, which a flow begins with, and the second step', () => {
    expect(planChange('change-password', { twoStep: 'sms', phone: true, totp: false })).toEqual(['passcode', 'change-password']);
    expect(planChange('change-password', { twoStep: 'off', phone: false, totp: false })).toEqual(['change-password']);
  });

  test('checks 46 and 70: what is asked for is a text message, an authenticator or a recovery code: never an e-mail, never a question', () => {
    expect(signInSteps.filter((step) => !(signInEndings as readonly string[]).includes(step))).toEqual(['enter-password', 'enrol-phone', 'enter-passcode', 'enter-totp', 'change-password']);
    const asked = operations.filter(({ method, path }) => method === 'post' && path.startsWith('/api/sign-ins/{id}/')).map(({ path }) => path.split('/').at(-1));
    expect(asked.sort()).toEqual(['cancel', 'new-password', 'passcode', 'password', 'phone', 'recovery-code', 'resend', 'totp']);
  });

  test('every stage is a step that people know, and takes its time', () => {
    fc.assert(fc.property(standings, fc.constantFrom(...signInPurposes), (standing, purpose) => {
      const plan = purpose === 'sign-in' ? planSignIn(standing, true) : planChange(purpose, standing);
      for (const stage of plan) expect(stageTtlMs(stage, 7 * MINUTE_MS)).toBeGreaterThanOrEqual(7 * MINUTE_MS);
      expect(stepOf(plan[plan.length])).toBe('done');
    }));
  });
});

test('check 23: Domain is offered by the account, and Cloud always', () => {
  expect([offeredTypes(false), offeredTypes(true)]).toEqual([['cloud'], ['cloud', 'domain']]);
});

describe('how long entries are refused', () => {
  test('checks 12 and 18: passwords never shorter than before, up to a day, and for good at a hundred', () => {
    const waits = Array.from({ length: 101 }, (_, total) => passwordLockMs(total));
    expect(waits.slice(0, 4)).toEqual([0, 0, 0, 1_000]);
    expect(waits[10]).toBe(15 * MINUTE_MS);
    for (let total = 1; total < 100; total += 1) expect(waits[total]).toBeGreaterThanOrEqual(waits[total - 1]!);
    expect([waits[99], waits[100]]).toEqual([24 * HOUR_MS, Infinity]);
  });

  test('check 12: the 99 passwords that can be guessed take two months', () => {
    const total = Array.from({ length: 99 }, (_, index) => passwordLockMs(index + 1)).reduce((sum, lock) => sum + lock, 0);
    expect(total).toBeGreaterThan(60 * 24 * HOUR_MS);
  });

  test('check 13: an origin is stopped at its limit, and longer at each multiple of it', () => {
    expect([99, 100, 101, 200, 300].map((total) => originLockMs(total, 100) / MINUTE_MS)).toEqual([0, 15, 0, 30, 60]);
    expect(originLockMs(100_000, 100)).toBe(24 * HOUR_MS);
  });

  test('check 12: a second step like a code of a reset: at five for a while, at a hundred until an administrator acts', () => {
    expect([factorLockMs(4), factorLockMs(5), factorLockMs(10), factorLockMs(100)]).toEqual([0, 15 * MINUTE_MS, 30 * MINUTE_MS, Infinity]);
  });
});
