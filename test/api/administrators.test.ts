import { mobile, person } from '../support/demo';
import { expectStatus, problemSlug, type Http } from '../support/http';
import { act } from '../support/journey';
import { linkIn, messagesTo, waitForMessage } from '../support/messages';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();
let operator: Http;

beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface User {
  readonly id: string;
  readonly email: string;
}

async function userId(email: string): Promise<string> {
  const answer = await operator.get<User[] | { users: User[] }>(`/api/users?account=CEU11A1&email=${encodeURIComponent(email)}`);
  const found = expectStatus<User[] | { users: User[] }>(answer, 200);
  return (Array.isArray(found) ? found : found.users).find((user) => user.email === email)!.id;
}

test('check 43: by e-mail the administrator gets no handle and no secret', async () => {
  const id = await userId(person(2));
  const answer = await operator.post(`/api/users/${id}/password-resets`, { method: 'email' });
  expect(expectStatus(answer, 202)).toEqual({ requested: true, method: 'email' });
  const link = linkIn(await waitForMessage(http(), person(2)));
  expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(link.id);
  expect((await act(http(), link.id, 'link', { token: link.token })).status).toBe(200);
});

test('check 43: by SMS an invitation goes, and no code until the person asks', async () => {
  const id = await userId(person(1));
  const answer = await operator.post(`/api/users/${id}/password-resets`, { method: 'sms' });
  expect(expectStatus(answer, 202)).toEqual({ requested: true, method: 'sms' });
  const invitation = await waitForMessage(http(), mobile(1));
  expect(invitation.text).not.toMatch(/(?<!\d)\d{6}(?!\d)/);
  expect(await messagesTo(http(), mobile(1))).toHaveLength(1);
});

test.each(['/api/users?account=CEU11A1', '/api/groups', '/api/authentication-profiles'])('%s is for operators only', async (path) => {
  expect([401, 403]).toContain((await http().get(path)).status);
  expect([401, 403]).toContain((await http().with({ authorization: 'Bearer wrong' }).get(path)).status);
  expect((await operator.get(path)).status).toBe(200);
});

test('a reset for somebody is for operators only', async () => {
  const id = await userId(person(4));
  expect([401, 403]).toContain((await http().post(`/api/users/${id}/password-resets`, { method: 'email' })).status);
  expect(problemSlug(await operator.post('/api/users/nobody/password-resets', { method: 'email' }), 404)).toMatch(/not-found$/);
});

test('check 68: disabling somebody cancels the reset that is under way', async () => {
  const id = await userId(person(6));
  expectStatus(await operator.post(`/api/users/${id}/password-resets`, { method: 'email' }), 202);
  const link = linkIn(await waitForMessage(http(), person(6)));
  expect((await operator.post(`/api/users/${id}/disable`, {})).status).toBeLessThan(300);
  expect((await act(http(), link.id, 'link', { token: link.token })).status).toBe(410);
  expect((await operator.post(`/api/users/${id}/enable`, {})).status).toBeLessThan(300);
});
