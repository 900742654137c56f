import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSmsSender, type SmsSender } from '../../activities/sms-sender';
import { startOutside, type Outside } from '../../dev/outside/server';
import { Http } from '../support/http';
import { freePorts } from '../support/ports';
import { waitFor } from '../support/wait';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver';

const accountSid = `AC${'ab'.repeat(16)}`;
const authToken = 'cd'.repeat(16);
const from = '+12025550100';
const person = '+12025550121';
const unreachable = '+12025550123';
/** Shorter than what the switch "slow" waits, longer than any answer takes. */
const PATIENCE_MS = 2_000;

let folder: string;
let outside: Outside;
let webhooks: WebhookReceiver;
let sender: SmsSender;
let http: Http;
let sent = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-phone-'));
  webhooks = await startWebhookReceiver(authToken);
  const [smtpPort] = await freePorts(1);
  outside = await startOutside({ accountSid, authToken, from, smtpPort: smtpPort!, file: join(folder, 'outside.jsonl'), inboundUrl: `${webhooks.url}/inbound?channel=sms` });
  sender = createSmsSender({ accountSid, authToken, from, apiUrl: outside.url, timeoutMs: PATIENCE_MS });
  http = new Http(outside.url);
});

afterEach(() => switchFaults({ mode: 'none', undeliverable: [], reports: 'sent' }));

afterAll(async () => {
  await outside.stop();
  await webhooks.stop();
  await rm(folder, { recursive: true, force: true });
});

