import { beaconNumber } from '../../dev/demo-beacon';
import { loadDemoData } from '../../dev/demo-data';
import { mayReceiveNotice } from '../../db/sms-subscriptions';
import { parseMobileNumber } from '../../domain/phone';
import { eachDatabase } from '../support/database';

eachDatabase('demo data', (database) => {
  beforeAll(() => loadDemoData(database.db(), 'A password of the demo', Date.now(), 'connect.postern.example'));

  test('300 of the 500 people of Beacon get its notices, each at a number of their own', async () => {
    const db = database.db();
    expect(await db('group_members').join('groups', 'groups.id', 'group_members.group_id').where({ account_code: 'CSM33C3', name: 'Everyone' }).pluck('user_id')).toHaveLength(500);
    const subscribed = await db('sms_subscriptions as row').whereExists(mayReceiveNotice(db, { userId: 'row.user_id', e164: 'row.e164' }, ['US'])).select<{ e164: string }[]>('row.e164');
    expect(new Set(subscribed.map(({ e164 }) => e164)).size).toBe(300);
    expect(await db('sms_consents').where({ account_code: 'CSM33C3', action: 'confirmed', source: 'demo' }).pluck('e164')).toHaveLength(300);
  });

  test('the numbers are valid and kept for fiction', () => {
    for (let number = 1; number <= 500; number += 1) {
      expect(beaconNumber(number)).toMatch(/^\+1\d{3}55501\d\d$/);
      expect(parseMobileNumber(beaconNumber(number))).toMatchObject({ ok: true, country: 'US' });
    }
  });
});
