import type { Browser, BrowserContext, Page } from 'playwright-core';
import { mobile, person } from '../support/demo';
import { captchaAnswer, newPassword } from '../support/journey';
import { codeIn, linkIn, messagesTo, temporaryPasswordIn, waitForNewMessage, type ReceivedMessage } from '../support/messages';
import { useInstance } from '../support/use-instance';
import { openBrowser, openDevice, overflow, seriousFindings } from './browser';

const FLOW = /\/password-resets\/[\w-]+$/;
const { instance, http } = useInstance();
let browser: Browser;
const devices: BrowserContext[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});
afterAll(() => browser?.close());

async function device(width?: number): Promise<Page> {
  const context = await openDevice(browser, instance().url, width);
  devices.push(context);
  return context.newPage();
}

const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const flowId = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1)!;

async function begin(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Primary E-mail Address').fill(email);
  await press(page, 'Next');
  await press(page, 'Reset Cloud Password');
  await heading(page, 'Show that you are a person');
}

async function passCaptcha(page: Page): Promise<void> {
  await page.getByLabel('Captcha').fill(await captchaAnswer(http(), flowId(page)));
  await press(page, 'Reset Password');
  await heading(page, 'Choose the delivery');
}

/** Chooses a method and waits for what it sends. */
async function receive(page: Page, method: 'SMS' | 'E-mail', to: string): Promise<ReceivedMessage> {
  const known = (await messagesTo(http(), to)).length;
  await page.getByLabel(method, { exact: true }).check();
  await press(page, 'Next');
  return waitForNewMessage(http(), to, known);
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Verification Code').fill(code);
  await press(page, 'Continue');
  await heading(page, 'Choose a new password');
}

async function fillPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New Password', { exact: true }).fill(password);
  await page.getByLabel('Confirm New Password', { exact: true }).fill(password);
}

async function savePassword(page: Page): Promise<void> {
  await fillPassword(page, newPassword());
  await press(page, 'Confirm');
  await heading(page, 'Your password is saved');
}

test('resets by a code of a text message, with live criteria and no sign-in at the end (check 26)', async () => {
  const page = await device();
  await begin(page, person(1));
  await passCaptcha(page);
  const message = await receive(page, 'SMS', mobile(1));
  const before = flowId(page);
  await enterCode(page, codeIn(message));
  expect(flowId(page)).not.toBe(before);

  const met = (label: string) => page.getByRole('listitem').filter({ hasText: label }).getAttribute('data-met');
  await page.getByLabel('New Password', { exact: true }).fill('short');
  expect(await met('At least')).toBe('false');
  expect(await page.getByRole('img', { name: 'Not met:' }).count()).toBeGreaterThan(0);
  await fillPassword(page, newPassword());
  expect(await met('At least')).toBe('true');
  expect(await page.getByRole('img', { name: 'Not met:' }).count()).toBe(0);
  await press(page, 'Confirm');
  await heading(page, 'Your password is saved');
  await page.getByRole('link', { name: 'Go To Log In' }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test('does nothing when a scanner opens the link, and says on the second use that it was used (checks 56 and 57)', async () => {
  const page = await device();
  await begin(page, person(2));
  await passCaptcha(page);
  const { href, token } = linkIn(await receive(page, 'E-mail', person(2)));
  await heading(page, 'Look into your mailbox');

  const scanner = await device();
  const posts: string[] = [];
  scanner.on('request', (request) => {
    if (request.method() !== 'GET') posts.push(request.url());
  });
  await scanner.goto(href);
  await scanner.getByRole('button', { name: 'Reset my password' }).waitFor();
  expect(scanner.url()).not.toContain(token);
  expect(posts).toEqual([]);

  const owner = await device();
  await owner.goto(href);
  await press(owner, 'Reset my password');
  await heading(owner, 'Choose a new password');
  await savePassword(owner);

  await press(scanner, 'Reset my password');
  await heading(scanner, 'This link was used already');
  await scanner.getByRole('link', { name: 'Start a new request' }).waitFor();
});

test('changes a temporary password at its first use, blanks around it forgiven', async () => {
  const page = await device();
  await page.goto('/secure-messaging');
  await press(page, 'Forgot Your Password?');
  await page.getByLabel('Logon').fill(person(4));
  await press(page, 'Reset Password');
  await passCaptcha(page);
  const password = temporaryPasswordIn(await receive(page, 'E-mail', person(4)));
  await press(page, 'Go To Log In');
  await page.getByLabel('Temporary Password', { exact: true }).fill(`  ${password} `);
  await press(page, 'Log In');
  await heading(page, 'Choose a new password');
  await savePassword(page);
});

test('takes a temporary password at the logon of another device', async () => {
  const page = await device();
  await page.goto('/secure-messaging');
  await press(page, 'Forgot Your Password?');
  await page.getByLabel('Logon').fill(person(6));
  await press(page, 'Reset Password');
  await passCaptcha(page);
  const password = temporaryPasswordIn(await receive(page, 'E-mail', person(6)));

  const other = await device();
  await other.goto('/secure-messaging/log-in');
  await other.getByLabel('Logon').fill(person(6));
  await other.getByLabel('Temporary Password', { exact: true }).fill(password);
  await press(other, 'Log In');
  await savePassword(other);
});

test('survives a reload, and moves on by itself where a second device goes on', async () => {
  const page = await device();
  await begin(page, person(3));
  await page.reload();
  await heading(page, 'Show that you are a person');
  await passCaptcha(page);

  const second = await device();
  await second.goto(page.url());
  await heading(second, 'Choose the delivery');
  const message = await receive(page, 'SMS', mobile(3));
  await heading(second, 'Enter the verification code');
  await page.reload();
  await heading(page, 'Enter the verification code');
  expect(await messagesTo(http(), mobile(3))).toHaveLength(1);
  await enterCode(second, codeIn(message));
  await savePassword(second);
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
  await heading(page, 'Choose the delivery');
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling on any step, %i px wide', async (width) => {
  const page = await device(width);
  const judge = async () => {
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  };
  const number = width === 360 ? 9 : 11;
  await page.goto('/');
  await heading(page, 'Log on to the Personal Portal');
  await judge();
  await begin(page, person(number));
  await judge();
  await page.getByLabel('Captcha').fill('wrong');
  await press(page, 'Reset Password');
  await page.getByRole('alert').waitFor();
  await judge();
  await passCaptcha(page);
  await judge();
  const message = await receive(page, 'SMS', mobile(number));
  await heading(page, 'Enter the verification code');
  await judge();
  await enterCode(page, codeIn(message));
  await fillPassword(page, 'short');
  await judge();
  await savePassword(page);
  await judge();
});

test.each(['/login-issues', '/problems/link-used', '/secure-messaging', '/secure-messaging/log-in', '/partner', '/connect', '/console'])('has no serious finding of axe at %s', async (path) => {
  const page = await device(360);
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test('takes the focus to the heading of each step, and can be used by keyboard alone', async () => {
  const page = await device();
  await page.goto('/');
  await page.getByLabel('Primary E-mail Address').fill(person(10));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Reset Cloud Password' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(FLOW);
  await page.waitForFunction('document.activeElement?.tagName === "H1"');
  await page.getByLabel('Captcha').fill(await captchaAnswer(http(), flowId(page)));
  await page.keyboard.press('Enter');
  await page.waitForFunction('document.activeElement?.textContent === "Choose the delivery"');
});
