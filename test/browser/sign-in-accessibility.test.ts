import type { Page } from 'playwright-core';
import { mobile, person } from '../support/demo';
import { demoPassword } from '../support/sign-in';
import { holds, overflow, seriousFindings, useBrowser } from './browser';
import { choose, enterAddress, enterNumber, enterPassword, passcodeFrom, signInAgain, verify, type Someone } from './sign-in-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
const MOST_TABS = 25;

const administratorOf = (domain: string, areaCode: string): Someone => ({ email: `admin@${domain}`, password: demoPassword(instance()), number: `+1${areaCode}5550199` });

async function judge(page: Page): Promise<void> {
  expect(await seriousFindings(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}

test.each([[360, 'lighthouse.example', '202'], [1_100, 'harbour.example', '312']])('has no serious finding of axe and no sideways scrolling on any step or page, %i px wide', async (width, domain, areaCode) => {
  const me = administratorOf(domain, areaCode);
  const page = await device({ width, judged: true });
  await enterAddress(page, '/console', me.email);
  await judge(page);
  await enterPassword(page, 'not the password');
  await page.getByRole('alert').waitFor();
  await judge(page);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  await page.getByLabel('Mobile Phone Number').waitFor();
  await judge(page);
  await press(page, 'Use an authenticator app instead');
  await heading(page, 'Set up an authenticator app');
  await judge(page);
  await press(page, 'Use a mobile phone instead');
  await page.getByLabel('Mobile Phone Number').fill('012');
  await press(page, 'Next');
  await page.getByText('Leave out the zeroes').waitFor();
  await judge(page);
  const passcode = await passcodeFrom(http(), me.number, () => enterNumber(page, me.number));
  await heading(page, 'Enter the passcode');
  await judge(page);
  await verify(page, passcode);
  await heading(page, 'You are verified');
  await judge(page);
  await press(page, 'Log In');

  await heading(page, 'Users');
  await page.getByRole('list', { name: 'Users' }).waitFor();
  await judge(page);
  await press(page, 'Applications');
  await page.getByRole('menuitem', { name: 'Personal Portal' }).waitFor();
  await judge(page);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'User 1', exact: true }).click();
  await heading(page, 'User 1');
  await press(page, 'Disable');
  await judge(page);
  await choose(page, 'Administrator', 'Sessions');
  await page.getByRole('list', { name: 'Sessions' }).waitFor();
  await judge(page);
  await choose(page, 'Administrator', 'Two Step Authentication');
  await page.getByRole('list', { name: 'Second steps' }).waitFor();
  await judge(page);
  await press(page, 'Change the number');
  await heading(page, 'Change the number');
  await judge(page);
  await choose(page, 'Applications', 'Connect Application');
  await heading(page, 'There is no onboarding here');
  await judge(page);
});

/** What has the focus, as it is named. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const at = document.activeElement;
    return at?.labels?.[0]?.textContent ?? at?.getAttribute('aria-label') ?? at?.textContent ?? '';
  })()`);
}

/** Goes on with the tabulator until something of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < MOST_TABS) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.startsWith(name)) return;
    passed.push(at);
  }
  throw new Error(`The tabulator does not lead to "${name}", but to: ${passed.join(', ')}`);
}

/** Waits until a step's heading has the focus: a screen reader reads it. */
async function arriveAt(page: Page, name: string): Promise<void> {
  await heading(page, name);
  await holds(page, 'document.activeElement?.tagName === "H1"');
  expect(await focused(page)).toBe(name);
}

test('can be gone through by keyboard alone, each step with the focus at its heading', async () => {
  const [email, number, password] = [person(31), mobile(31), demoPassword(instance())];
  const page = await device();
  await page.goto('/');
  await arriveAt(page, 'Log on to the Personal Portal');
  await tabTo(page, 'Primary Email Address');
  await page.keyboard.type(email);
  await tabTo(page, 'Next');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Enter your password');
  await tabTo(page, 'Authentication Type');
  await tabTo(page, 'Password');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Enrol in Two Step Authentication');
  await tabTo(page, 'Country');
  await page.keyboard.type('United States');
  await tabTo(page, 'Mobile Phone Number');
  await page.keyboard.type(number.replace('+1', ''));
  const passcode = await passcodeFrom(http(), number, () => page.keyboard.press('Enter'));
  await arriveAt(page, 'Enter the passcode');
  await tabTo(page, 'Passcode');
  await page.keyboard.type(passcode);
  await tabTo(page, 'Verify');
  await page.keyboard.press('Space');
  await arriveAt(page, 'You are verified');
  await tabTo(page, 'Log In');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Welcome to the Personal Portal');
  await tabTo(page, 'User 31');
  await page.keyboard.press('Enter');
  await holds(page, 'document.activeElement?.textContent === "Sessions"');
  await page.keyboard.press('ArrowDown');
  await holds(page, 'document.activeElement?.textContent === "Two Step Authentication"');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Where you are signed in');
});

test('tells a screen reader where one is, how a number was understood and where the passcode went', async () => {
  const me: Someone = { email: person(33), password: demoPassword(instance()), number: mobile(33) };
  const page = await device();
  await enterAddress(page, '/', me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  const steps = page.getByRole('list', { name: 'Steps of the log-in' });
  expect(await steps.locator('[aria-current="step"]').innerText()).toContain('Verify');
  await page.getByRole('combobox', { name: 'Country' }).selectOption('US');
  await page.getByRole('textbox', { name: 'Mobile Phone Number' }).fill(me.number.replace('+1', ''));
  await page.getByRole('status').filter({ hasText: 'Understood as' }).waitFor();
  const passcode = await passcodeFrom(http(), me.number, () => press(page, 'Next'));
  await page.getByRole('status').filter({ hasText: '+1 202 555 0133' }).waitFor();
  const field = page.getByLabel('Passcode', { exact: true });
  expect([await field.getAttribute('autocomplete'), await field.getAttribute('inputmode')]).toEqual(['one-time-code', 'numeric']);
  await verify(page, passcode);
  const again = await device();
  await signInAgain(again, http(), '/', me);
  await heading(again, 'Welcome to the Personal Portal');
});
