import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmailSender, type Email, type EmailSender } from '../../activities/email-sender';
import { startOutside, type Outside } from '../../dev/outside/server';
import { MessageStore, type Stored } from '../../dev/outside/store';
import { Http } from '../support/http';
import { freePorts } from '../support/ports';

const KEPT = 10_000;
const to = 'user1@lighthouse.example';

let folder: string;
let outside: Outside;
let sender: EmailSender;
let http: Http;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-inbox-'));
  const [smtpPort] = await freePorts(1);
  outside = await startOutside({ accountSid: 'AC', authToken: 'none', from: '+12025550100', smtpPort: smtpPort!, file: join(folder, 'outside.jsonl'), inboundUrl: 'http://127.0.0.1:1' });
  sender = createEmailSender({ url: `smtp://127.0.0.1:${smtpPort}`, from: 'no-reply@postern.example', timeoutMs: 2_000 });
  http = new Http(outside.url);
});

afterEach(() => switchFaults({ mail: 'none', undeliverable: [] }));

afterAll(async () => {
  sender.close();
  await outside.stop();
  await rm(folder, { recursive: true, force: true });
});

function switchFaults(faults: unknown) {
  return http.send('PUT', '/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) });
}

function email(subject: string, change: Partial<Email> = {}): Email {
  return { to, subject, text: `Text of ${subject}`, html: `<p>HTML of ${subject}</p>`, messageId: `<${subject}@postern.example>`, ...change };
}

function arrived(subject: string) {
  return outside.store.received().filter((message) => message.subject === subject);
}

test('keeps an e-mail with both of its forms, under its recipient in lower case', async () => {
  await expect(sender.send(email('welcome', { to: 'User1@Lighthouse.example' }))).resolves.toMatchObject({ kind: 'accepted' });
  expect(arrived('welcome')).toEqual([
    { id: expect.any(String), channel: 'email', to, from: 'no-reply@postern.example', subject: 'welcome', messageId: '<welcome@postern.example>', text: expect.stringContaining('Text of welcome'), html: expect.stringContaining('<p>HTML of welcome</p>'), sentAt: expect.stringMatching(/^\d{4}-.*Z$/) },
  ]);
});

test('shows a repeated e-mail twice, with one Message-ID', async () => {
  await sender.send(email('twice'));
  await sender.send(email('twice'));
  expect(arrived('twice').map(({ messageId }) => messageId)).toEqual(['<twice@postern.example>', '<twice@postern.example>']);
});

test.each([
  ['later', { mail: 'later' }, { kind: 'retry', why: 'smtp 451' }],
  ['for good', { mail: 'refuse' }, { kind: 'failed', why: 'smtp 550' }],
  ['for a mailbox that is none', { undeliverable: [to] }, { kind: 'failed', why: 'smtp 550' }],
])('a mail server that refuses %s has taken nothing', async (what, faults, outcome) => {
  await switchFaults(faults);
  await expect(sender.send(email(what))).resolves.toEqual(outcome);
  expect(arrived(what)).toEqual([]);
});

test('a mail server that never answers may have taken it: it is sent again', async () => {
  await switchFaults({ mail: 'hang' });
  await expect(sender.send(email('hanging'))).resolves.toMatchObject({ kind: 'retry' });
  expect(arrived('hanging')).toHaveLength(1);
});

describe('what was received', () => {
  test('comes back after a restart, newest first, also where a kill cut the last line short', async () => {
    const before = outside.store.received();
    expect(before.length).toBeGreaterThan(2);
    expect(before.map(({ sentAt }) => sentAt)).toEqual(before.map(({ sentAt }) => sentAt).sort().reverse());
    await appendFile(join(folder, 'outside.jsonl'), '{"id":"cut sh');
    expect(new MessageStore(join(folder, 'outside.jsonl')).received()).toEqual(before);
  });

  test('is one recipient\'s where one is named, whatever the case', () => {
    const store = new MessageStore(join(folder, 'recipients.jsonl'));
    for (const recipient of ['user1@lighthouse.example', 'user2@lighthouse.example']) store.put(message(recipient, recipient));
    expect(store.received(' USER2@lighthouse.example').map((found) => found.to)).toEqual(['user2@lighthouse.example']);
    expect(store.received()).toHaveLength(2);
  });

  test(`is the last ${KEPT}`, () => {
    const file = join(folder, 'many.jsonl');
    const store = new MessageStore(file);
    for (let n = 0; n <= KEPT; n++) store.put(message(String(n)));
    for (const kept of [store, new MessageStore(file)]) {
      const ids = kept.received().map(({ id }) => id);
      expect([ids.length, ids[0], ids.at(-1)]).toEqual([KEPT, String(KEPT), '1']);
    }
  });
});

function message(id: string, recipient = to): Stored {
  return { id, channel: 'email', to: recipient, from: 'no-reply@postern.example', subject: 'one of many', text: '', sentAt: new Date(0).toISOString() };
}
