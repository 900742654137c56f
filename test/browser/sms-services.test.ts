import type { Page } from 'playwright-core';
import { beaconNumber } from '../../dev/demo-beacon';
import { codeIn, messagesTo, waitForMessage } from '../support/messages';
import { proveBySms } from '../support/journey';
import { demoPassword } from '../support/sign-in';
import { waitFor } from '../support/wait';
import { judge, useBrowser } from './browser';
import { choose, firstSignIn, signIn, type Someone } from './sign-in-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser({ SMS_SEGMENT_PRICES: 'US=0.02,GB=0.04' });
const user = (number: number): Someone => ({ email: `user${number}@beacon.example`, password: demoPassword(instance()), number: beaconNumber(number) });

/** A device on which the administrator is signed in. */
async function openConsole(page: Page): Promise<void> {
  await signIn(page, instance(), http(), 'admin@beacon.example');
  await page.goto('/console');
  await heading(page, 'Users');
}

/** The confirmation texts that came to a number. */
const confirmations = async (number: number) => (await messagesTo(http(), beaconNumber(number))).filter(({ text }) => text.includes('reply YES'));

/** Answers as a person, on the phone's page. */
async function answer(phone: Page, number: string, body: string): Promise<void> {
  await phone.goto(`/dev/inbox?to=${encodeURIComponent(number)}`);
  const field = phone.getByLabel(`Answer as ${number}`);
  await field.fill(body);
  await field.press('Enter');
  await phone.getByText(`Answer of ${number} delivered.`).waitFor();
}

async function openTextMessages(page: Page, me: Someone): Promise<void> {
  await firstSignIn(page, http(), '/', me);
  await page.getByRole('link', { name: 'Your Text Messages' }).click();
  await heading(page, 'Your Text Messages');
}

test('somebody subscribes with the code, ends it, and is subscribed again by START from the phone', async () => {
  const me = user(301);
  const page = await device();
  await openTextMessages(page, me);
  await page.getByText('Texts go to +1 718 555 0100.').waitFor();
  await press(page, 'Subscribe');
  const text = await waitForMessage(http(), me.number, ({ text: body }) => body.includes('reply YES'));
  await page.getByLabel('Code from the text message').fill(codeIn(text));
  await press(page, 'Verify');
  await page.getByText('Subscribed', { exact: true }).waitFor();
  await press(page, 'Unsubscribe');
  await page.getByText('You ended it.').waitFor();
  await page.getByText('Send START from your phone').waitFor();
  const phone = await device();
  await answer(phone, me.number, 'START');
  await page.reload();
  await page.getByText('Subscribed', { exact: true }).waitFor();
});

test('a reply of YES on the phone moves the page on by itself; one confirmation text is all that is sent', async () => {
  const me = user(302);
  const page = await device();
  await openTextMessages(page, me);
  await press(page, 'Subscribe');
  await waitFor(async () => (await confirmations(302))[0], { what: 'the confirmation text' });
  await page.getByText('The text message was sent.').waitFor();
  const phone = await device();
  await answer(phone, me.number, 'Yes');
  await page.getByText('Subscribed', { exact: true }).waitFor();
  expect(await confirmations(302)).toHaveLength(1);
});

test('without SMS Services the page says why', async () => {
  const page = await device();
  await openTextMessages(page, { email: 'user9@lighthouse.example', password: demoPassword(instance()), number: '+12025550109' });
  await page.getByText('Your organisation has no SMS Services').waitFor();
  expect(await page.getByRole('button', { name: 'Subscribe' }).count()).toBe(0);
});

