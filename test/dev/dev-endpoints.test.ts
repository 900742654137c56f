import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { getExpectedTwilioSignature } from 'twilio';
import type { Knex } from 'knex';
import { openDatabase } from '../../db/connection';
import { mobile, person } from '../support/demo';
import { expectStatus, problemSlug } from '../support/http';
import { act, askForSecret, captchaAnswer, receiveSecret, resetBySms, startReset } from '../support/journey';
import { listeningOn } from '../support/listening';
import { allMessages, codeIn, messagesTo, waitForMessage } from '../support/messages';
import { familyOf, partPid } from '../support/processes';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();
let db: Knex;

beforeAll(() => {
  db = openDatabase({ DATA_DIR: instance().dataDir });
});
afterAll(() => db.destroy());
afterEach(() => switchFaults({ mode: 'none', mail: 'none', undeliverable: [] }));

function switchFaults(faults: unknown) {
  return http().send('PUT', '/dev/phone/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly why: string | null;
  readonly provider_id: string | null;
}

/** The row of the newest text to a number, once it is in one of these states. */
function rowOf(recipient: string, ...states: readonly string[]): Promise<Row> {
  return waitFor(
    async () => {
      const row = await db<Row & { recipient: string; created_at: number }>('messages').where({ recipient }).orderBy('created_at', 'desc').first();
      return row && states.includes(row.state) ? row : undefined;
    },
    { what: `the text to ${recipient} to be ${states.join(' or ')}` },
  );
}

/** A request that says it wants another host, as one does that a page of another site had resolved to 127.0.0.1. */
async function statusFor(url: string, host: string): Promise<number> {
  const sent = request(url, { headers: { host } }).end();
  const [answer] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}

/** A setting of the API's process: where it finds inbox and phone, and what they sign with. */
async function settingOfApi(name: string): Promise<string> {
  const environment = await readFile(`/proc/${await partPid(instance().pid, 'api')}/environ`, 'utf8');
  return environment.split('\0').find((entry) => entry.startsWith(`${name}=`))!.slice(name.length + 1);
}

describe('on this machine only', () => {
  test('every process of the instance listens on 127.0.0.1 and nowhere else', async () => {
    const addresses = await listeningOn(await familyOf(instance().pid));
    const { PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, SMTP_PORT } = instance().settings;
    expect(addresses).toEqual(expect.arrayContaining([PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, SMTP_PORT].map((port) => `127.0.0.1:${port}`)));
    expect(addresses.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test.each(['/', '/api/health', '/api/openapi.json', '/dev/messages', '/dev/captchas/none', '/dev/inbox', '/metrics'])('check 54: %s is not served to a foreign host', async (path) => {
    for (const host of ['attacker.example', `attacker.example:${instance().settings.PORT}`, '127.0.0.1', '127.0.0.1:1']) expect([host, await statusFor(`${instance().url}${path}`, host)]).toEqual([host, 421]);
    expect(await statusFor(`${instance().url}${path}`, `localhost:${instance().settings.PORT}`)).not.toBe(421);
  });

  test('check 54: inbox and phone are not served to a foreign host either', async () => {
    const outside = await settingOfApi('DEV_OUTSIDE_URL');
    expect(await statusFor(`${outside}/messages`, 'attacker.example')).toBe(421);
    expect(await statusFor(`${outside}/messages`, new URL(outside).host)).toBe(200);
  });
});

describe('messages', () => {
  test('are everybody\'s or one recipient\'s, newest first', async () => {
    await resetBySms(http(), person(1), mobile(1));
    await waitForMessage(http(), person(1));
    const all = await allMessages(http());
    expect(all.map(({ channel, to }) => [channel, to])).toEqual([['email', person(1)], ['sms', mobile(1)]]);
    expect(all.map(({ sentAt }) => sentAt)).toEqual(all.map(({ sentAt }) => sentAt).sort().reverse());
    expect(await messagesTo(http(), mobile(1))).toEqual([all[1]]);
    expect(await messagesTo(http(), person(1).toUpperCase())).toEqual([all[0]]);
    expect(await messagesTo(http(), 'nobody@lighthouse.example')).toEqual([]);
  });

  test('tell channel, recipient, subject, both forms of an e-mail, and when', async () => {
    const [email, sms] = await allMessages(http());
    expect(email).toMatchObject({ channel: 'email', to: person(1), subject: expect.stringContaining('password'), text: expect.any(String), html: expect.stringContaining('<html') });
    expect(sms).toMatchObject({ channel: 'sms', to: mobile(1), text: expect.stringMatching(/\d{6}/) });
    for (const { sentAt } of [email!, sms!]) expect(new Date(sentAt).toISOString()).toBe(sentAt);
  });

  test('to a number are found where its plus sign came as a blank', async () => {
    expect(expectStatus<unknown[]>(await http().get(`/dev/messages?to=${mobile(1)}`), 200)).toHaveLength(1);
  });
});

describe('captchas', () => {
  test('are told while their flow shows one', async () => {
    const { id } = await startReset(http(), person(3));
    const answer = await captchaAnswer(http(), id);
    expect(answer).toMatch(/^\S{4,}$/);
    expectStatus(await act(http(), id, 'captcha', { answer }), 200);
    expect(problemSlug(await http().get(`/dev/captchas/${id}`), 404)).toBe('flow-not-found');
    expect(problemSlug(await http().get('/dev/captchas/unknown'), 404)).toBe('flow-not-found');
  });
});

describe('the phone', () => {
  test('reports what becomes of a text: its row follows', async () => {
    await receiveSecret(http(), person(5), mobile(5), 'sms');
    const row = await rowOf(mobile(5), 'delivered');
    expect(row.provider_id).toMatch(/^SM[0-9a-f]{32}$/);
  });

  test('reports a number that cannot be reached: its row says why', async () => {
    await switchFaults({ undeliverable: [mobile(7)] });
    await askForSecret(http(), person(7), 'sms');
    expect(await rowOf(mobile(7), 'undelivered')).toMatchObject({ why: 'provider 30003' });
    expect(await messagesTo(http(), mobile(7))).toEqual([]);
  });

  test('refuses with 429 as long as the switch says so: the text waits, and goes out once', async () => {
    await switchFaults({ mode: '429' });
    await askForSecret(http(), person(9), 'sms');
    // Queued it is before anything was tried as well.
    await waitFor(async () => ((await rowOf(mobile(9), 'queued', 'attempting')).why === 'provider 20429' ? true : undefined), { what: 'the refusal' });
    expect(await messagesTo(http(), mobile(9))).toEqual([]);
    await switchFaults({ mode: 'none' });
    await rowOf(mobile(9), 'delivered');
    expect(await messagesTo(http(), mobile(9))).toHaveLength(1);
  });

  test('check 62: accepts and never answers: its report proves that the text was taken, and it goes out once', async () => {
    await switchFaults({ mode: 'hang' });
    const { flow, message } = await receiveSecret(http(), person(11), mobile(11), 'sms');
    await rowOf(mobile(11), 'delivered');
    expectStatus(await act(http(), flow.id, 'code', { code: codeIn(message) }), 200);
    expect(await messagesTo(http(), mobile(11))).toHaveLength(1);
  });

  test('tells its switches, and refuses what is none', async () => {
    expect(problemSlug(await switchFaults({ mode: 'sometimes' }), 400)).toBe('invalid-request');
    expect(problemSlug(await switchFaults([]), 400)).toBe('invalid-request');
    expect(expectStatus(await http().get('/dev/phone/faults'), 200)).toEqual({ mode: 'none', mail: 'none', undeliverable: [], reports: 'sent' });
  });

  test('answers: the API takes it by its signature, and it is shown beside what came', async () => {
    expect(expectStatus(await http().post('/dev/phone/reply', { from: mobile(1), body: 'HELP' }), 200)).toEqual({ taken: true });
    expect(expectStatus(await http().get('/dev/phone/replies'), 200)).toEqual([expect.objectContaining({ from: mobile(1), text: 'HELP', direction: 'inbound' })]);
    expect(problemSlug(await http().post('/dev/phone/reply', { from: 'nobody', body: 'HELP' }), 400)).toBe('invalid-request');
  });
});

describe('webhooks of the provider', () => {
  function post(path: string, parameters: Record<string, string>, signature: string | undefined) {
    return http().send('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded', ...(signature === undefined ? {} : { 'x-twilio-signature': signature }) }, body: new URLSearchParams(parameters).toString() });
  }

  test('are refused without their genuine signature, and change nothing', async () => {
    const { id } = await rowOf(mobile(5), 'delivered');
    const { provider_id: sid } = await rowOf(mobile(7), 'undelivered');
    const path = `/api/webhooks/sms/status?message=${id}`;
    const parameters = { MessageSid: sid!, MessageStatus: 'failed' };
    const token = await settingOfApi('TWILIO_AUTH_TOKEN');
    const genuine = getExpectedTwilioSignature(token, `${instance().url}${path}`, parameters);
    const forgeries: [string, string, Record<string, string>, string | undefined][] = [
      ['none', path, parameters, undefined],
      ['any', path, parameters, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
      ['of another token', path, parameters, getExpectedTwilioSignature('0'.repeat(32), `${instance().url}${path}`, parameters)],
      ['of other parameters', path, { ...parameters, MessageStatus: 'delivered' }, genuine],
      ['of another message', path.replace(id, 'other'), parameters, genuine],
      ['of another address', '/api/webhooks/sms/inbound', parameters, genuine],
    ];
    for (const [what, to, body, signature] of forgeries) expect([what, problemSlug(await post(to, body, signature), 403)]).toEqual([what, 'forbidden']);
    expect((await rowOf(mobile(5), 'delivered')).id).toBe(id);
  });

  test('move a message forward only, in whatever order and however often they come', async () => {
    await switchFaults({ mode: '429' });
    await askForSecret(http(), person(13), 'sms');
    const { id } = await rowOf(mobile(13), 'queued');
    const path = `/api/webhooks/sms/status?message=${id}`;
    const token = await settingOfApi('TWILIO_AUTH_TOKEN');
    const states: string[] = [];
    for (const MessageStatus of ['sent', 'sent', 'queued', 'delivered', 'sent', 'failed']) {
      const parameters = { MessageSid: `SM${'0'.repeat(32)}`, MessageStatus };
      expect((await post(path, parameters, getExpectedTwilioSignature(token, `${instance().url}${path}`, parameters))).status).toBe(204);
      states.push((await db<Row>('messages').where({ id }).first())!.state);
    }
    expect(states).toEqual(['sent', 'sent', 'sent', 'delivered', 'delivered', 'delivered']);
  });
});

describe('an operator', () => {
  test('is let in by the last line that npm run operator-token prints, and by nothing else', async () => {
    const token = await instance().operatorToken();
    expect((await http().with({ authorization: `Bearer ${token}` }).get('/api/groups')).status).toBe(200);
    expect(problemSlug(await http().with({ authorization: `Bearer ${token.slice(0, -1)}` }).get('/api/groups'), 401)).toBe('unauthenticated');
    expect(problemSlug(await http().get('/api/groups'), 401)).toBe('unauthenticated');
    const rows = await db('operator_tokens').pluck('digest');
    expect(rows).not.toContain(token);
  });
});
