import { request } from 'node:http';
import { person } from '../support/demo';
import { expectStatus, type Flow } from '../support/http';
import { act, receiveSecret, startReset } from '../support/journey';
import { linkIn } from '../support/messages';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();
const LINK_FETCHES = 50;

/** `fetch` does not let the Host header be chosen. */
function statusWithHost(host: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(new URL(path, instance().url), { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on('error', reject).end();
  });
}

test('check 54: the link\'s address comes from the settings, whatever the headers say', async () => {
  const forged = http().with({ 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' });
  const { message } = await receiveSecret(forged, person(2), person(2), 'email');
  expect(new URL(linkIn(message).href).origin).toBe(new URL(instance().url).origin);
  expect(`${message.text}${message.html}`).not.toContain('evil.example');
});

test.each(['/', '/api/health', '/password-resets/x', '/dev/messages'])('check 54: a foreign Host header is refused at %s', async (path) => {
  expect(await statusWithHost('evil.example', path)).toBeGreaterThanOrEqual(400);
});

test('check 55: nothing is stored or passed on as a referrer', async () => {
  const { id } = await startReset(http(), person(4));
  for (const path of ['/', `/password-resets/${id}`, `/api/password-resets/${id}`]) {
    const { headers } = await http().get(path);
    expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer']);
    expect([path, headers.get('cache-control')]).toEqual([path, expect.stringContaining('no-store')]);
  }
});

test('check 56: a link that scanners opened fifty times still works once', async () => {
  const { message } = await receiveSecret(http(), person(6), person(6), 'email');
  const { href, id, token } = linkIn(message);
  const { pathname } = new URL(href);
  for (let fetched = 0; fetched < LINK_FETCHES; fetched += 1) {
    const path = fetched % 2 === 0 ? pathname : `/api/password-resets/${id}`;
    const answer = await http().send(['GET', 'HEAD', 'OPTIONS'][fetched % 3]!, path);
    expect(answer.status).toBeLessThan(500);
  }
  expect((await http().get<Flow>(`/api/password-resets/${id}`)).body.step).toBe('follow-link');
  expectStatus(await act(http(), id, 'link', { token }), 200);
  expect((await act(http(), id, 'link', { token })).status).toBe(410);
});

test('check 57: the token travels in the fragment, which no server and no referrer sees', async () => {
  const { message } = await receiveSecret(http(), person(8), person(8), 'email');
  const { href, token } = linkIn(message);
  const url = new URL(href);
  expect(url.search).toBe('');
  expect(url.hash).toBe(`#token=${token}`);
  expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
});

test('check 1: the link\'s handle and its token are different secrets', async () => {
  const { flow, message } = await receiveSecret(http(), person(10), person(10), 'email');
  const { id, token } = linkIn(message);
  expect(new Set([id, token, flow.id]).size).toBe(3);
});