async function switchFaults(faults: unknown): Promise<number> {
  return (await http.send('PUT', '/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) })).status;
}

/** Texts that somebody has on the phone. */
function textsOf(to: string, body: string) {
  return outside.store.received(to).filter(({ text }) => text === body);
}

function send(to = person) {
  sent += 1;
  const body = `Text number ${sent}`;
  return { body, statusCallback: `${webhooks.url}/status?message=${sent}`, outcome: sender.send({ to, body, statusCallback: `${webhooks.url}/status?message=${sent}` }) };
}

/** The states that the provider reports of a message, once the last one has come. */
function reports(statusCallback: string): Promise<WebhookReceiver['received']> {
  const path = statusCallback.slice(webhooks.url.length);
  return waitFor(
    () => {
      const found = webhooks.received.filter((webhook) => webhook.path === path);
      return found.some(({ parameters }) => /delivered$/.test(parameters.MessageStatus!)) ? found : undefined;
    },
    { what: `reports to ${path}` },
  );
}

test('takes a text from the provider\'s own client, shows it, and reports it sent and delivered, signed', async () => {
  const { body, statusCallback, outcome } = send();
  const accepted = await outcome;
  expect(accepted).toEqual({ kind: 'accepted', providerId: expect.stringMatching(/^SM[0-9a-f]{32}$/) });
  expect(textsOf(person, body)).toEqual([{ id: expect.any(String), channel: 'sms', to: person, from, text: body, sentAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
  const [first, second] = await reports(statusCallback);
  const { providerId } = accepted as { providerId: string };
  expect(first).toMatchObject({ genuine: true, parameters: { MessageSid: providerId, MessageStatus: 'sent', To: person } });
  expect(second).toMatchObject({ genuine: true, parameters: { MessageSid: providerId, MessageStatus: 'delivered', To: person } });
});

test('the switch "429" refuses: nothing is taken, and it is worth trying later', async () => {
  await switchFaults({ mode: '429' });
  const { body, outcome } = send();
  await expect(outcome).resolves.toEqual({ kind: 'retry', why: 'provider 20429' });
  expect(textsOf(person, body)).toEqual([]);
});

test('the switch "500" breaks: nobody knows whether it was taken', async () => {
  await switchFaults({ mode: '500' });
  await expect(send().outcome).resolves.toEqual({ kind: 'unknown', why: 'provider 20500' });
});

test('the switch "accept-500" takes the text and breaks: it is there', async () => {
  await switchFaults({ mode: 'accept-500' });
  const { body, outcome } = send();
  await expect(outcome).resolves.toEqual({ kind: 'unknown', why: 'provider 20500' });
  expect(textsOf(person, body)).toHaveLength(1);
});

test('the switch of reports loses them: the provider knows what became of a text, and tells nobody', async () => {
  await switchFaults({ reports: 'lost' });
  const { body, statusCallback, outcome } = send();
  await outcome;
  await waitFor(() => outside.store.texts().find((text) => text.text === body && text.status === 'delivered'), { what: 'the delivery' });
  expect(webhooks.received.filter(({ path }) => statusCallback.endsWith(path))).toEqual([]);
});

test('the switch "hang" takes the text and never answers: it is there, and reported', async () => {
  await switchFaults({ mode: 'hang' });
  const { body, statusCallback, outcome } = send();
  await expect(outcome).resolves.toMatchObject({ kind: 'unknown' });
  expect(textsOf(person, body)).toHaveLength(1);
  expect((await reports(statusCallback)).map(({ parameters }) => parameters.MessageStatus)).toEqual(['sent', 'delivered']);
});

test('the switch "slow" answers too late for the sender, and takes the text', async () => {
  await switchFaults({ mode: 'slow' });
  const { body, outcome } = send();
  await expect(outcome).resolves.toMatchObject({ kind: 'unknown' });
  await waitFor(() => textsOf(person, body)[0], { what: 'the slow text' });
});

test('a number that cannot be reached is reported so, and never shows the text', async () => {
  await switchFaults({ undeliverable: [unreachable] });
  const { body, statusCallback, outcome } = send(unreachable);
  await expect(outcome).resolves.toMatchObject({ kind: 'accepted' });
  expect((await reports(statusCallback)).at(-1)!.parameters).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '30003' });
  expect(textsOf(unreachable, body)).toEqual([]);
  await expect(send(person).outcome).resolves.toMatchObject({ kind: 'accepted' });
});

test.each([
  ['+15551234567', 'provider 21211'],
  ['', 'provider 21604'],
])('a number that cannot exist ("%s") is refused as the provider does', async (to, why) => {
  await expect(send(to).outcome).resolves.toEqual({ kind: 'failed', why, code: Number(why.replace('provider ', '')) });
});

test('a webhook that is not taken is repeated', async () => {
  webhooks.answer(503);
  const { statusCallback, outcome } = send();
  await outcome;
  const path = statusCallback.slice(webhooks.url.length);
  await waitFor(() => webhooks.received.find((webhook) => webhook.path === path), { what: 'the first report' });
  webhooks.answer(204);
  const states = (await reports(statusCallback)).map(({ parameters }) => parameters.MessageStatus);
  expect(states).toEqual([...states.slice(1, -1).map(() => 'sent'), 'sent', 'delivered']);
  expect(states.length).toBeGreaterThan(2);
});

test('an answer from the phone comes as a signed webhook to the address that is set up', async () => {
  const answer = await http.post('/reply', { from: person, body: 'STOP & "ünicode"' });
  expect(answer).toMatchObject({ status: 200, body: { taken: true } });
  expect(webhooks.received.at(-1)).toMatchObject({ path: '/inbound?channel=sms', genuine: true, parameters: { From: person, To: from, Body: 'STOP & "ünicode"', AccountSid: accountSid, MessageSid: expect.stringMatching(/^SM/) } });
  expect(outside.store.received(person).some(({ text }) => text.startsWith('STOP'))).toBe(false);
});

test('an answer from what is no number is refused', async () => {
  const before = webhooks.received.length;
  expect((await http.post('/reply', { from: 'somebody', body: 'STOP' })).status).toBe(400);
  expect(webhooks.received).toHaveLength(before);
});

test.each([
  ['somebody else\'s account', `/2010-04-01/Accounts/AC${'00'.repeat(16)}/Messages.json`, authToken, 404],
  ['a wrong token', `/2010-04-01/Accounts/${accountSid}/Messages.json`, 'wrong', 401],
])('the provider\'s list is closed to %s', async (_who, path, token, status) => {
  const basic = Buffer.from(`${accountSid}:${token}`).toString('base64');
  expect((await http.get(path, { authorization: `Basic ${basic}` })).status).toBe(status);
});

test.each([
  ['a mode that is none', { mode: 'sometimes' }],
  ['a list that is none', { undeliverable: 'everybody' }],
])('%s changes no switch', async (_what, faults) => {
  await switchFaults({ mode: '429' });
  expect(await switchFaults(faults)).toBe(400);
  expect((await http.get<{ mode: string }>('/faults')).body.mode).toBe('429');
});
