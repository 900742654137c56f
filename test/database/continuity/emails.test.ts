import { claimDeliveries } from '../../../db/continuity-deliveries';
import { smsUsage } from '../../../db/sms-usage';
import { ContinuityWorld, type Somebody } from '../../support/continuity-world';
import { eachDatabase } from '../../support/database';
import { RecordingEmail } from '../../support/recording-senders';

const ATTRIBUTE = 'home';
const DAY_MS = 24 * 60 * 60 * 1_000;
const BY_EMAIL = 'start-email';

eachDatabase('notices by e-mail', (database) => {
  const email = new RecordingEmail();
  let sent = 0;
  const at = (address: string) => ({ attributes: { [ATTRIBUTE]: address } });

  /** An account whose second addresses are in an attribute, with an event that goes by e-mail as well. */
  async function told(people: (w: ContinuityWorld) => Promise<readonly Somebody[]>) {
    email.taken.length = 0;
    const w = await ContinuityWorld.create(database.db(), { email });
    await w.db('sms_settings').insert({ account_code: w.code, email_attribute: ATTRIBUTE, updated_at: 0 });
    const all = await people(w);
    const eventId = await w.event([await w.group('all', all)], { byEmail: true, start: 'Mail is down, {{ name }}.' });
    return { w, all, eventId };
  }
  const address = (): string => `home${process.pid}-${(sent += 1)}@home.example`;

  test('go, beside the text, to the second address of those who are subscribed and have one, and end with those who got them', async () => {
    const [home, other] = [address(), address()];
    const { w, eventId } = await told(async (world) => [...(await world.people(1, 'active', { name: 'Ada', ...at(home) })), ...(await world.people(2)), ...(await world.people(1, 'ended', at(other)))]);
    expect([await w.begin(eventId), await w.begin(eventId, BY_EMAIL)]).toEqual([3, 1]);
    await w.sendAll(eventId);
    await w.sendAll(eventId, BY_EMAIL);
    expect(email.taken.map(({ to }) => to)).toEqual([home]);
    expect(email.taken[0]!.text).toContain('Mail is down, Ada.');
    expect(email.taken[0]!.html).toContain('Mail is down, Ada.');
    expect([await w.counts(eventId), await w.counts(eventId, BY_EMAIL)]).toEqual([{ accepted: 3 }, { accepted: 1 }]);
    await w.take(eventId, { action: 'end', by: { id: 'ada', name: 'Ada' } });
    expect([await w.begin(eventId, 'end'), await w.begin(eventId, 'end-email')]).toEqual([3, 1]);
  });

  test('repeat no address that is the first one, and go to none that is no address', async () => {
    const { w, eventId, all } = await told(async (world) => [...(await world.people(1)), ...(await world.people(1, 'active', at('two@home.example, three@home.example')))]);
    const { email: first } = (await w.db('users').where({ id: all[0]!.id }).first<{ email: string }>('email'))!;
    await w.db('user_attributes').insert({ user_id: all[0]!.id, name: ATTRIBUTE, value: first.toUpperCase() });
    expect(await w.begin(eventId, BY_EMAIL)).toBe(1);
    await w.sendAll(eventId, BY_EMAIL);
    expect(email.taken).toEqual([]);
    expect(await w.delivery(eventId, all[1]!, BY_EMAIL)).toMatchObject({ state: 'failed', why: 'no address' });
  });

  test('go to nobody who opted out or has another address by now, each with its reason', async () => {
    const { w, eventId, all: [optedOut, moved] } = await told((world) => world.people(2, 'active', at(address())));
    await w.begin(eventId, BY_EMAIL);
    await w.db('sms_subscriptions').where({ user_id: optedOut!.id }).update({ state: 'ended' });
    await w.db('user_attributes').where({ user_id: moved!.id, name: ATTRIBUTE }).update({ value: address() });
    await w.sendAll(eventId, BY_EMAIL);
    expect(email.taken).toEqual([]);
    const whys = await Promise.all([optedOut!, moved!].map(async (one) => (await w.delivery(eventId, one, BY_EMAIL)).why));
    expect(whys).toEqual(['opted-out', 'address-changed']);
  });

  test('that a mail server does not take for now wait, and those it refuses fail', async () => {
    const { w, eventId, all } = await told((world) => world.people(1, 'active', at(address())));
    await w.begin(eventId, BY_EMAIL);
    email.faults.push('later', 'refuse');
    await w.sendAll(eventId, BY_EMAIL);
    expect(await w.delivery(eventId, all[0]!, BY_EMAIL)).toMatchObject({ state: 'failed', why: 'smtp 550', attempts: 1 });
    expect(w.waitedMs).toBeGreaterThan(0);
  });

  test('check 61: what a killed sender had claimed goes out again under the same Message-ID', async () => {
    const { w, eventId, all } = await told((world) => world.people(1, 'active', at(address())));
    await w.begin(eventId, BY_EMAIL);
    const [claimed] = await claimDeliveries(w.db, { eventId, phase: BY_EMAIL }, { after: 0, most: 1 }, { now: w.clock.read(), countries: [] });
    w.clock.advance(3 * email.timeoutMs);
    expect(await w.settle(eventId, BY_EMAIL)).toEqual({ queued: true });
    await w.sendAll(eventId, BY_EMAIL);
    expect(email.taken.map(({ messageId }) => messageId)).toEqual([`<${claimed!.id}@portal.example>`]);
    expect(await w.delivery(eventId, all[0]!, BY_EMAIL)).toMatchObject({ state: 'accepted', attempts: 2 });
  });

  test('count neither as texts nor towards the cap of texts', async () => {
    const { w, eventId } = await told((world) => world.people(2, 'active', at(address())));
    await w.db('sms_settings').where({ account_code: w.code }).update({ daily_cap: 1 });
    await w.begin(eventId, BY_EMAIL);
    await w.sendAll(eventId, BY_EMAIL);
    expect(await w.counts(eventId, BY_EMAIL)).toEqual({ accepted: 2 });
    const today = w.clock.read() - (w.clock.read() % DAY_MS);
    expect(await smsUsage(w.db, w.code, today, today + DAY_MS)).toEqual([]);
    await w.run(w.activities.closePhase, { eventId, phase: BY_EMAIL });
    expect((await w.read(eventId)).phases.find(({ phase }) => phase === BY_EMAIL)).toMatchObject({ state: 'done', segments: 0 });
  });
});
