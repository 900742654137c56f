import type { Page } from 'playwright-core';
import { mobile, person } from '../support/demo';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn } from '../support/messages';
import { useBrowser } from './browser';
import { begin, beginAtSecureMessaging, enterCode, flowId, heading, passCaptcha, press, receive, savePassword } from './steps';

const { http, device } = useBrowser();

/** Everything that a page asks for, and what is set with the answers. */
function watch(page: Page): { methods: string[]; urls: string[]; cookies: string[] } {
  const seen = { methods: [] as string[], urls: [] as string[], cookies: [] as string[] };
  page.on('request', (request) => {
    seen.methods.push(request.method());
    seen.urls.push(request.url(), request.headers().referer ?? '');
  });
  page.on('response', (response) => {
    const cookie = response.headers()['set-cookie'];
    if (cookie !== undefined) seen.cookies.push(cookie);
  });
  return seen;
}

test('checks 26 and 58: resets by a code as the article describes it, sets no cookie and signs nobody in', async () => {
  const page = await device();
  const seen = watch(page);
  await begin(page, person(1));
  await passCaptcha(page, http());
  await page.getByText('Reset Code Delivery Method').waitFor();
  const message = await receive(page, http(), 'SMS', mobile(1));
  const before = flowId(page);
  await enterCode(page, codeIn(message));
  await heading(page, 'Choose a new password');
  expect(flowId(page)).not.toBe(before);
  await savePassword(page);
  await page.getByRole('link', { name: 'Go To Log In' }).click();
  await heading(page, 'Log on to the Personal Portal');
  expect(seen.cookies).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
});

test('offers the reset after "Next" too', async () => {
  const page = await device();
  await page.goto('/');
  await page.getByLabel('Primary Email Address').fill(person(12));
  await press(page, 'Next');
  await press(page, 'Reset Cloud Password');
  await heading(page, 'Show that you are a person');
});

test('checks 56, 57 and 58: a scanner that opens the link changes nothing, its token is in no address, and it works in another browser', async () => {
  const page = await device();
  await begin(page, person(2));
  await passCaptcha(page, http());
  const { href, token } = linkIn(await receive(page, http(), 'Email', person(2)));
  await heading(page, 'Check your mailbox');

  const scanner = await device();
  const scanned = watch(scanner);
  await scanner.goto(href);
  await scanner.getByRole('button', { name: 'Reset my password' }).waitFor();
  expect(new Set(scanned.methods)).toEqual(new Set(['GET']));

  const owner = await device();
  const seen = watch(owner);
  await owner.goto(href);
  await owner.getByRole('button', { name: 'Reset my password' }).waitFor();
  expect(owner.url()).not.toContain(token);
  await owner.reload();
  expect(owner.url()).not.toContain(token);
  await owner.goto('about:blank');
  await owner.goto(href);
  await press(owner, 'Reset my password');
  await savePassword(owner);
  await owner.goBack();
  expect(owner.url()).not.toContain(token);
  expect(seen.urls.filter((url) => url.includes(token)).filter((url) => !url.endsWith(`#token=${token}`))).toEqual([]);
  expect(await owner.context().cookies()).toEqual([]);

  await press(scanner, 'Reset my password');
  await heading(scanner, 'This link was used already');
  await scanner.getByRole('link', { name: 'Start a new request' }).waitFor();
});

test('changes a temporary password at its first use as the article describes it, blanks around it forgiven', async () => {
  const page = await device();
  await beginAtSecureMessaging(page, person(4));
  await passCaptcha(page, http());
  expect(await page.getByLabel('Email', { exact: true }).isChecked()).toBe(true);
  const password = temporaryPasswordIn(await receive(page, http(), 'Email', person(4)));
  await press(page, 'Go To Log In');
  await page.getByLabel('Temporary Password', { exact: true }).fill(`  ${password} `);
  await press(page, 'Log In');
  await savePassword(page);
  await page.getByRole('link', { name: 'Go To Log In' }).click();
  await heading(page, 'Log on to the Secure Messaging Portal');
});

test('takes a temporary password at the logon of another device, which knows the portal it belongs to', async () => {
  const page = await device();
  await beginAtSecureMessaging(page, person(6));
  await passCaptcha(page, http());
  const password = temporaryPasswordIn(await receive(page, http(), 'Email', person(6)));

  const other = await device();
  await other.goto('/secure-messaging');
  await other.getByRole('link', { name: 'I have a temporary password' }).click();
  await other.getByLabel('Logon').fill(person(6));
  await other.getByLabel('Temporary Password', { exact: true }).fill(password);
  await press(other, 'Log In');
  await heading(other, 'Choose a new password');

  const third = await device();
  await third.goto(other.url());
  await heading(third, 'Choose a new password');
  await third.getByRole('banner').getByText('Secure Messaging Portal').waitFor();
  await savePassword(other);
  await heading(third, 'Your password is saved');
});

test('check 68a: survives a reload, which sends nothing, and moves on by itself where a second device goes on', async () => {
  const page = await device();
  await begin(page, person(3));
  await page.reload();
  await heading(page, 'Show that you are a person');
  await passCaptcha(page, http());

  const second = await device();
  await second.goto(page.url());
  await heading(second, 'Choose a delivery method');
  const message = await receive(page, http(), 'SMS', mobile(3));
  await heading(second, 'Enter the verification code');
  await page.reload();
  await heading(page, 'Enter the verification code');
  expect(await messagesTo(http(), mobile(3))).toHaveLength(1);
  await enterCode(second, codeIn(message));
  await savePassword(second);
});

test('moves on by itself when the workflow ends elsewhere', async () => {
  const page = await device();
  await begin(page, person(5));
  await passCaptcha(page, http());
  await enterCode(page, codeIn(await receive(page, http(), 'SMS', mobile(5))));
  await heading(page, 'Choose a new password');

  const second = await device();
  await second.goto(page.url());
  await press(second, 'Cancel this reset');
  await heading(page, 'This reset was cancelled');
  await page.getByText('Your password has not been changed.').waitFor();
});

test('shows the end of a cancelled reset and offers a new one', async () => {
  const page = await device();
  await begin(page, person(7));
  await press(page, 'Cancel this reset');
  await heading(page, 'This reset was cancelled');
  await page.getByRole('link', { name: 'Start a new request' }).click();
  await heading(page, 'Log on to the Personal Portal');
});

test('lets the device solve the captcha for who cannot read the picture', async () => {
  const page = await device();
  await begin(page, person(8));
  await press(page, "I can't read the picture");
  await heading(page, 'Choose a delivery method');
});
