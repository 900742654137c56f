import type { Page } from 'playwright-core';
import { evaluatePassword, type PasswordPolicy } from '../../domain/password-policy';
import { mobile, person } from '../support/demo';
import { expectStatus, type Problem } from '../support/http';
import { act, getFlow, newPassword } from '../support/journey';
import { codeIn } from '../support/messages';
import { waitFor } from '../support/wait';
import { useBrowser } from './browser';
import { begin, beginAtSecureMessaging, enterCode, fillPassword, flowId, heading, passCaptcha, press, receive } from './steps';

const { http, device } = useBrowser();

async function atNewPassword(number: number): Promise<Page> {
  const page = await device();
  await begin(page, person(number));
  await passCaptcha(page, http());
  await enterCode(page, codeIn(await receive(page, http(), 'SMS', mobile(number))));
  await heading(page, 'Choose a new password');
  return page;
}

const field = (page: Page) => page.getByLabel('New Password', { exact: true });
const confirmation = (page: Page) => page.getByLabel('Confirm New Password', { exact: true });

test('check 38: passwords can be pasted, shown and filled by a manager', async () => {
  const page = await atNewPassword(1);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const password = newPassword();
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(password)})`);
  for (const input of [field(page), confirmation(page)]) {
    expect(await input.getAttribute('autocomplete')).toBe('new-password');
    expect(await input.getAttribute('maxlength')).toBeNull();
    await input.focus();
    await page.keyboard.press('Control+V');
    await waitFor(async () => (await input.inputValue()) === password || undefined, { what: 'the pasted password' });
    expect(await input.getAttribute('type')).toBe('password');
  }
  await press(page, 'Show or hide the new password');
  expect(await field(page).getAttribute('type')).toBe('text');
  await press(page, 'Show or hide the new password');
  expect(await field(page).getAttribute('type')).toBe('password');
  await press(page, 'Confirm');
  await heading(page, 'Your password is saved');
});

test('check 38: address, code and temporary password say to a manager what they are', async () => {
  const page = await device();
  await page.goto('/');
  expect(await page.getByLabel('Primary Email Address').getAttribute('autocomplete')).toBe('username');
  await begin(page, person(3));
  await passCaptcha(page, http());
  await receive(page, http(), 'SMS', mobile(3));
  const code = page.getByLabel('Verification Code');
  expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
  expect(await code.getAttribute('inputmode')).toBe('numeric');
  await beginAtSecureMessaging(page, person(2));
  await passCaptcha(page, http());
  await receive(page, http(), 'Email', person(2));
  await press(page, 'Go To Log In');
  expect(await page.getByLabel('Temporary Password', { exact: true }).getAttribute('autocomplete')).toBe('current-password');
});

/** Each criterion as the page shows it: its words, and whether it has a tick. */
async function shown(page: Page): Promise<[label: string, met: boolean][]> {
  const items = await page.getByRole('list', { name: 'What your new password must be like' }).getByRole('listitem').all();
  return Promise.all(items.map(async (item): Promise<[string, boolean]> => [await item.innerText(), (await item.getByRole('img', { name: 'Met:', exact: true }).count()) === 1]));
}

test('check 40: the ticks are those of the rules that the server judges with, and its refusals are the crosses', async () => {
  const page = await atNewPassword(5);
  const flow = expectStatus<{ details: { policyContext: PasswordPolicy } }>(await getFlow(http(), flowId(page)), 200);
  const policy = flow.details.policyContext;
  for (const password of ['', 'a', 'password1234567', 'lighthouse is my home', 'e\u0301'.repeat(14), 'e\u0301'.repeat(15), '\u{1F511}'.repeat(8), 'x'.repeat(129), newPassword()]) {
    await fillPassword(page, password);
    const criteria = evaluatePassword(password, policy);
    expect(await shown(page)).toEqual([...criteria.map(({ label, met }) => [label, met]), ['Both fields are the same', password !== '']]);
    if (password === '' || criteria.every(({ met }) => met)) continue;
    const { failures } = expectStatus<Problem>(await act(http(), flowId(page), 'password', { password, confirmation: password }), 422);
    expect(failures?.map(({ label }) => label)).toEqual(criteria.filter(({ met }) => !met).map(({ label }) => label));
  }
});

test('check 40: a tick turns into a cross while one types, and back', async () => {
  const page = await atNewPassword(7);
  const lengthIsMet = async () => (await shown(page))[0]![1];
  const shortest = Number(/\d+/.exec((await shown(page))[0]![0])![0]);
  await field(page).pressSequentially('quiet harbours'.repeat(2).slice(0, shortest - 1));
  expect(await lengthIsMet()).toBe(false);
  await page.keyboard.type('!');
  expect(await lengthIsMet()).toBe(true);
  await page.keyboard.press('Backspace');
  expect(await lengthIsMet()).toBe(false);
});
