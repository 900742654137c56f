import { MockActivityEnvironment } from '@temporalio/testing';
import type { Knex } from 'knex';
import { createNumberCheckActivities, type NumberCheckActivities } from '../../activities/number-check';
import { applyProposals, beginApplying, checkedValues, findNumberCheck, insertNumberCheck, nextProposals, nextValues, recordJudged, type NumberCheckRow } from '../../db/number-checks';
import { endMovedNumbers, lapseForgotten } from '../../db/sms-upkeep';
import { beginRows, expectNumber } from '../../api/sms-subscription/ask';
import { inTransaction } from '../../db/connection';
import { moveSubscription, subscriptionOf } from '../../db/sms-subscriptions';
import { judgeNumber } from '../../domain/number-check';
import { eachDatabase } from '../support/database';
import { testKeys } from '../support/keys';
import { addServices } from '../support/live-opt-ins';
import { addAccount, addPerson, DAY_MS, HOUR_MS, TestClock, type TestAccount } from '../support/reset-world';

const PEOPLE = 600;

eachDatabase('numbers of an account', (database) => {
  const db = (): Knex => database.db();
  const clock = new TestClock();

  async function accountOf(values: readonly string[]): Promise<TestAccount> {
    const account = await addAccount(db());
    await addServices(db(), account.code);
    for (const mobile of values) await addPerson(db(), account, { mobile });
    return account;
  }

  const begin = ({ code }: TestAccount): Promise<NumberCheckRow> => inTransaction(db(), (tx) => insertNumberCheck(tx, { account_code: code, attribute: 'mobile', default_country: 'US' }, clock.read()));
  const again = async ({ id }: NumberCheckRow): Promise<NumberCheckRow> => (await findNumberCheck(db(), id))!;
  function work(activity: keyof NumberCheckActivities, { id }: NumberCheckRow): Promise<void> {
    const activities = createNumberCheckActivities({ db: db(), clock: clock.read });
    return new MockActivityEnvironment().run(activities[activity], { checkId: id });
  }

  test('every value is judged once, by several workers at once and after one that was killed', async () => {
    const values = Array.from({ length: PEOPLE }, (_, index) => (index % 3 === 0 ? `+121255501${String(index % 100).padStart(2, '0')}` : index % 3 === 1 ? '(212) 555-0100' : 'none'));
    const check = await begin(await accountOf(values));
    const page = await nextValues(db(), check, 100);
    const judged = page.map((each) => ({ ...each, verdict: judgeNumber(each.value, 'US') }));
    expect(await recordJudged(db(), check, judged, 0)).toBe(true);
    expect(await recordJudged(db(), check, judged, 0)).toBe(false);
    await Promise.all([work('judgeNumbers', check), work('judgeNumbers', check)]);
    expect(await again(check)).toMatchObject({ state: 'done', total: PEOPLE, looked_at: PEOPLE, usable: 200, proposed: 200, unusable: 200 });
    expect(await checkedValues(db(), check.id, { limit: PEOPLE })).toHaveLength(400);
    expect((await checkedValues(db(), check.id, { outcome: 'unusable', limit: PEOPLE })).every(({ proposal }) => proposal === null)).toBe(true);
  });

  test('a proposal is applied where the value is still the one that was looked at', async () => {
    const account = await accountOf(['(212) 555-0101', '(212) 555-0102']);
    const check = await begin(account);
    await work('judgeNumbers', check);
    const [first] = await checkedValues(db(), check.id, { limit: 1 });
    await db()('user_attributes').where({ user_id: first!.user_id }).update({ value: '+14155550199' });
    expect(await beginApplying(db(), check.id, 0)).toBe(true);
    expect(await beginApplying(db(), check.id, 0)).toBe(false);
    await work('applyNumberProposals', check);
    expect(await again(check)).toMatchObject({ state: 'applied', applied: 1 });
    const values = await db()('user_attributes').join('users', 'users.id', 'user_attributes.user_id').where({ account_code: account.code }).orderBy('value').pluck('value');
    expect(values).toEqual(expect.arrayContaining(['+14155550199']));
    expect(values.every((value: string) => value.startsWith('+1'))).toBe(true);
  });

  test('of two that apply the same page one does', async () => {
    const check = await begin(await accountOf(['(212) 555-0103']));
    await work('judgeNumbers', check);
    await beginApplying(db(), check.id, 0);
    const now = await again(check);
    const proposals = await nextProposals(db(), now, 10);
    expect([await applyProposals(db(), now, proposals, 0), await applyProposals(db(), now, proposals, 0)]).toEqual([true, false]);
  });

  test('a subscription ends with its number: not where it is written another way, nor where there is none for now', async () => {
    const account = await accountOf([]);
    const people = await Promise.all(['+12125550111', '+12125550112', '+12125550113'].map((mobile) => addPerson(db(), account, { mobile })));
    for (const person of people) {
      const { row } = await beginRows({ db: db(), keys: testKeys('test'), clock: clock.read }, person, 'continuity', await expectNumber(db(), person), { by: 'person', origin: '192.0.2.1' });
      await inTransaction(db(), (tx) => moveSubscription(tx, row, { state: 'active' }, { action: 'confirmed', source: 'page' }, clock.read()));
    }
    const [moved, rewritten, gone] = people;
    const set = (id: string, value: string) => db()('user_attributes').where({ user_id: id }).update({ value });
    await set(moved!.id, '+12125550119');
    await set(rewritten!.id, '+1 (212) 555-0112');
    await set(gone!.id, 'to be asked');
    const { ended } = await endMovedNumbers(db(), '', clock.read());
    expect(ended.map(({ user_id }) => user_id)).toEqual([moved!.id]);
    const states = await Promise.all(people.map(async ({ id }) => (await subscriptionOf(db(), id, 'continuity'))!));
    expect(states).toMatchObject([{ state: 'ended', ended_why: 'number-changed' }, { state: 'active', attribute_value: '+1 (212) 555-0112' }, { state: 'active' }]);
  });

  test('an opt-in that no workflow ends lapses when its time is long over', async () => {
    const person = await addPerson(db(), await accountOf([]), { mobile: '+12125550121' });
    await beginRows({ db: db(), keys: testKeys('test'), clock: clock.read }, person, 'continuity', await expectNumber(db(), person), { by: 'person', origin: '192.0.2.1' });
    await lapseForgotten(db(), clock.read() + DAY_MS);
    expect(await subscriptionOf(db(), person.id, 'continuity')).toMatchObject({ state: 'pending' });
    await lapseForgotten(db(), clock.read() + DAY_MS + 2 * HOUR_MS);
    expect(await subscriptionOf(db(), person.id, 'continuity')).toMatchObject({ state: 'lapsed' });
  });
});
