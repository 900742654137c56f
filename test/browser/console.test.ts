import type { Page } from 'playwright-core';
import { failureKey } from '../../db/sign-in-failures';
import { addressDigest } from '../../security/digests';
import { mobile, person } from '../support/demo';
import { instanceKeys } from '../support/histories';
import { inDatabaseOf } from '../support/instance-database';
import { demoPassword } from '../support/sign-in';
import { useBrowser } from './browser';
import { choose, enterAddress, enterPassword, firstSignIn, signInAgain, type Someone } from './sign-in-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
const administrator = (): Someone => ({ email: 'admin@lighthouse.example', password: demoPassword(instance()), number: mobile(99) });
const someone = (number: number): Someone => ({ email: person(number), password: demoPassword(instance()), number: mobile(number) });

let signedIn = false;
/** A device at which the administrator is in the console. */
async function atConsole(): Promise<Page> {
  const page = await device();
  await (signedIn ? signInAgain : firstSignIn)(page, http(), '/console', administrator());
  signedIn = true;
  await heading(page, 'Users');
  return page;
}

async function openUser(page: Page, email: string, name: string): Promise<void> {
  await page.getByLabel('Search by name or address').fill(email);
  await page.getByText(/^1 user$/).waitFor();
  await page.getByRole('link', { name, exact: true }).click();
  await heading(page, name);
}

test('the users of an account are searched by the server, and shown page by page', async () => {
  const page = await atConsole();
  const users = page.getByRole('list', { name: 'Users' }).getByRole('listitem');
  await page.getByText('50 users shown, and more').waitFor();
  expect(await users.count()).toBe(50);
  await press(page, 'Show more');
  await page.getByText(/^\d+ users$/).waitFor();
  expect(await users.count()).toBeGreaterThan(50);
  await page.getByLabel('Search by name or address').fill('USER 4');
  await page.getByText(/^11 users$/).waitFor();
  expect(await users.filter({ hasText: person(49) }).count()).toBe(1);
  await page.getByLabel('Search by name or address').fill('nobody like that');
  await page.getByText(/^0 users$/).waitFor();
});

test('checks 12 and 28: a locked password is shown and unlocked; another role ends the sessions of whoever gets it', async () => {
  const me = someone(9);
  const theirs = await device();
  await firstSignIn(theirs, http(), '/', me);
  await heading(theirs, 'Welcome to the Personal Portal');
  const key = failureKey.person(addressDigest(instanceKeys(instance()), me.email));
  await inDatabaseOf(instance(), (db) => db('sign_in_failures').insert({ key, total: 100, last_at: Date.now(), locked_until: null }));
  const other = await device();
  await enterAddress(other, '/', me.email);
  await enterPassword(other, me.password);
  await other.getByRole('alert').getByText('too many wrong passwords').waitFor();

  const page = await atConsole();
  await page.getByLabel('Search by name or address').fill(me.email);
  await page.getByRole('listitem').getByText('locked', { exact: true }).waitFor();
  await openUser(page, me.email, 'User 9');
  await page.getByText('until you end it').waitFor();
  await press(page, 'Accept passwords again');
  await page.getByText('The wait is ended.').waitFor();
  await enterPassword(other, me.password);
  await heading(other, 'Enter the passcode');

  await page.getByLabel('Role of the user').selectOption('administrator');
  await press(page, 'Change the role');
  await page.getByText('The role is changed.').waitFor();
  await choose(theirs, 'User 9', 'Sessions');
  await heading(theirs, 'Log on to the Personal Portal');
  expect(await page.getByLabel('Role of the user').locator('option').allInnerTexts()).toEqual(['User', 'Administrator of the account']);
  await page.getByLabel('Role of the user').selectOption('user');
  await press(page, 'Change the role');
  await page.getByText('user', { exact: true }).waitFor();
});

test('the last administrator keeps the role, and the page says why', async () => {
  const page = await atConsole();
  await openUser(page, 'admin@lighthouse.example', 'Administrator');
  await page.getByLabel('Role of the user').selectOption('user');
  await press(page, 'Change the role');
  await page.getByRole('alert').getByText('The account would have no administrator').waitFor();
});
