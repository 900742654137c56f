import { openDatabase } from '../../db/connection';
import { accounts, mobile, nobody, person } from '../support/demo';
import { expectStatus } from '../support/http';
import { askForSecret, receiveSecret } from '../support/journey';
import { codeIn, linkIn, messagesTo, waitForNewMessage } from '../support/messages';
import { useBrowser } from './browser';
import { begin, enterCode, fillPassword, heading, passCaptcha, press, receive, savePassword, typeCaptcha } from './steps';

const { instance, http, device } = useBrowser();

interface Profile {
  readonly id: string;
  readonly passwordResetOptions: Readonly<Record<string, boolean>>;
}

/** The instance, as an operator talks to it. */
async function operator() {
  return http().with({ authorization: `Bearer ${await instance().operatorToken()}`, 'content-type': 'application/json' });
}

/** Puts the end of what was sent to an address in the past: the clock of a running instance cannot be turned. */
async function letExpire(address: string): Promise<void> {
  const db = openDatabase({ DATA_DIR: instance().dataDir });
  try {
    const ids = db('flows').where({ address }).select('id');
    expect(await db('flow_secrets').whereIn('flow_id', ids).update({ expires_at: 1 })).toBe(1);
  } finally {
    await db.destroy();
  }
}

test('check 10: a link that was opened in time and used too late gets a page that says so and offers a new request', async () => {
  const { message } = await receiveSecret(http(), person(2), person(2), 'email');
  const page = await device();
  await page.goto(linkIn(message).href);
  await page.getByRole('button', { name: 'Reset my password' }).waitFor();
  await letExpire(person(2));
  await press(page, 'Reset my password');
  await heading(page, 'This link is too old');
  const late = await device();
  await late.goto(linkIn(message).href);
  await heading(late, 'This link is too old');
  await page.getByRole('link', { name: 'Start a new request' }).click();
  await heading(page, 'Log on to the Personal Portal');
});

test('check 6: a link that a newer request replaced gets a page that says so, also where it was open', async () => {
  const { message } = await receiveSecret(http(), person(4), person(4), 'email');
  const page = await device();
  await page.goto(linkIn(message).href);
  await page.getByRole('button', { name: 'Reset my password' }).waitFor();
  await receiveSecret(http(), person(4), person(4), 'email');
  await heading(page, 'A newer link replaced this one');

  const late = await device();
  await late.goto(linkIn(message).href);
  await heading(late, 'A newer link replaced this one');
  await late.getByRole('link', { name: 'Start a new request' }).waitFor();
});

test('check 43: a link that an administrator triggered leads its reader to a new password', async () => {
  const asOperator = await operator();
  const [user] = expectStatus<{ id: string }[]>(await asOperator.get(`/api/users?email=${person(6)}`), 200);
  const known = (await messagesTo(http(), person(6))).length;
  expectStatus(await asOperator.post(`/api/users/${user!.id}/password-resets`, { method: 'email', application: 'partner-portal' }), 202);
  const page = await device();
  await page.goto(linkIn(await waitForNewMessage(http(), person(6), known)).href);
  await page.getByRole('banner').getByText('Partner Portal').waitFor();
  await press(page, 'Reset my password');
  await savePassword(page);
  await page.getByRole('link', { name: 'Go To Log In' }).click();
  await page.getByRole('button', { name: 'Trouble Logging In' }).waitFor();
});

test('check 23: where self-service is off, known and unknown people read whom to ask, and nothing is sent', async () => {
  const asOperator = await operator();
  const [profile] = expectStatus<Profile[]>(await asOperator.get('/api/authentication-profiles?account=CUS22B2'), 200);
  const { id, ...settings } = profile!;
  const body = JSON.stringify({ ...settings, passwordResetOptions: { ...settings.passwordResetOptions, selfService: false } });
  expectStatus(await asOperator.send('PUT', `/api/authentication-profiles/${id}`, { body }), 200);
  for (const email of [person(1, accounts.harbour), nobody(accounts.harbour)]) {
    const page = await device();
    await begin(page, email);
    await typeCaptcha(page, http());
    await heading(page, 'Ask for help');
    await page.getByText('Ask your administrator: admin@harbour.example.').waitFor();
    expect(await page.getByRole('button', { name: 'Next' }).count()).toBe(0);
  }
  expect(await messagesTo(http(), '+13125550101')).toEqual([]);
});

test('says calmly that the service is away for a moment, keeps what was typed, and goes on with the same button', async () => {
  const page = await device();
  await begin(page, person(9));
  await passCaptcha(page, http());
  const code = codeIn(await receive(page, http(), 'SMS', mobile(9)));
  await heading(page, 'Enter the verification code');
  const problem = { type: `${instance().url}/problems/engine-unavailable`, title: 'The service is busy or being restarted', status: 503, detail: 'Nothing is lost: try the same request again in a moment.' };
  await page.route('**/code', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
  await enterCode(page, code);
  await page.getByRole('alert').getByText('Nothing is lost').waitFor();
  expect(await page.getByLabel('Verification Code').inputValue()).toBe(code);
  await page.unroute('**/code');
  await press(page, 'Continue');
  await heading(page, 'Choose a new password');
});

test('offers to try again where a reset cannot be read, and shows it once it can', async () => {
  const { id } = await askForSecret(http(), person(11), 'sms');
  const page = await device();
  await page.route(`**/api/password-resets/${id}`, (route) => route.abort());
  await page.goto(`/password-resets/${id}`);
  await page.getByRole('alert').getByText('Check your connection').waitFor();
  await page.unroute(`**/api/password-resets/${id}`);
  await press(page, 'Try again');
  await heading(page, 'Enter the verification code');
});

test('check 12: says how many tries are left, and that the reset is closed after the last', async () => {
  const page = await device();
  await begin(page, person(13));
  await passCaptcha(page, http());
  const wrong = codeIn(await receive(page, http(), 'SMS', mobile(13))) === '123456' ? '654321' : '123456';
  for (const left of ['4 more tries are left.', '3 more tries are left.', '2 more tries are left.', 'One more try is left.']) {
    await enterCode(page, wrong);
    await page.getByRole('alert').getByText(left).waitFor();
  }
  await enterCode(page, wrong);
  await heading(page, 'Too many wrong entries');
});

test('check 25: does not send passwords that differ or miss a criterion, and says so at the field', async () => {
  const page = await device();
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/password')) sent.push(request.url());
  });
  await begin(page, person(15));
  await passCaptcha(page, http());
  await enterCode(page, codeIn(await receive(page, http(), 'SMS', mobile(15))));
  await heading(page, 'Choose a new password');
  await fillPassword(page, 'short', 'shorter');
  await press(page, 'Confirm');
  await page.getByText('Not all criteria below are met.').waitFor();
  await page.getByText('Both fields must be the same.').waitFor();
  expect(sent).toEqual([]);
});

test('checks 6 and 68a: a reset that a newer request replaced says so on its page by itself', async () => {
  const { id } = await askForSecret(http(), person(17), 'sms');
  const page = await device();
  await page.goto(`/password-resets/${id}`);
  await heading(page, 'Enter the verification code');
  await askForSecret(http(), person(17), 'sms');
  await heading(page, 'A newer request has replaced this one');
});

test('says what an unknown reset is, and where its new one begins', async () => {
  const page = await device();
  await page.goto('/password-resets/AAAAAAAAAAAAAAAAAAAAAA');
  await heading(page, 'This request is not known');
  await page.getByRole('link', { name: 'Start a new request' }).waitFor();
});
