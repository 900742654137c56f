import { beaconNumber } from '../../dev/demo-beacon';
import type { Faults } from '../../dev/outside/faults';
import { consentsOf } from '../../db/sms-consents';
import { expectStatus, type Flow, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { codeIn, messagesTo, waitForMessage, type ReceivedMessage } from '../support/messages';
import { inboundText, postWebhook, reply } from '../support/phone';
import { browserOfUser } from '../support/sessions';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

/** Less than the switch "slow" waits. */
const { http, instance } = useInstance({ SMS_TIMEOUT_MS: '2000' });
const PATH = '/api/sms-subscriptions';

const fail = (faults: Partial<Faults>): Promise<unknown> => http().send('PUT', '/dev/phone/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
const person = (number: number): Promise<Http> => browserOfUser(instance(), http(), `user${number}@beacon.example`);
const texts = async (number: number, containing: string): Promise<ReceivedMessage[]> => (await messagesTo(http(), beaconNumber(number))).filter(({ text }) => text.includes(containing));
const stateOf = async (browser: Http, id: string): Promise<string> => expectStatus<Flow>(await browser.get(`${PATH}/${id}`), 200).step;

afterEach(() => fail({ mode: 'none', reports: 'sent' }));

/** What a person's confirmation text is known to be by now. */
function settled(number: number): Promise<string> {
  return waitFor(async () => {
    const row = await inDatabaseOf(instance(), (db) => db('messages').where({ recipient: beaconNumber(number), purpose: 'sms-confirmation' }).first<{ state: string } | undefined>('state'));
    return row && ['accepted', 'sent', 'delivered'].includes(row.state) ? row.state : undefined;
  }, { what: `the confirmation text to ${beaconNumber(number)}`, timeoutMs: 60_000 });
}

test.each([[311, 'slow'], [312, 'accept-500'], [313, 'hang']] as const)('checks 61 and 62: worker killed while user%i is sent the confirmation text and the provider is "%s": it comes once, and its code is right', async (number, mode) => {
  const browser = await person(number);
  // No report tells what became of the text: only the look-up can.
  await fail({ mode, reports: 'lost' });
  const { id } = expectStatus<Flow>(await browser.post(PATH, {}), 201);
  const text = await waitForMessage(http(), beaconNumber(number), (message) => message.text.includes('reply YES'));
  await instance().kill('worker', 'SIGKILL');
  await fail({ mode: 'none' });
  await instance().ready();
  await settled(number);
  expect(await texts(number, 'reply YES')).toHaveLength(1);
  expectStatus(await browser.post(`${PATH}/${id}/code`, { code: codeIn(text) }), 200);
  expect(await stateOf(browser, id)).toBe('active');
});

test('check 61: a stop word that came as worker and API were killed has ended the subscription, is confirmed once, and stands as evidence once', async () => {
  const browser = await person(21);
  const [{ subscription }] = expectStatus<[{ subscription: Flow }]>(await browser.get('/api/session/sms-subscriptions'), 200);
  await instance().kill('worker', 'SIGKILL');
  const stop = inboundText(beaconNumber(21), 'STOP');
  await Promise.allSettled([postWebhook(instance(), http(), '/api/webhooks/sms/inbound', stop), instance().kill('api', 'SIGKILL')]);
  await instance().ready();
  // The provider repeats what was not answered.
  expect((await postWebhook(instance(), http(), '/api/webhooks/sms/inbound', stop)).status).toBe(200);
  expect(await stateOf(browser, subscription.id)).toBe('ended');
  await waitFor(async () => (await texts(21, 'unsubscribed'))[0], { what: 'the confirmation of STOP', timeoutMs: 120_000 });
  const user = String(subscription.details.user);
  expect((await inDatabaseOf(instance(), (db) => consentsOf(db, user, 'continuity'))).filter(({ action }) => action === 'stopped')).toHaveLength(1);
  await reply(http(), beaconNumber(21), 'START');
  await waitFor(async () => (await texts(21, 'you are subscribed'))[0], { what: 'the answer to START' });
  expect(await texts(21, 'unsubscribed')).toHaveLength(1);
});

test('check 61: a check of numbers whose worker is killed goes on where it stopped, and counts every value once', async () => {
  const administrator = await browserOfUser(instance(), http(), 'admin@beacon.example');
  const body = { account: 'CSM33C3', attribute: 'mobile', defaultCountry: 'US' };
  const [{ id }] = await Promise.all([administrator.post<{ id: string }>('/api/sms-settings/number-checks', body).then((answer) => expectStatus<{ id: string }>(answer, 202)), instance().kill('worker', 'SIGKILL')]);
  await instance().ready();
  const check = await waitFor(async () => {
    const now = expectStatus<{ state: string }>(await administrator.get(`/api/sms-settings/number-checks/${id}`), 200);
    return now.state === 'done' ? now : undefined;
  }, { what: 'the check of numbers', timeoutMs: 60_000 });
  expect(check).toMatchObject({ lookedAt: 461, usable: 361, proposed: 80, unusable: 20 });
});
