import { openDatabase } from '../../db/connection';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, DAY_MS, newMobile, ResetWorld } from '../support/reset-world';

eachDatabase('limits of text messages', (database) => {
  const suppressions = (world: ResetWorld, flowId: string): Promise<string[]> =>
    world.db('audit').where({ flow_id: flowId, action: 'reset.suppressed' }).orderBy('seq').pluck('details');
  async function ask(world: ResetWorld, address: string) {
    const flow = await world.flow(address, 'code');
    const { delivery } = await world.issue(flow);
    return { flow, delivery };
  }

  test('check 14: a request over the limit of requests sends nothing, and is on record', async () => {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, 'code', { limited: true });
    expect(await world.issue(flow)).toMatchObject({ delivery: 'silent' });
    expect(world.sms.taken).toEqual([]);
    expect((await world.row(flow.id)).step).toBe('enter-code');
    expect(await suppressions(world, flow.id)).toEqual([JSON.stringify({ why: 'limited', round: 1 })]);
  });

  test('check 15: a number gets so many texts in a day, whoever they are for', async () => {
    const world = new ResetWorld(database.db(), { smsPerNumberDaily: 3 });
    const account = await addAccount(world.db);
    const mobile = newMobile();
    const people = [await addPerson(world.db, account, { mobile }), await addPerson(world.db, account, { mobile })];
    for (const person of [people[0]!, people[1]!, people[0]!]) expect((await ask(world, person.email)).delivery).toBe('sent');
    const { flow, delivery } = await ask(world, people[1]!.email);
    expect(delivery).toBe('silent');
    expect(world.sms.to(mobile)).toHaveLength(3);
    expect(await suppressions(world, flow.id)).toEqual([JSON.stringify({ why: 'sms-number-cap', round: 1 })]);
    world.clock.advance(DAY_MS);
    expect((await ask(world, people[1]!.email)).delivery).toBe('sent');
  });

  test('check 15: an account gets so many texts in a day, and another account is not held up', async () => {
    const world = new ResetWorld(database.db(), { smsPerAccountDaily: 2 });
    const [account, other] = [await addAccount(world.db), await addAccount(world.db)];
    const delivered: string[] = [];
    for (let person = 0; person < 3; person += 1) delivered.push((await ask(world, (await addPerson(world.db, account)).email)).delivery);
    expect(delivered).toEqual(['sent', 'sent', 'silent']);
    expect((await ask(world, (await addPerson(world.db, other)).email)).delivery).toBe('sent');
    expect(await world.db('audit').where({ account_code: account.code, action: 'reset.suppressed' }).pluck('details')).toEqual([JSON.stringify({ why: 'sms-account-cap', round: 1 })]);
    world.clock.advance(DAY_MS);
    expect((await ask(world, (await addPerson(world.db, account)).email)).delivery).toBe('sent');
  });

  test('check 15: requests at the same time do not pass the cap together', async () => {
    const world = new ResetWorld(database.db(), { smsPerAccountDaily: 3 });
    const account = await addAccount(world.db);
    const flows = [];
    for (let person = 0; person < 12; person += 1) flows.push(await world.flow((await addPerson(world.db, account)).email, 'code'));
    const another = openDatabase(database.settings());
    try {
      const processes = [world.activities, world.elsewhere(another)];
      const issued = await Promise.all(flows.map(({ id }, index) => world.run(processes[index % 2]!.issueSecret, { flowId: id, round: 1 })));
      expect(issued.filter(({ delivery }) => delivery === 'sent')).toHaveLength(3);
      expect(world.sms.taken).toHaveLength(3);
    } finally {
      await another.destroy();
    }
  });

  test('check 15: to countries that are not on the list nothing is sent', async () => {
    const world = new ResetWorld(database.db(), { smsCountries: ['DE', 'FR'] });
    const account = await addAccount(world.db);
    const person = await addPerson(world.db, account);
    const { flow, delivery } = await ask(world, person.email);
    expect(delivery).toBe('silent');
    expect(world.sms.taken).toEqual([]);
    expect(await suppressions(world, flow.id)).toEqual([JSON.stringify({ why: 'sms-country', round: 1 })]);
    const home = new ResetWorld(database.db(), { smsCountries: ['US'], clock: world.clock });
    expect((await ask(home, person.email)).delivery).toBe('sent');
  });

  test('check 15: an invitation counts and is capped as well', async () => {
    const world = new ResetWorld(database.db(), { smsPerNumberDaily: 1 });
    const person = await addPerson(world.db, await addAccount(world.db));
    const [first, second] = [await world.flow(person.email, 'invitation'), await world.flow(person.email, 'invitation')];
    expect((await world.issue(first)).delivery).toBe('sent');
    expect((await world.issue(second)).delivery).toBe('silent');
    expect(world.sms.to(person.mobile)).toHaveLength(1);
  });

  test.each([
    ['without a number', { mobile: null }, 'reset-no-number'],
    ['with a number that is none', { mobile: '+1202555' }, 'reset-no-number'],
    ['whose password is kept by the directory', { user: { authentication: 'domain' as const } }, 'reset-domain-password'],
  ])('who asks for a code %s gets an e-mail that explains, and no text', async (_who, more, purpose) => {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db), more);
    const { flow } = await ask(world, person.email);
    expect(world.sms.taken).toEqual([]);
    expect(world.email.to(person.email)).toHaveLength(1);
    expect(await world.db('messages').where({ flow_id: flow.id }).pluck('purpose')).toEqual([purpose]);
    expect((await world.row(flow.id)).step).toBe('enter-code');
  });

  test.each([
    ['nobody has', async (world: ResetWorld) => `nobody@${(await addAccount(world.db)).domain}`, 'unknown'],
    ['a disabled person has', async (world: ResetWorld) => (await addPerson(world.db, await addAccount(world.db), { user: { status: 'disabled' } })).email, 'disabled'],
  ])('check 20: for an address that %s nothing is sent, and the flow looks the same', async (_who, addressIn, why) => {
    const world = new ResetWorld(database.db());
    const { flow, delivery } = await ask(world, await addressIn(world));
    expect(delivery).toBe('silent');
    expect([...world.sms.taken, ...world.email.taken]).toEqual([]);
    expect(await world.row(flow.id)).toMatchObject({ step: 'enter-code', outcome: null });
    expect(await suppressions(world, flow.id)).toEqual([JSON.stringify({ why, round: 1 })]);
  });
});
