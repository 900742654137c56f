import { mobile, person } from '../support/demo';
import { captchaAnswer, newPassword } from '../support/journey';
import { codeIn, linkIn, messagesTo, waitForNewMessage } from '../support/messages';
import { judge, useBrowser } from './browser';
import { arriveAt, tabTo } from './keyboard';
import { begin, beginAtSecureMessaging, enterCode, fillPassword, flowId, heading, passCaptcha, press, receive, savePassword } from './steps';

const { http, device } = useBrowser();

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling on any step, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  const number = width === 360 ? 9 : 11;
  await page.goto('/');
  await heading(page, 'Log on to the Personal Portal');
  await judge(page);
  await begin(page, person(number));
  await judge(page);
  await page.getByLabel('Captcha').fill('wrong');
  await press(page, 'Reset Password');
  await page.getByRole('alert').waitFor();
  await judge(page);
  await passCaptcha(page, http());
  await judge(page);
  const message = await receive(page, http(), 'SMS', mobile(number));
  await heading(page, 'Enter the verification code');
  await judge(page);
  await enterCode(page, codeIn(message));
  await heading(page, 'Choose a new password');
  await fillPassword(page, 'short', 'other');
  await press(page, 'Confirm');
  await page.getByText('Both fields must be the same.').waitFor();
  await judge(page);
  await savePassword(page);
  await judge(page);
});

test.each([360, 1_100])('has no serious finding of axe where a link or a temporary password is used, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  const number = width === 360 ? 12 : 14;
  await begin(page, person(number));
  await passCaptcha(page, http());
  const { href } = linkIn(await receive(page, http(), 'Email', person(number)));
  await heading(page, 'Check your mailbox');
  await judge(page);
  await page.goto(href);
  await heading(page, 'Reset your password');
  await judge(page);
  await beginAtSecureMessaging(page, person(number + 4));
  await passCaptcha(page, http());
  await receive(page, http(), 'Email', person(number + 4));
  await judge(page);
  await press(page, 'Go To Log In');
  await heading(page, 'Log in with your temporary password');
  await judge(page);
  await press(page, 'Cancel this reset');
  await heading(page, 'This reset was cancelled');
  await judge(page);
});

test.each(['/login-issues', '/problems/link-used', '/problems/nothing-of-the-kind', '/secure-messaging', '/secure-messaging/log-in', '/partner', '/connect', '/console', '/nowhere', '/dev/inbox'])(
  'has no serious finding of axe and no sideways scrolling at %s',
  async (path) => {
    const page = await device({ width: 360, judged: true });
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await judge(page);
  },
);

test('lists at "Login issues?" what the support desk will ask, filled in', async () => {
  const page = await device();
  await page.goto('/secure-messaging');
  // The foot of every page is there before its middle, which says what portal this is.
  await heading(page, 'Log on to the Secure Messaging Portal');
  await page.getByRole('link', { name: 'Login issues?' }).click();
  await heading(page, 'Login issues?');
  const fact = (name: string) => page.locator('dt', { hasText: name }).locator('xpath=following-sibling::dd').textContent();
  expect(await fact('Date and time')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  expect(await fact('Address (URL)')).toMatch(/\/secure-messaging$/);
  expect(await fact('Browser and its version')).toMatch(/^Chrome \d+/);
  expect(await fact('Email address')).not.toBe('');
});


test('can be gone through by keyboard alone, each step with the focus at its heading', async () => {
  const page = await device();
  await page.goto('/');
  await arriveAt(page, 'Log on to the Personal Portal');
  await tabTo(page, 'Primary Email Address');
  await page.keyboard.type(person(1));
  await tabTo(page, 'Reset Cloud Password');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Show that you are a person');
  await tabTo(page, 'Captcha');
  await page.keyboard.type(await captchaAnswer(http(), flowId(page)));
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Choose a delivery method');
  const known = (await messagesTo(http(), mobile(1))).length;
  await tabTo(page, 'SMS');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  expect(await page.getByLabel('SMS', { exact: true }).isChecked()).toBe(true);
  await tabTo(page, 'Next');
  await page.keyboard.press('Space');
  await arriveAt(page, 'Enter the verification code');
  await tabTo(page, 'Verification Code');
  await page.keyboard.type(codeIn(await waitForNewMessage(http(), mobile(1), known)));
  await tabTo(page, 'Continue');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Choose a new password');
  const password = newPassword();
  await tabTo(page, 'New Password');
  await page.keyboard.type(password);
  await tabTo(page, 'Confirm New Password');
  await page.keyboard.type(password);
  await tabTo(page, 'Confirm');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Your password is saved');
  await tabTo(page, 'Go To Log In');
});

test('tells a screen reader where one is, how long it takes, what is met and what went wrong', async () => {
  const page = await device();
  await begin(page, person(3));
  const steps = page.getByRole('list', { name: 'Steps of the password reset' });
  expect(await steps.ariaSnapshot()).toContain('img "completed"');
  expect(await steps.locator('[aria-current="step"]').innerText()).toContain('Check');
  await page.getByRole('img', { name: /^Distorted characters to type/ }).waitFor();
  await passCaptcha(page, http());
  await page.getByRole('radiogroup', { name: 'Reset Code Delivery Method' }).getByRole('radio', { name: 'SMS' }).waitFor();
  await enterCode(page, codeIn(await receive(page, http(), 'SMS', mobile(3))));
  await heading(page, 'Choose a new password');
  expect(await page.getByRole('timer').innerText()).toMatch(/^Time left: \d+ min \d\d s$/);
  const criteria = page.getByRole('list', { name: 'What your new password must be like' });
  expect(await criteria.ariaSnapshot()).toContain('img "Not met:"');
  const field = page.getByRole('textbox', { name: 'New Password', exact: true });
  expect(await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).innerText()).toBe('It must meet all criteria below.');
  await fillPassword(page, newPassword());
  await page.getByRole('status').filter({ hasText: /^(\d) of \1 criteria are met\.$/ }).waitFor();
});
