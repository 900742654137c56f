import { createResetLimits, type ResetLimits } from '../../api/password-reset/limits';
import { loadSettings } from '../../config';
import { openDatabase } from '../../db/connection';
import { eachDatabase } from '../support/database';
import { keyEntry } from '../support/keys';

/** The settings of a process that says nothing of limits, and what a test changes. */
const settings = (changes: Record<string, string> = {}) => loadSettings({
  POSTERN_MODE: 'embedded', POSTERN_KEYS: keyEntry('dev-test'), SMTP_URL: 'smtp://127.0.0.1:1025', MAIL_FROM: 'no-reply@postern.example',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: '0'.repeat(32), TWILIO_FROM: '+12025550100', ...changes,
});
let people = 0;
const newPerson = (): string => `digest of person ${(people += 1)}`;
const newAccount = (): string => `ACCOUNT${(people += 1)}`;

eachDatabase('limits of resets', (database) => {
  const limitsOf = async (changes?: Record<string, string>): Promise<ResetLimits> => createResetLimits(database.db(), settings(changes));
  async function inTurn<T>(times: number, work: () => Promise<T>): Promise<T[]> {
    const answers: T[] = [];
    for (let time = 0; time < times; time += 1) answers.push(await work());
    return answers;
  }

  test('check 14: a person gets five sends an hour, known or not, and nobody else is held up', async () => {
    const limits = await limitsOf();
    const person = newPerson();
    expect(await inTurn(7, () => limits.send(person, null))).toEqual([true, true, true, true, true, false, false]);
    expect(await limits.send(newPerson(), null)).toBe(true);
  });

  test('check 14: an origin gets twenty requests an hour, and is told how long to wait', async () => {
    const limits = await limitsOf();
    const waits = await inTurn(21, () => limits.origin('198.51.100.7'));
    expect(waits.slice(0, 20)).toEqual(Array(20).fill(null));
    expect(waits[20]).toBeGreaterThan(59 * 60_000);
    expect(waits[20]).toBeLessThanOrEqual(60 * 60_000);
    expect(await limits.origin('198.51.100.8')).toBeNull();
  });

  test('check 14: an account has a limit too, and what a person\'s own limit refuses does not use it up', async () => {
    const limits = await limitsOf({ RESETS_PER_ACCOUNT_HOURLY: '7' });
    const [account, busy] = [newAccount(), newPerson()];
    expect((await inTurn(9, () => limits.send(busy, account))).filter(Boolean)).toHaveLength(5);
    expect(await inTurn(3, () => limits.send(newPerson(), account))).toEqual([true, true, false]);
    expect(await limits.send(newPerson(), newAccount())).toBe(true);
  });

  test('check 19: each limit is a setting', async () => {
    const limits = await limitsOf({ RESETS_PER_ADDRESS_HOURLY: '1', RESETS_PER_ORIGIN_HOURLY: '2' });
    const person = newPerson();
    expect(await inTurn(2, () => limits.send(person, null))).toEqual([true, false]);
    expect((await inTurn(3, () => limits.origin('203.0.113.9'))).map((wait) => wait === null)).toEqual([true, true, false]);
  });

  test('checks 13 and 14: the count survives a restart, and holds across processes', async () => {
    const person = newPerson();
    const limits = await limitsOf();
    await inTurn(3, () => limits.send(person, null));
    const reopened = openDatabase(database.settings());
    try {
      const restarted = createResetLimits(reopened, settings());
      expect(await inTurn(3, () => restarted.send(person, null))).toEqual([true, true, false]);
      expect(await limits.send(person, null)).toBe(false);
    } finally {
      await reopened.destroy();
    }
  });

  test('check 14: requests at the same time, in two processes, do not pass it together', async () => {
    const another = openDatabase(database.settings());
    try {
      const processes = [await limitsOf(), createResetLimits(another, settings())];
      const person = newPerson();
      const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => processes[index % 2]!.send(person, null)));
      expect(answers.filter(Boolean)).toHaveLength(5);
    } finally {
      await another.destroy();
    }
  });
});