test('an administrator looks up another attribute, sees what its numbers are worth, and finds it in Account Settings', async () => {
  const page = await device();
  await openConsole(page);
  await choose(page, 'Administration', 'SMS Dashboard');
  await heading(page, 'SMS Dashboard');
  await page.getByRole('link', { name: 'Change Attribute' }).click();
  await heading(page, 'Change Attribute');
  await page.getByRole('region', { name: 'Today: Mobile number' }).getByText('461 of 461 values looked at').waitFor();
  await press(page, 'Lookup');
  await page.getByLabel('Name of the attribute').fill('Pager');
  await press(page, 'Define');
  await press(page, 'Select Pager');
  await page.getByRole('region', { name: 'After the change: Pager' }).getByText('0 of 0 values looked at').waitFor();
  await press(page, 'Save and Exit');
  await heading(page, 'SMS Dashboard');
  await page.getByRole('region', { name: 'SMS attribute' }).getByText('Pager (pager)').waitFor();
  await choose(page, 'Administration', 'Account Settings');
  await heading(page, 'Account Settings');
  await page.getByText('Pager (pager)').waitFor();
  await page.goto('/console/sms-dashboard/attribute');
  await press(page, 'Lookup');
  await press(page, 'Select Mobile number');
  await press(page, 'Save and Exit');
  await page.getByRole('region', { name: 'SMS attribute' }).getByText('Mobile number (mobile)').waitFor();
});

test('the dashboard shows what texts are estimated to cost by the countries that they went to', async () => {
  const page = await device();
  await proveBySms(http(), user(21).email, user(21).number);
  await openConsole(page);
  await choose(page, 'Administration', 'SMS Dashboard');
  const messages = page.getByRole('region', { name: 'Messages', exact: true });
  await messages.getByText('0.0083 USD (United States: 0.02, United Kingdom: 0.04)').waitFor();
  const fact = (name: string) => messages.locator('dl > div').filter({ hasText: name }).locator('dd').textContent();
  const segments = Number(await fact('Segments'));
  expect(segments).toBeGreaterThan(0);
  expect(await fact('Estimated cost')).toBe(`$${(segments * 0.02).toFixed(2)}`);
});

test('an administrator invites a user by e-mail, who accepts on the page', async () => {
  const page = await device();
  await openConsole(page);
  await page.getByLabel('Search by name or address').fill('user303@');
  await page.getByRole('link', { name: 'User 303' }).click();
  await press(page, 'Invite by e-mail');
  await page.getByText('The user is invited.').waitFor();
  expect((await waitForMessage(http(), user(303).email)).subject).toContain('Continuity Notices');
  expect(await confirmations(303)).toEqual([]);
  const own = await device();
  await signIn(own, instance(), http(), user(303).email);
  await own.goto('/account/text-messages');
  await own.getByText('Your administrator invites you.').waitFor();
  await press(own, 'Subscribe');
  await waitFor(async () => (await confirmations(303))[0], { what: 'the confirmation text' });
});

test('numbers are verified with a default country, exported, and corrected only when that is confirmed', async () => {
  const page = await device();
  await openConsole(page);
  await choose(page, 'Administration', 'SMS Dashboard');
  const section = page.getByRole('region', { name: 'Verifying Numbers' });
  await section.getByLabel('Default country').selectOption('US');
  await press(page, 'Verify Numbers');
  await section.getByText('461 of 461 values looked at').waitFor();
  await section.getByRole('region', { name: 'Proposals' }).getByText(/^\+1718555/).first().waitFor();
  await section.getByRole('region', { name: 'Not usable' }).getByText('see stationery').first().waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), section.getByRole('link', { name: /CSV/ }).click()]);
  expect(file.suggestedFilename()).toMatch(/^numbers-.*\.csv$/);
  await press(page, 'Apply proposals');
  await press(page, 'Yes, apply proposals');
  await section.getByText('80 values were written in long format.').waitFor();
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling on the pages of texts, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  await proveBySms(http(), user(20).email, user(20).number);
  await openConsole(page);
  for (const [path, title] of [['/console/sms-dashboard', 'SMS Dashboard'], ['/console/account-settings', 'Account Settings'], ['/console/sms-dashboard/attribute', 'Change Attribute'], ['/account/text-messages', 'Your Text Messages']] as const) {
    await page.goto(path);
    await heading(page, title);
    if (path === '/console/sms-dashboard') {
      await press(page, 'Verify Numbers');
      await page.getByText('461 of 461 values looked at').waitFor();
      await page.getByRole('img', { name: /Texts by day/ }).waitFor();
    }
    if (title === 'Change Attribute') {
      await page.getByText('461 of 461 values looked at').waitFor();
      await press(page, 'Lookup');
      await page.getByRole('dialog').waitFor();
    }
    await judge(page);
  }
});
