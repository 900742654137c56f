import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getExpectedTwilioSignature } from 'twilio';
import { mobile, person } from '../support/demo';
import { SESSION_COOKIE } from '../../api/cookies';
import { insertSession } from '../../db/sessions';
import { randomValueDigest } from '../../security/digests';
import { newOperatorToken } from '../../security/secrets';
import { expectStatus, problemSlug, type Flow, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { receiveSecret } from '../support/journey';
import { waitForMessage } from '../support/messages';
import { someSession } from '../support/sessions';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const SUBSCRIBED = 300;
const NOTICES_SENDER = '+13125550100';

const { http, instance } = useInstance();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface Event extends Flow {
  readonly details: Flow['details'] & { readonly phases: Readonly<Record<string, Readonly<Record<string, number>>>> };
}

const create = async (start: string): Promise<Event> => expectStatus(await operator.post('/api/continuity-events', { account: 'CSM33C3', kind: 'unplanned', groups: ['Everyone'], alerts: { start } }), 201);
const read = async (id: string): Promise<Event> => expectStatus(await operator.get(`/api/continuity-events/${id}`), 200);
const deliveries = (id: string) => inDatabaseOf(instance(), (db) => db('continuity_deliveries').where({ event_id: id }).orderBy('id').select<{ id: string; state: string; why: string | null; provider_id: string }[]>('id', 'state', 'why', 'provider_id'));

/** Posts a report as the provider would, or somebody who plays it. */
function report(messageId: string, sid: string, status: string, more: { token?: string; signature?: string } = {}) {
  const { authToken } = JSON.parse(readFileSync(join(instance().dataDir, 'embedded.json'), 'utf8')) as { authToken: string };
  const path = `/api/webhooks/sms/status?message=${messageId}`;
  const parameters = { MessageSid: sid, MessageStatus: status, AccountSid: `AC${'0'.repeat(32)}` };
  const signature = more.signature ?? getExpectedTwilioSignature(more.token ?? authToken, `${instance().url}${path}`, parameters);
  return http().send('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }, body: new URLSearchParams(parameters).toString() });
}

test('a broadcast to many does not delay a code of another account', async () => {
  await inDatabaseOf(instance(), (db) => db('sms_senders').insert({ sender: NOTICES_SENDER, rate_per_s: 4, free_at: 0 }).onConflict('sender').merge());
  const { id } = await create('Slowly: mail is down.');
  await waitFor(async () => Number((await read(id)).details.phases.start?.delivered) > 0 || undefined, { what: 'the first notices' });
  await receiveSecret(http(), person(31), mobile(31), 'sms');
  const { queued, audience } = (await read(id)).details.phases.start!;
  expect(audience).toBe(SUBSCRIBED);
  expect(queued).toBeGreaterThan(SUBSCRIBED / 2);
  await inDatabaseOf(instance(), (db) => db('sms_senders').where({ sender: NOTICES_SENDER }).update({ rate_per_s: null }));
  await waitFor(async () => (await read(id)).details.phases.start?.delivered === SUBSCRIBED || undefined, { what: 'everybody', timeoutMs: 60_000 });
  expectStatus(await operator.post(`/api/continuity-events/${id}/end`, {}), 200);
});

test('an alert is tried out on the own phone, filled in as for the person; a token has none', async () => {
  const token = newOperatorToken();
  await inDatabaseOf(instance(), async (db) => {
    const { id } = await db('users').where({ email: 'admin@beacon.example' }).first<{ id: string }>('id');
    const { ended_at: _at, ended_why: _why, ...session } = someSession(id, { digest: randomValueDigest(token), created_at: Date.now(), last_seen_at: Date.now(), expires_at: Date.now() + 3_600_000 });
    await insertSession(db, session);
    await db('user_attributes').insert([{ user_id: id, name: 'language', value: 'de' }, { user_id: id, name: 'timeZone', value: 'America/New_York' }]);
  });
  const administrator = http().with({ cookie: `${SESSION_COOKIE}=${token}` });
  const body = { account: 'CSM33C3', alert: 'Hello {{ name }}' };
  expect(expectStatus(await administrator.post('/api/continuity-events/test', body), 202)).toEqual({ requested: true, lastDigits: '99' });
  expect((await waitForMessage(http(), '+13035550199', ({ text }) => text === 'Hello Administrator')).text).toBe('Hello Administrator');
  const event = { name: 'Move', startsAt: '2040-07-01T08:00', timeZone: 'Europe/Berlin', alert: '{{ name }}, {{ event.name }} {{ event.start }} - {{ event.end }}' };
  expectStatus(await administrator.post('/api/continuity-events/test', { ...body, ...event }), 202);
  await waitForMessage(http(), '+13035550199', ({ text }) => text === 'Administrator, Move 01.07.2040, 02:00 - further notice');
  expect(problemSlug(await operator.post('/api/continuity-events/test', body), 422)).toBe('number-invalid');
  expect(problemSlug(await administrator.post('/api/continuity-events/test', { ...body, account: 'CEU11A1' }), 404)).toBe('not-found');
});

test('reports that are forged, repeated, out of order or of nothing that is known change nothing', async () => {
  const { id } = await create('Mail is down once more.');
  await waitFor(async () => (await read(id)).details.phases.start?.delivered === SUBSCRIBED || undefined, { what: 'everybody', timeoutMs: 60_000 });
  const before = await deliveries(id);
  const { id: message, provider_id: sid } = before[0]!;
  const answers = [
    await report(message, sid, 'failed', { token: '0'.repeat(32) }), await report(message, sid, 'failed', { signature: '' }),
    await report(message, sid, 'delivered'), await report(message, sid, 'sent'), await report(message, sid, 'failed'),
    await report(message, `SM${'0'.repeat(32)}`, 'failed'), await report('nobody', sid, 'failed'), await report(message, sid, 'no-such-status'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 204, 204, 204, 204, 204, 204]);
  expect(await deliveries(id)).toEqual(before);
});
