import { countOpen, countOutcomes, listOnboardings, type ListFilter } from '../../../db/onboarding-lists';
import { setApplicationLastDay, unheard, updateOnboarding } from '../../../db/onboardings';
import { eachDatabase } from '../../support/database';
import { OnboardingWorld } from '../../support/onboarding-world';
import { DAY_MS } from '../../support/reset-world';

eachDatabase('the list of onboardings', (database) => {
  let world: OnboardingWorld;
  const codes: string[] = [];
  beforeAll(async () => {
    world = new OnboardingWorld(database.db());
    for (let day = 0; day < 12; day += 1) {
      codes.push(await world.account({ region: day % 2 === 0 ? 'eu' : 'us' }));
      // Two at a time stand still equally long.
      if (day % 2 === 1) world.clock.advance(DAY_MS);
    }
    await updateOnboarding(world.db, codes[0]!, { outcome: 'completed', next_task: null, blocked_by: null });
    await updateOnboarding(world.db, codes[5]!, { next_task: 'domains', blocked_by: 'attention' });
    await updateOnboarding(world.db, codes[6]!, { next_task: 'domains', blocked_by: 'validation' });
  });

  const list = async (filter: Partial<ListFilter> = {}, most = 100): Promise<string[]> => (await listOnboardings(world.db, { status: 'open', ...filter }, undefined, most)).map((row) => row.account_code);

  test('begins with those that have stood still for the longest, and its pages leave nothing out and repeat nothing', async () => {
    const all = await list();
    expect(all).toHaveLength(11);
    expect(all.slice(0, 3)).toEqual([codes[1], ...codes.slice(2, 4).sort()]);
    for (const size of [1, 2, 3, 5]) {
      const paged: string[] = [];
      for (let page = await listOnboardings(world.db, { status: 'open' }, undefined, size); page.length > 0;) {
        paged.push(...page.map((row) => row.account_code));
        const last = page.at(-1)!;
        page = await listOnboardings(world.db, { status: 'open' }, { lastWorkAt: last.last_work_at, account: last.account_code }, size);
      }
      expect(paged).toEqual(all);
    }
  });

  test('is filtered by outcome, next task, what is waited for, region, code, and how long it stood still', async () => {
    expect(await list({ status: 'completed' })).toEqual([codes[0]]);
    expect((await list({ next: 'domains' })).sort()).toEqual([codes[5], codes[6]].sort());
    expect(await list({ blockedBy: 'attention' })).toEqual([codes[5]]);
    expect(await list({ region: 'us' })).toHaveLength(6);
    expect(await list({ account: codes[7]! })).toEqual([codes[7]]);
    expect(await list({ account: codes[7]!.slice(0, -1) })).toContain(codes[7]);
    expect(await list({ account: 'ZZZZ' })).toEqual([]);
    expect(await list({ stillSince: world.clock.read() - 4 * DAY_MS })).toHaveLength(5);
  });

  test('is filtered by the last day: an account\'s own, or that of the application', async () => {
    await updateOnboarding(world.db, codes[3]!, { last_day: '2031-01-10' });
    await updateOnboarding(world.db, codes[4]!, { last_day: '2031-02-10' });
    const endsBy = (date: string, applicationDay: string | null): Promise<string[]> => list({ endsBy: { date, applicationDay } });
    expect(await endsBy('2031-01-09', null)).toEqual([]);
    expect(await endsBy('2031-01-10', null)).toEqual([codes[3]]);
    expect((await endsBy('2031-02-28', null)).sort()).toEqual([codes[3], codes[4]].sort());
    expect(await endsBy('2031-01-31', '2031-02-01')).toEqual([codes[3]]);
    // Who was given more time than the application has is not among those that end with it.
    expect(await endsBy('2031-02-01', '2031-02-01')).toEqual((await list()).filter((code) => code !== codes[4]));
    expect(await list({ endsBy: { date: '2031-02-01', applicationDay: '2031-02-01' }, blockedBy: 'attention' })).toEqual([codes[5]]);
  });

  test('is counted by outcome, and by next task and what is waited for', async () => {
    const { outcomes, stalled } = await countOutcomes(world.db, world.clock.read() - 4 * DAY_MS);
    expect([outcomes, stalled]).toEqual([{ open: 11, completed: 1 }, 5]);
    expect((await countOpen(world.db)).map(({ next_task, blocked_by, n }) => [next_task, blocked_by, n]).sort()).toEqual([['details', 'administrator', 9], ['domains', 'attention', 1], ['domains', 'validation', 1]]);
  });
});

eachDatabase('workflows that have not heard', (database) => {
  test('are those that were never told, go by another last day, or have a password to send', async () => {
    const world = new OnboardingWorld(database.db());
    const [fresh, told, other, extended, asked, over] = await Promise.all(Array.from({ length: 6 }, () => world.account()));
    const know = (code: string | undefined, change: Parameters<typeof updateOnboarding>[2] = {}) => updateOnboarding(world.db, code!, { told_last_day: '2031-05-01', passwords_told: 1, ...change });
    await setApplicationLastDay(world.db, 'connect', '2031-05-01', 0);
    await know(told);
    await know(other, { told_last_day: '' });
    await know(extended, { last_day: '2031-06-01' });
    await know(asked, { passwords_asked: 2 });
    await updateOnboarding(world.db, over!, { outcome: 'completed' });
    const expected = [fresh, other, extended, asked].sort();
    expect(await unheard(world.db, '', 100)).toEqual(expected);
    expect(await unheard(world.db, expected[1]!, 1)).toEqual([expected[2]]);
    await setApplicationLastDay(world.db, 'connect', null, 0);
    expect((await unheard(world.db, '', 100)).sort()).toEqual([fresh, told, extended, asked].sort());
  });
});
