import type { Page } from 'playwright-core';
import { generateSync } from 'otplib';
import { disabled, mobile, person } from '../support/demo';
import { messagesTo, waitForNewMessage } from '../support/messages';
import { demoPassword } from '../support/sign-in';
import { waitFor } from '../support/wait';
import { useBrowser } from './browser';
import { choose, enrol, enterAddress, enterPassword, firstSignIn, passcodeFrom, signInAgain, verify, type Someone } from './sign-in-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
const PERIOD_S = 30;

const administrator = (): Someone => ({ email: 'admin@lighthouse.example', password: demoPassword(instance()), number: mobile(99) });
const someone = (number: number): Someone => ({ email: person(number), password: demoPassword(instance()), number: mobile(number) });

/** The code that an app with this key shows, `ahead` periods from now: one that was used is not taken again. */
function codeOf(secret: string, ahead = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + ahead * PERIOD_S, period: PERIOD_S });
}

const setupKey = async (page: Page): Promise<string> => (await page.getByLabel('Setup key').innerText()).replace(/\s/g, '');

async function confirmWithPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press(page, 'Continue');
}

async function enterAppCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code from the app').fill(code);
  await press(page, 'Verify');
}

test('lists the sessions of whoever is signed in; one that is ended gives way to the logon, and signing out takes the cookie', async () => {
  const me = someone(1);
  const first = await device();
  await firstSignIn(first, http(), '/', me);
  await heading(first, 'Welcome to the Personal Portal');
  const second = await device();
  await signInAgain(second, http(), '/secure-messaging', me);
  await heading(second, 'Welcome to the Secure Messaging Portal');

  await choose(second, 'User 1', 'Sessions');
  await heading(second, 'Where you are signed in');
  const sessions = second.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await sessions.nth(1).waitFor();
  expect(await sessions.filter({ hasText: 'This session' }).innerText()).toContain('Secure Messaging Portal');
  await second.getByRole('button', { name: /^End the session of/ }).click();
  await sessions.nth(1).waitFor({ state: 'detached' });
  await choose(first, 'User 1', 'Sessions');
  await heading(first, 'Log on to the Personal Portal');

  await choose(second, 'User 1', 'Sign out');
  await heading(second, 'Log on to the Secure Messaging Portal');
  expect(await second.context().cookies()).toEqual([]);
  await second.goto('/account/sessions');
  await heading(second, 'Log on to the Secure Messaging Portal');
});

test('changes the number with the password and a passcode to the old one', async () => {
  const me = someone(3);
  const page = await device();
  await firstSignIn(page, http(), '/', me);
  await choose(page, 'User 3', 'Two Step Authentication');
  await page.getByText('the number ending in 03').waitFor();
  await press(page, 'Change the number');
  await confirmWithPassword(page, 'not my password');
  await page.getByRole('alert').waitFor();
  await verify(page, await passcodeFrom(http(), me.number, () => confirmWithPassword(page, me.password)));
  await heading(page, 'Enter your new number');
  await page.getByLabel('Country').selectOption('US');
  await page.getByLabel('Mobile Phone Number').fill('2025550196');
  await verify(page, await passcodeFrom(http(), mobile(96), () => press(page, 'Next')));
  await heading(page, 'Your number is changed');
  await page.getByRole('link', { name: 'Go back' }).click();
  await page.getByText('the number ending in 96').waitFor();
});

test('sets up an authenticator app, shows recovery codes once, and takes each of them once', async () => {
  const me = someone(5);
  const page = await device();
  await firstSignIn(page, http(), '/', me);
  await choose(page, 'User 5', 'Two Step Authentication');
  await press(page, 'Set up an app');
  await verify(page, await passcodeFrom(http(), me.number, () => confirmWithPassword(page, me.password)));
  await heading(page, 'Set up an authenticator app');
  const secret = await setupKey(page);
  expect(await page.getByRole('link', { name: 'Add the account to the app' }).getAttribute('href')).toContain(`secret=${secret}`);
  await enterAppCode(page, codeOf(secret));
  await heading(page, 'Your authenticator app is set up');
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  await page.reload();
  await heading(page, 'Your authenticator app is set up');
  expect(await page.getByRole('list', { name: 'Recovery codes' }).count()).toBe(0);

  const other = await device();
  await enterAddress(other, '/', me.email);
  await enterPassword(other, me.password);
  await heading(other, 'Enter the code from your app');
  await enterAppCode(other, codeOf(secret, 1));
  await heading(other, 'You are verified');

  const lost = await device();
  for (const [code, accepted] of [[codes[0]!, true], [codes[0]!, false]] as const) {
    await enterAddress(lost, '/secure-messaging', me.email);
    await enterPassword(lost, me.password);
    await heading(lost, 'Enter the code from your app');
    await press(lost, 'Use a recovery code');
    await lost.getByLabel('Recovery Code').fill(code);
    await press(lost, 'Verify');
    if (!accepted) {
      await lost.getByRole('alert').getByText('4 more tries are left.').waitFor();
      continue;
    }
    await heading(lost, 'You are verified');
    expect(await lost.getByRole('list', { name: 'New recovery code' }).getByRole('listitem').allInnerTexts()).not.toContain(code);
    await press(lost, 'Log In');
    await choose(lost, 'User 5', 'Sign out');
    await heading(lost, 'Log on to the Secure Messaging Portal');
  }
});

