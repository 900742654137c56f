import type { Page } from 'playwright-core';
import type { Http } from '../support/http';
import { captchaAnswer, newPassword } from '../support/journey';
import { messagesTo, waitForNewMessage, type ReceivedMessage } from '../support/messages';

/** The address of a flow's page. */
export const FLOW = /\/password-resets\/[\w-]+$/;

export const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

/** The handle in a page's address. */
export const flowId = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1)!;

/** Personal Portal: the address, then "Reset Cloud Password". */
export async function begin(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Primary Email Address').fill(email);
  await press(page, 'Reset Cloud Password');
  await heading(page, 'Show that you are a person');
}

/** Secure Messaging Portal: the logon, "Forgot Your Password?", "Reset Password". */
export async function beginAtSecureMessaging(page: Page, email: string): Promise<void> {
  await page.goto('/secure-messaging');
  await page.getByLabel('Logon').fill(email);
  await press(page, 'Forgot Your Password?');
  await press(page, 'Reset Password');
  await heading(page, 'Show that you are a person');
}

export async function typeCaptcha(page: Page, http: Http): Promise<void> {
  await page.getByLabel('Captcha').fill(await captchaAnswer(http, flowId(page)));
  await press(page, 'Reset Password');
}

export async function passCaptcha(page: Page, http: Http): Promise<void> {
  await typeCaptcha(page, http);
  await heading(page, 'Choose a delivery method');
}

/** Chooses a method and waits for what it sends. */
export async function receive(page: Page, http: Http, method: 'SMS' | 'Email', to: string): Promise<ReceivedMessage> {
  const known = (await messagesTo(http, to)).length;
  await page.getByLabel(method, { exact: true }).check();
  await press(page, 'Next');
  return waitForNewMessage(http, to, known);
}

export async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Verification Code').fill(code);
  await press(page, 'Continue');
}

export async function fillPassword(page: Page, password: string, confirmation = password): Promise<void> {
  await page.getByLabel('New Password', { exact: true }).fill(password);
  await page.getByLabel('Confirm New Password', { exact: true }).fill(confirmation);
}

export async function savePassword(page: Page, password = newPassword()): Promise<void> {
  await heading(page, 'Choose a new password');
  await fillPassword(page, password);
  await press(page, 'Confirm');
  await heading(page, 'Your password is saved');
}
