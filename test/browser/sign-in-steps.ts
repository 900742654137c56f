import type { Page } from 'playwright-core';
import type { Http } from '../support/http';
import type { Instance } from '../support/instance';
import { codeIn, messagesTo, waitForNewMessage } from '../support/messages';
import { browserOfUser } from '../support/sessions';
import { heading, press } from './steps';

/** The address of a sign-in's page. */
export const SIGN_IN = /\/sign-ins\/[\w-]+$/;

/** A portal's logon: the address, then Next. */
export async function enterAddress(page: Page, path: string, email: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel(/^(Primary )?Email Address$|^Logon$/).fill(email);
  await press(page, 'Next');
  await heading(page, 'Enter your password');
}

/** Authentication type and password. */
export async function enterPassword(page: Page, password: string, authenticationType = 'Cloud'): Promise<void> {
  await page.getByLabel('Authentication Type').selectOption({ label: authenticationType });
  await page.getByLabel('Password', { exact: true }).fill(password);
  await press(page, 'Log In');
}

/** Does what sends a passcode, and waits for it. */
export async function passcodeFrom(http: Http, number: string, send: () => Promise<void>): Promise<string> {
  const known = (await messagesTo(http, number)).length;
  await send();
  return codeIn(await waitForNewMessage(http, number, known));
}

/** The number to enrol, without the code of the United States. */
export async function enterNumber(page: Page, e164: string): Promise<void> {
  await page.getByLabel('Country').selectOption('US');
  await page.getByLabel('Mobile Phone Number').fill(e164.replace('+1', ''));
  await press(page, 'Next');
}

export async function verify(page: Page, passcode: string): Promise<void> {
  await heading(page, 'Enter the passcode');
  await page.getByLabel('Passcode', { exact: true }).fill(passcode);
  await press(page, 'Verify');
}

/** Who signs in, with what. */
export interface Someone {
  readonly email: string;
  readonly password: string;
  readonly number: string;
}

/** From the address to "Log In", the first time, with a number enrolled on the way. */
export async function enrol(page: Page, http: Http, path: string, { email, password, number }: Someone): Promise<void> {
  await enterAddress(page, path, email);
  await enterPassword(page, password);
  await heading(page, 'Enrol in Two Step Authentication');
  await verify(page, await passcodeFrom(http, number, () => enterNumber(page, number)));
  await heading(page, 'You are verified');
}

/** The same, into the application. */
export async function firstSignIn(page: Page, http: Http, path: string, someone: Someone): Promise<void> {
  await enrol(page, http, path, someone);
  await press(page, 'Log In');
}

/** Signs in again: the passcode goes to the saved number. */
export async function signInAgain(page: Page, http: Http, path: string, { email, password, number }: Someone): Promise<void> {
  await enterAddress(page, path, email);
  await verify(page, await passcodeFrom(http, number, () => enterPassword(page, password)));
  await heading(page, 'You are verified');
  await press(page, 'Log In');
}

/** Signs somebody in without the steps to it: for what a session opens. */
export async function signIn(page: Page, instance: Instance, http: Http, email: string): Promise<void> {
  const [name, value] = (await browserOfUser(instance, http, email)).always.cookie!.split('=') as [string, string];
  await page.context().addCookies([{ name, value, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
}

/** Opens a menu of the header and chooses from it. */
export async function choose(page: Page, menu: string, item: string): Promise<void> {
  await press(page, menu);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}