test('enrols an authenticator app in the place of a number, the first time', async () => {
  const me = someone(7);
  const page = await device();
  await enterAddress(page, '/', me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  await press(page, 'Use an authenticator app instead');
  await heading(page, 'Set up an authenticator app');
  await enterAppCode(page, codeOf(await setupKey(page)));
  await heading(page, 'You are verified');
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await press(page, 'Log In');
  await heading(page, 'Welcome to the Personal Portal');
  expect(await messagesTo(http(), me.number)).toEqual([]);
});

test('checks 43 and 68: an administrator finds users of the account, disables and enables, resets password and second step, and switches applications without another sign-in', async () => {
  const me = someone(9);
  const theirs = await device();
  await firstSignIn(theirs, http(), '/', me);
  await heading(theirs, 'Welcome to the Personal Portal');

  const page = await device();
  await enrol(page, http(), '/console', administrator());
  await press(page, 'Log In');
  await heading(page, 'Users');
  const users = page.getByRole('list', { name: 'Users' }).getByRole('listitem');
  await users.first().waitFor();
  expect(await page.getByRole('list', { name: 'Users' }).innerText()).not.toContain('harbour.example');
  await page.getByLabel('Search by name or address').fill('DISABLED1');
  await page.getByText(/^1 user$/).waitFor();
  expect(await users.innerText()).toContain(disabled);
  await page.getByLabel('Search by name or address').fill(me.email);
  await page.getByRole('link', { name: 'User 9', exact: true }).click();
  await heading(page, 'User 9');

  await press(page, 'Disable');
  await press(page, 'No');
  await press(page, 'Disable');
  await press(page, 'Yes, disable');
  await page.getByText('The user is disabled.').waitFor();
  await choose(theirs, 'User 9', 'Sessions');
  await heading(theirs, 'Log on to the Personal Portal');
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  await press(page, 'Enable');
  await press(page, 'Yes, enable');
  await page.getByText('The user is enabled.').waitFor();

  const known = (await messagesTo(http(), me.email)).length;
  await page.getByLabel('Delivery method').selectOption('email');
  await press(page, 'Send');
  await page.getByText('It is being sent to the user.').waitFor();
  await waitForNewMessage(http(), me.email, known);

  await press(page, 'Reset two-step');
  await press(page, 'Yes, reset two-step');
  await page.getByText('The second step is reset').waitFor();
  await enterAddress(theirs, '/', me.email);
  await enterPassword(theirs, me.password);
  await heading(theirs, 'Enrol in Two Step Authentication');

  await choose(page, 'Applications', 'Connect Application');
  await heading(page, 'There is no onboarding here');
  await choose(page, 'Applications', 'Administration Console');
  await heading(page, 'Users');
});

test('signs out in every tab of a browser, at the latest when one comes back to it', async () => {
  const page = await device();
  await firstSignIn(page, http(), '/', someone(11));
  await heading(page, 'Welcome to the Personal Portal');
  const tab = await page.context().newPage();
  await tab.goto('/account/sessions');
  await heading(tab, 'Where you are signed in');
  await choose(page, 'User 11', 'Sign out');
  await heading(page, 'Log on to the Personal Portal');
  await waitFor(async () => {
    await tab.evaluate('document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))');
    return (await tab.getByRole('heading', { level: 1, name: /^Log on to/ }).count()) > 0 || undefined;
  }, { what: 'the logon in the other tab' });
});
