import { streamedFrom } from '../support/events';
import { decodedHistories } from '../support/histories';
import { expectStatus, problemSlug, type Flow, type Http } from '../support/http';
import { newPassword } from '../support/journey';
import { waitForMessage } from '../support/messages';
import { browserOf, enterPassword, passcodeAfter, take, type SignedIn } from '../support/sign-in';
import { useInstance } from '../support/use-instance';

const { http, instance } = useInstance();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

interface Onboarding extends Flow {
  readonly details: { readonly tasks: readonly { readonly name: string; readonly version: number; readonly draft: unknown; readonly updatedBy: string | null }[] };
}

let numbers = 0;
const supplied: string[] = [];

/** Creates an account and signs its administrator in with what the e-mail says: enrolment, forced change, and the application. */
async function enter(name: string): Promise<SignedIn & { readonly code: string }> {
  numbers += 1;
  const code = `PEOP${numbers}`;
  const contact = `${name.toLowerCase()}@${code.toLowerCase()}.example`;
  expectStatus(await operator.post('/api/accounts', { code, name: 'Beacon', region: 'eu', administrator: { email: contact, name }, subscriptions: [] }), 201);
  const { text } = await waitForMessage(http(), contact);
  const [logon, given] = [/^Logon: (\S+)$/m.exec(text)![1]!, /^Password: (\S+)$/m.exec(text)![1]!];
  supplied.push(given);
  const number = `+141555501${String(numbers).padStart(2, '0')}`;
  const { id } = await enterPassword(http(), logon, given, 'connect');
  const { code: passcode } = await passcodeAfter(http(), number, async () => expectStatus(await take(http(), id, 'phone', { number }), 200));
  expect(expectStatus<Flow>(await take(http(), id, 'passcode', { code: passcode }), 200).step).toBe('change-password');
  const password = newPassword();
  return { ...browserOf(http(), await take(http(), id, 'new-password', { password, confirmation: password })), code };
}

const put = (browser: Http, path: string, body: unknown) => browser.send<Onboarding>('PUT', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const taskIn = (onboarding: Onboarding, name: string) => onboarding.details.tasks.find((task) => task.name === name)!;

test('checks 41 and 42: the supplied password leads over a second step and a forced change to the welcome page', async () => {
  const ada = await enter('Ada');
  expect(expectStatus<Onboarding>(await ada.http.get(`/api/onboardings/${ada.code}`), 200)).toMatchObject({ step: 'welcome', details: { welcome: { title: 'Welcome to the Connect Application' } } });
  expectStatus(await ada.http.post(`/api/onboardings/${ada.code}/tasks/details/start`, {}), 200);
  const saved = expectStatus<Onboarding>(await put(ada.http, `/api/onboardings/${ada.code}/tasks/details/draft`, { version: 0, draft: { company: 'Beacon' } }), 200);
  expect(taskIn(saved, 'details')).toMatchObject({ updatedBy: 'Ada', version: 1 });
  expect(saved.step).toBe('details');
});

test('another account is not there for an administrator, and no operator\'s part is theirs', async () => {
  const [ada, ben] = [await enter('Ada'), await enter('Ben')];
  expect(problemSlug(await ada.http.get(`/api/onboardings/${ben.code}`), 404)).toBe('not-found');
  expect(problemSlug(await ada.http.get(`/api/onboardings/${ben.code}/events`), 404)).toBe('not-found');
  expect(problemSlug(await ada.http.post(`/api/onboardings/${ben.code}/tasks/details/start`, {}), 404)).toBe('not-found');
  expect(problemSlug(await put(ada.http, `/api/onboardings/${ada.code}/discontinuation`, { date: '2099-01-31' }), 403)).toBe('forbidden');
  expect(problemSlug(await ada.http.get('/api/onboardings'), 403)).toBe('forbidden');
  expect(expectStatus<Onboarding>(await ben.http.get(`/api/onboardings/${ben.code}`), 200).step).toBe('welcome');
});

test('check 58: what another site sends with the cookie is refused', async () => {
  const ada = await enter('Ada');
  const from = ada.http.with({ origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' });
  expect(problemSlug(await from.post(`/api/onboardings/${ada.code}/tasks/details/start`, {}), 403)).toBe('cross-site-request');
  expect(problemSlug(await put(from, `/api/onboardings/${ada.code}/tasks/details/draft`, { version: 0, draft: {} }), 403)).toBe('cross-site-request');
});

test('a stream ends with the session that it was opened with', async () => {
  const ada = await enter('Ada');
  const seen: string[] = [];
  let opened: () => void = () => undefined;
  const open = new Promise<void>((resolve) => (opened = resolve));
  const following = streamedFrom<Onboarding>(ada.http, `/api/onboardings/${ada.code}/events`, (flow) => {
    seen.push(flow.step);
    opened();
    return false;
  });
  await open;
  expectStatus(await ada.http.send('DELETE', '/api/session'), 204);
  await following;
  expectStatus(await operator.post(`/api/onboardings/${ada.code}/tasks/details/start`, {}), 200);
  expect(seen).toEqual(['welcome']);
});

test('check 8: no supplied password and nothing that was entered is in a history or a log', async () => {
  const ada = await enter('Ada');
  expectStatus(await ada.http.post(`/api/onboardings/${ada.code}/tasks/details/start`, {}), 200);
  const draft = { company: 'Secret Company', contacts: [{ name: 'Ada', email: 'ada@beacon.example' }], timeZone: 'Europe/Berlin', notices: ['entered@beacon.example'] };
  expectStatus(await put(ada.http, `/api/onboardings/${ada.code}/tasks/details/draft`, { version: 0, draft }), 200);
  expectStatus(await ada.http.post(`/api/onboardings/${ada.code}/tasks/details/submit`, { version: 1 }), 200);
  const histories = (await decodedHistories(instance())).map(({ workflowId, text }) => `${workflowId}\n${text}`).join('\n');
  expect(histories).toContain('"task":"details"');
  for (const text of [histories, instance().output()]) {
    for (const entered of [...supplied, 'Secret Company', 'entered@beacon.example']) expect(text.includes(entered)).toBe(false);
  }
});
