import { QRCodeSVG } from 'qrcode.react';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { mobile, person } from '../support/demo';
import { inDatabaseOf } from '../support/instance-database';
import { messagesTo } from '../support/messages';
import { demoPassword } from '../support/sign-in';
import { overflow, seriousFindings, useBrowser } from './browser';
import { choose, enrol, enterAddress, enterNumber, enterPassword, passcodeFrom, verify, type Someone } from './sign-in-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
const administrator = (): Someone => ({ email: 'admin@harbour.example', password: demoPassword(instance()), number: '+13125550190' });
const setTwoStep = (twoStep: 'off' | 'sms'): Promise<unknown> => inDatabaseOf(instance(), (db) => db('authentication_profiles').where({ account_code: 'CUS22B2' }).update({ two_step: twoStep }));
const applicationsInUse = (email: string): Promise<string[]> => inDatabaseOf(instance(), (db) => db('sessions').join('users', 'users.id', 'sessions.user_id').where({ email }).whereNull('ended_at').orderBy('sessions.created_at').pluck('application'));

test('checks 58 and 68a: an application that asks for more says so first, and lets in by the step that is missing; where that is enrolled, by the password too', async () => {
  const me = administrator();
  await setTwoStep('off');
  const page = await device();
  await enterAddress(page, '/', me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Welcome to the Personal Portal');
  await choose(page, 'Applications', 'Administration Console');
  await heading(page, 'Users');
  expect(await applicationsInUse(me.email)).toEqual(['administration-console']);

  // The profile asks for more while the console is open: its next request leads to the step.
  await setTwoStep('sms');
  await page.getByRole('link', { name: 'User 1', exact: true }).click();
  await heading(page, 'One more step');
  await page.reload();
  await heading(page, 'One more step');
  await press(page, 'Continue');
  await heading(page, 'Enter your password');
  expect(await page.getByLabel('Email Address').inputValue()).toBe(me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  await verify(page, await passcodeFrom(http(), me.number, () => enterNumber(page, me.number)));
  await heading(page, 'You are verified');
  await press(page, 'Log In');
  await heading(page, 'Users');
  await choose(page, 'Applications', 'Personal Portal');
  await heading(page, 'Welcome to the Personal Portal');
  await choose(page, 'Applications', 'Administration Console');
  await heading(page, 'Users');

  // Another session, by the password alone: the number that is saved is enough, and loading the page sends nothing there.
  await setTwoStep('off');
  const other = await device({ width: 360, judged: true });
  await enterAddress(other, '/', me.email);
  await enterPassword(other, me.password);
  await heading(other, 'Welcome to the Personal Portal');
  const known = (await messagesTo(http(), me.number)).length;
  await other.goto('/console');
  await heading(other, 'One more step');
  await other.reload();
  await heading(other, 'One more step');
  expect([await seriousFindings(other), await overflow(other)]).toEqual([[], 0]);
  expect(await messagesTo(http(), me.number)).toHaveLength(known);
  await verify(other, await passcodeFrom(http(), me.number, () => press(other, 'Continue')));
  await heading(other, 'You are verified');
  await press(other, 'Log In');
  await heading(other, 'Users');
});

test('whoever wants to go where their role does not lead is told after the second step, and goes on where it does', async () => {
  const me: Someone = { email: person(2), password: demoPassword(instance()), number: mobile(2) };
  const page = await device();
  await enterAddress(page, '/console', me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  await verify(page, await passcodeFrom(http(), me.number, () => enterNumber(page, me.number)));
  await heading(page, 'The Administration Console is not open to you');
  await page.getByRole('link', { name: 'Go to the Personal Portal' }).click();
  await heading(page, 'Welcome to the Personal Portal');
  await page.goto('/connect');
  await heading(page, 'The Connect Application is not open to you');
  await press(page, 'Applications');
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Personal Portal', 'Secure Messaging Portal']);
});

test('what is open in a tab stays, wherever another tab goes', async () => {
  const me: Someone = { email: 'admin@lighthouse.example', password: demoPassword(instance()), number: mobile(99) };
  const page = await device();
  await enrol(page, http(), '/console', me);
  await press(page, 'Log In');
  await heading(page, 'Users');
  await page.getByLabel('Search by name or address').fill('user1');
  const tab = await page.context().newPage();
  await tab.goto('/');
  await heading(tab, 'Welcome to the Personal Portal');
  const asked = page.waitForResponse((response) => response.url().endsWith('/api/session') && response.ok());
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))');
  await asked;
  expect(await page.getByLabel('Search by name or address').inputValue()).toBe('user1');
  expect(await applicationsInUse(me.email)).toEqual(['personal-portal']);
});

test('another device that opens a log-in sees whose it is, with the Domain option too', async () => {
  await inDatabaseOf(instance(), (db) => db('accounts').where({ code: 'CUS22B2' }).update({ domain_authentication: true }));
  const me = { ...administrator(), email: 'user3@harbour.example' };
  const page = await device();
  await enterAddress(page, '/', me.email);
  const second = await device();
  await second.goto(page.url());
  await heading(second, 'Enter your password');
  await second.getByLabel('Primary Email Address').waitFor();
  await second.getByLabel('Authentication Type').selectOption('domain');
  expect(await second.getByLabel('Domain Logon').inputValue()).toBe(me.email);
  await second.getByLabel('Password', { exact: true }).fill('whatever');
  await press(second, 'Log In');
  await second.getByRole('alert').getByText('does not answer').waitFor();
  expect(new URL(second.url()).href).not.toContain('harbour');
});

test('an authenticator app is set up by a picture of what the link says, drawn on the page', async () => {
  const me: Someone = { email: person(4), password: demoPassword(instance()), number: mobile(4) };
  const page = await device({ width: 360 });
  await enterAddress(page, '/', me.email);
  await enterPassword(page, me.password);
  await press(page, 'Use an authenticator app instead');
  const picture = page.getByRole('img', { name: 'QR code of the setup key' });
  await picture.waitFor();
  const uri = await page.getByRole('link', { name: 'Add the account to the app' }).getAttribute('href');
  const drawn = [...renderToStaticMarkup(createElement(QRCodeSVG, { value: uri!, marginSize: 4 })).matchAll(/ d="([^"]+)"/g)].map(([, path]) => path);
  expect(await Promise.all((await picture.locator('path').all()).map((path) => path.getAttribute('d')))).toEqual(drawn);
  expect(drawn).toHaveLength(2);
  expect((await picture.boundingBox())!.width).toBeGreaterThan(150);
});
