import { beaconNumber } from '../../dev/demo-beacon';
import { expectStatus, problemSlug, type Flow, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { proveBySms, savePassword } from '../support/journey';
import { codeIn, messagesTo, waitForMessage } from '../support/messages';
import { inboundText, postWebhook, reply } from '../support/phone';
import { browserOfUser } from '../support/sessions';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();
const inbound = '/api/webhooks/sms/inbound';
const email = (number: number): string => `user${number}@beacon.example`;
const browser = (address: string): Promise<Http> => browserOfUser(instance(), http(), address);

let administrator: Http;
let operator: Http;
beforeAll(async () => {
  administrator = await browser('admin@beacon.example');
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

async function ask(person: Http): Promise<Flow> {
  return expectStatus(await person.post('/api/sms-subscriptions', {}), 201);
}
/** The confirmation text that came to a number. */
const confirmation = (number: number) => waitForMessage(http(), beaconNumber(number), ({ text }) => text.includes('reply YES'));
const stateOf = async (person: Http, id: string): Promise<string> => expectStatus<Flow>(await person.get(`/api/sms-subscriptions/${id}`), 200).step;
/** The subscription of one of the 300 who have been subscribed from the start. */
async function subscribed(number: number): Promise<{ person: Http; id: string }> {
  const person = await browser(email(number));
  const [own] = expectStatus<{ subscription: Flow }[]>(await person.get('/api/session/sms-subscriptions'), 200);
  return { person, id: own!.subscription.id };
}

test('somebody who is signed in asks, gets one text, and subscribes with its code', async () => {
  const person = await browser(email(301));
  expect(expectStatus<object[]>(await person.get('/api/session/sms-subscriptions'), 200)).toMatchObject([{ program: 'continuity', available: true, subscription: null, number: { lastDigits: '00' } }]);
  const flow = await ask(person);
  expect(flow).toMatchObject({ kind: 'sms-subscription', step: 'enter-code', details: { state: 'pending' } });
  expect(flow.actions.map(({ name }) => name)).toEqual(['code', 'remind', 'stop']);
  const text = await confirmation(301);
  expect(problemSlug(await person.post(`/api/sms-subscriptions/${flow.id}/code`, { code: String((Number(codeIn(text)) + 1) % 1_000_000).padStart(6, '0') }), 422)).toBe('secret-wrong');
  expect(expectStatus<Flow>(await person.post(`/api/sms-subscriptions/${flow.id}/code`, { code: codeIn(text) }), 200)).toMatchObject({ step: 'active', details: { state: 'active' } });
  expect(await messagesTo(http(), beaconNumber(301))).toHaveLength(1);
});

/** The API was killed before it had answered, and is there again. */
const forgetAnswers = () => inDatabaseOf(instance(), (db) => db('idempotency_keys').update({ status: null, sealed_body: null, created_at: 0 }));

test('check 61: a step sent again with its key gets the first answer, also where the API was killed before it gave that', async () => {
  const person = await browser(email(307));
  const { id } = await ask(person);
  const code = codeIn(await confirmation(307));
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  const enter = (typed: string, key: string) => person.post<Flow>(`/api/sms-subscriptions/${id}/code`, { code: typed }, { 'idempotency-key': key });
  const [refused, taken] = [await enter(wrong, `wrong-${id}`), await enter(code, `right-${id}`)];
  expect([problemSlug(refused, 422), expectStatus<Flow>(taken, 200).step]).toEqual(['secret-wrong', 'active']);
  await forgetAnswers();
  expect(expectStatus<Flow>(await enter(code, `right-${id}`), 200)).toEqual(taken.body);
  expect((await enter(wrong, `wrong-${id}`)).body).toMatchObject({ attemptsLeft: 4 });
  expect(problemSlug(await enter(code, `another-${id}`), 410)).toBe('flow-done');
  expect(expectStatus<object[]>(await person.get(`/api/sms-subscriptions/${id}/consents`), 200).filter((consent) => 'action' in consent && consent.action === 'confirmed')).toHaveLength(1);
});

test('an invitation accepted once more with its key is answered as before, and no second text is sent', async () => {
  const [{ id: user }] = (await administrator.get<[{ id: string }]>(`/api/users?email=${email(308)}`)).body;
  expect(expectStatus(await administrator.post('/api/sms-subscriptions/invitations', { account: 'CSM33C3', users: [user] }), 202)).toMatchObject({ invited: 1 });
  const person = await browser(email(308));
  const [own] = expectStatus<{ subscription: Flow }[]>(await person.get('/api/session/sms-subscriptions'), 200);
  const accept = () => person.post<Flow>(`/api/sms-subscriptions/${own!.subscription.id}/accept`, {}, { 'idempotency-key': `accept-${user}` });
  expect(expectStatus<Flow>(await accept(), 200).step).toBe('enter-code');
  await confirmation(308);
  await forgetAnswers();
  expect(expectStatus<Flow>(await accept(), 200).step).toBe('enter-code');
  expect(await messagesTo(http(), beaconNumber(308))).toHaveLength(1);
});

test('a reply of YES subscribes, a stop word ends it and is confirmed once, START subscribes again', async () => {
  const person = await browser(email(302));
  const { id } = await ask(person);
  await confirmation(302);
  await reply(http(), beaconNumber(302), 'yes');
  expect(await stateOf(person, id)).toBe('active');
  await reply(http(), beaconNumber(302), 'Stop');
  expect(await stateOf(person, id)).toBe('ended');
  await waitForMessage(http(), beaconNumber(302), ({ text }) => text.includes('unsubscribed'));
  await reply(http(), beaconNumber(302), 'START');
  expect(await stateOf(person, id)).toBe('active');
  await waitFor(async () => (await messagesTo(http(), beaconNumber(302))).filter(({ text }) => text.includes('you are subscribed')).length === 2 || undefined, { what: 'the answers to YES and START' });
  const texts = (await messagesTo(http(), beaconNumber(302))).map(({ text }) => text);
  expect(texts.filter((text) => text.includes('unsubscribed'))).toHaveLength(1);
});

test('forged and replayed webhooks change nothing', async () => {
  const { person, id } = await subscribed(11);
  const stop = inboundText(beaconNumber(11), 'STOP');
  expect((await postWebhook(instance(), http(), inbound, stop, { ...stop, Body: 'Hello' })).status).toBe(403);
  expect((await http().send('POST', inbound, { headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'forged' }, body: new URLSearchParams(stop).toString() })).status).toBe(403);
  expect(await stateOf(person, id)).toBe('active');
  expect((await postWebhook(instance(), http(), inbound, stop)).status).toBe(200);
  expect(await stateOf(person, id)).toBe('ended');
  expect((await postWebhook(instance(), http(), inbound, inboundText(beaconNumber(11), 'START'))).status).toBe(200);
  expect((await postWebhook(instance(), http(), inbound, stop)).status).toBe(200);
  expect(await stateOf(person, id)).toBe('active');
});

test('STOP never stops a reset code that its owner asks for', async () => {
  const { person, id } = await subscribed(12);
  await reply(http(), beaconNumber(12), 'STOP');
  expect(await stateOf(person, id)).toBe('ended');
  await waitForMessage(http(), beaconNumber(12), ({ text }) => text.includes('unsubscribed'));
  const { proven } = await proveBySms(http(), email(12), beaconNumber(12));
  expect((await savePassword(http(), proven.id)).flow.step).toBe('done');
});

test('an administrator invites by e-mail; the number gets nothing before its person accepts', async () => {
  const users = await Promise.all([303, 13, 461].map(async (number) => (await administrator.get<{ id: string }[]>(`/api/users?email=${email(number)}`)).body[0]!.id));
  const invited = expectStatus(await administrator.post('/api/sms-subscriptions/invitations', { account: 'CSM33C3', users }), 202);
  expect(invited).toEqual({ invited: 1, skipped: [{ user: users[1], why: 'subscribed' }, { user: users[2], why: 'no-number' }] });
  expect((await waitForMessage(http(), email(303))).text).toContain('/account/text-messages');
  expect(await messagesTo(http(), beaconNumber(303))).toEqual([]);
  const person = await browser(email(303));
  const flow = await ask(person);
  expect(flow.step).toBe('enter-code');
  await confirmation(303);
});

test('what was consented to and revoked can be exported, by whom it is about and by their administrators', async () => {
  const { person, id } = await subscribed(14);
  await reply(http(), beaconNumber(14), 'OPT OUT');
  for (const reader of [person, administrator, operator]) {
    const consents = expectStatus<{ action: string }[]>(await reader.get(`/api/sms-subscriptions/${id}/consents`), 200);
    expect(consents).toMatchObject([{ action: 'confirmed', source: 'demo' }, { action: 'stopped', source: 'sms', keyword: 'OPT OUT', inboundId: expect.stringMatching(/^SM/) }]);
  }
  const csv = await person.get(`/api/sms-subscriptions/${id}/consents?format=csv`);
  expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(csv.text.split('\r\n')).toHaveLength(4);
  expect(problemSlug(await (await browser(email(15))).get(`/api/sms-subscriptions/${id}/consents`), 404)).toBe('not-found');
  expect(problemSlug(await (await browser('admin@lighthouse.example')).get(`/api/sms-subscriptions/${id}`), 404)).toBe('not-found');
});

test('a number is confirmed by nobody but its owner', async () => {
  const person = await browser(email(304));
  const { id } = await ask(person);
  const code = codeIn(await confirmation(304));
  for (const other of [administrator, await browser(email(305))]) expect(problemSlug(await other.post(`/api/sms-subscriptions/${id}/code`, { code }), 404)).toBe('not-found');
  expect(await stateOf(person, id)).toBe('enter-code');
});

test('without SMS Services, or without a usable number, it says why; codes work for all accounts', async () => {
  const other = await browser('user1@lighthouse.example');
  expect(problemSlug(await other.post('/api/sms-subscriptions', {}), 409)).toBe('sms-services-missing');
  const without = await browser(email(442));
  expect((await without.post('/api/sms-subscriptions', {})).body).toMatchObject({ status: 422, reason: 'impossible' });
  await proveBySms(http(), 'user1@lighthouse.example', '+12025550101');
});

test('administrators list their own account, by state; others are not there', async () => {
  const { counts, items, next } = expectStatus<{ counts: { active: number }; items: { account: string }[]; next: string }>(await administrator.get('/api/sms-subscriptions?state=active&limit=20&account=CEU11A1'), 200);
  expect(counts.active).toBeGreaterThan(290);
  expect(items).toHaveLength(20);
  expect(new Set(items.map(({ account }) => account))).toEqual(new Set(['CSM33C3']));
  const second = expectStatus<{ items: { id: string }[] }>(await administrator.get(`/api/sms-subscriptions?state=active&limit=20&after=${next}`), 200);
  expect(second.items).toHaveLength(20);
  expect(problemSlug(await administrator.post('/api/sms-subscriptions/invitations', { account: 'CEU11A1', users: ['x'] }), 404)).toBe('not-found');
});

test('an opt-out that the provider reports counts as STOP', async () => {
  const person = await browser(email(306));
  const { id } = await ask(person);
  await confirmation(306);
  const message = await inDatabaseOf(instance(), (db) => db('messages').where({ recipient: beaconNumber(306), purpose: 'sms-confirmation' }).first<{ id: string; provider_id: string }>());
  await postWebhook(instance(), http(), `/api/webhooks/sms/status?message=${message.id}`, { MessageSid: message.provider_id, MessageStatus: 'failed', ErrorCode: '21610' });
  const flow = expectStatus<Flow>(await person.get(`/api/sms-subscriptions/${id}`), 200);
  expect(flow).toMatchObject({ step: 'ended', details: { endedWhy: 'provider-opt-out', liftBy: expect.stringContaining('START') } });
});

test('an opt-out that the provider reports of a notice counts as STOP, too', async () => {
  const { person, id } = await subscribed(16);
  const reports = (now: 'lost' | 'sent') => http().send('PUT', '/dev/phone/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reports: now }) });
  // What was reported as delivered is not undelivered any more.
  await reports('lost');
  const event = expectStatus<{ id: string }>(await operator.post('/api/continuity-events', { account: 'CSM33C3', kind: 'unplanned', groups: ['Everyone'], alerts: { start: 'Mail is down.', end: 'Mail is back.' } }), 201);
  const delivery = await waitFor(
    () => inDatabaseOf(instance(), (db) => db('continuity_deliveries').where({ event_id: event.id, e164: beaconNumber(16) }).whereNotNull('provider_id').first<{ id: string; provider_id: string } | undefined>()),
    { what: 'the notice' },
  );
  await postWebhook(instance(), http(), `/api/webhooks/sms/status?message=${delivery.id}`, { MessageSid: delivery.provider_id, MessageStatus: 'undelivered', ErrorCode: '21610' });
  expect(await stateOf(person, id)).toBe('ended');
  await reports('sent');
});
