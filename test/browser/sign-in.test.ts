import { SESSION_COOKIE } from '../../api/cookies';
import { openDatabase } from '../../db/connection';
import { mobile, nobody, person } from '../support/demo';
import { newPassword } from '../support/journey';
import { messagesTo, temporaryPasswordIn } from '../support/messages';
import { demoPassword } from '../support/sign-in';
import { useBrowser } from './browser';
import { enrol, enterAddress, enterNumber, enterPassword, firstSignIn, passcodeFrom, SIGN_IN, signInAgain, verify, type Someone } from './sign-in-steps';
import { beginAtSecureMessaging, fillPassword, flowId, heading, passCaptcha, press, receive } from './steps';

const { instance, http, device } = useBrowser();

/** Of an account whose onboarding nobody has begun. */
const administrator = (): Someone => ({ email: 'admin@ceu44d4.connect.postern.example', password: demoPassword(instance()), number: mobile(99) });
const someone = (number: number): Someone => ({ email: person(number), password: demoPassword(instance()), number: mobile(number) });

async function changeRow(table: 'users' | 'accounts', where: Readonly<Record<string, string>>, change: Readonly<Record<string, unknown>>): Promise<void> {
  const db = openDatabase({ DATA_DIR: instance().dataDir });
  try {
    expect(await db(table).where(where).update(change)).toBe(1);
  } finally {
    await db.destroy();
  }
}

test('checks 24, 41, 42, 47, 48 and 58: the first log-in as the article describes it: address, Cloud, password, number enrolled, passcode, Verify, Log In, and the supplied password is changed', async () => {
  const admin = administrator();
  await changeRow('users', { email: admin.email }, { password_temporary: true, password_expires_at: Date.now() + 3_600_000 });
  const page = await device();
  await page.goto('/connect');
  await heading(page, 'Log on to the Connect Application');
  await page.getByLabel('Email Address').fill(admin.email);
  await press(page, 'Next');
  await heading(page, 'Enter your password');
  const begun = flowId(page);
  expect(await page.getByLabel('Authentication Type').locator('option').allInnerTexts()).toEqual(['Cloud']);
  await enterPassword(page, admin.password);

  await heading(page, 'Enrol in Two Step Authentication');
  expect(flowId(page)).not.toBe(begun);
  await page.getByLabel('Country').selectOption('US');
  const number = page.getByLabel('Mobile Phone Number');
  await number.fill('02025550199');
  await number.blur();
  await page.getByText('Leave out the zeroes at the beginning').waitFor();
  await number.fill('2025550199');
  await page.getByText('Understood as +1 202 555 0199 (United States)').waitFor();
  const passcode = await passcodeFrom(http(), admin.number, () => press(page, 'Next'));
  await heading(page, 'Enter the passcode');
  await page.getByText('+1 202 555 0199').waitFor();
  await verify(page, passcode);
  await heading(page, 'You are verified');
  await press(page, 'Log In');

  await heading(page, 'Choose a new password');
  expect(await page.context().cookies()).toEqual([]);
  await fillPassword(page, admin.password);
  await press(page, 'Confirm');
  await page.getByText('Not the temporary password').waitFor();
  const password = newPassword();
  await fillPassword(page, password);
  await press(page, 'Confirm');
  await heading(page, 'Welcome to the Connect Application');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: SESSION_COOKIE, httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });

  const again = await device();
  await enterAddress(again, '/connect', admin.email);
  const second = await passcodeFrom(http(), admin.number, () => enterPassword(again, password));
  await heading(again, 'Enter the passcode');
  await again.getByText('the number ending in 99').waitFor();
  expect(await again.getByRole('main').innerText()).not.toContain('555');
  await verify(again, second);
  await press(again, 'Log In');
  await heading(again, 'Welcome to the Connect Application');
});

test('check 48: says what is wrong with a number, and corrects one that was understood wrongly', async () => {
  const { email, password, number } = someone(21);
  const page = await device();
  await enterAddress(page, '/', email);
  await enterPassword(page, password);
  await heading(page, 'Enrol in Two Step Authentication');
  const field = page.getByLabel('Mobile Phone Number');
  await field.fill('12');
  await press(page, 'Next');
  await page.getByText('This cannot be a phone number').waitFor();
  await page.getByLabel('Country').selectOption('GB');
  await field.fill('2079460000');
  await press(page, 'Next');
  await page.getByText('cannot receive texts').waitFor();
  expect(await messagesTo(http(), '+442079460000')).toEqual([]);
  await passcodeFrom(http(), mobile(97), () => enterNumber(page, mobile(97)));
  await heading(page, 'Enter the passcode');
  await press(page, 'This is not my number');
  await heading(page, 'Correct your number');
  const passcode = await passcodeFrom(http(), number, () => enterNumber(page, number));
  await page.getByText('+1 202 555 0121').waitFor();
  await verify(page, passcode);
  await heading(page, 'You are verified');
});

test('check 20: an unknown address and a known one get the same pages and the same refusal', async () => {
  const texts: string[] = [];
  for (const email of [person(2), nobody()]) {
    const page = await device();
    await enterAddress(page, '/', email);
    await enterPassword(page, 'not the password of anybody');
    await page.getByRole('alert').waitFor();
    texts.push((await page.getByRole('main').innerText()).replace(/Time left: .*/, ''));
  }
  expect(texts[0]).toContain('The address or the password is not right');
  expect(texts[1]).toBe(texts[0]);
});

test('check 23: offers Domain only where the account has set it up', async () => {
  await changeRow('accounts', { code: 'CUS22B2' }, { domain_authentication: true });
  const page = await device();
  await enterAddress(page, '/', 'user2@harbour.example');
  expect(await page.getByLabel('Authentication Type').locator('option').allInnerTexts()).toEqual(['Cloud', 'Domain']);
  await page.getByLabel('Authentication Type').selectOption('domain');
  await page.getByText('A Domain password is changed at your organisation').waitFor();
  expect(await page.getByRole('button', { name: 'Reset Cloud Password' }).count()).toBe(0);
});

test('check 42: a temporary password opens the form for a new one, and completes the reset that waits for it', async () => {
  const { email, number } = someone(23);
  const page = await device();
  await beginAtSecureMessaging(page, email);
  await passCaptcha(page, http());
  const temporary = temporaryPasswordIn(await receive(page, http(), 'Email', email));
  const other = await device();
  await enrol(other, http(), '/secure-messaging', { email, password: temporary, number });
  await press(other, 'Log In');
  await heading(other, 'Choose a new password');
  await fillPassword(other, newPassword());
  await press(other, 'Confirm');
  await heading(other, 'Welcome to the Secure Messaging Portal');
  await heading(page, 'Your password is saved');
});

test('check 68a: survives a reload, which sends nothing, and moves on by itself where a second device goes on', async () => {
  const me = someone(25);
  const page = await device();
  await enterAddress(page, '/', me.email);
  await page.reload();
  await heading(page, 'Enter your password');
  expect(await page.getByLabel('Primary Email Address').inputValue()).toBe(me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  const second = await device();
  await second.goto(page.url());
  const passcode = await passcodeFrom(http(), me.number, () => enterNumber(second, me.number));
  await heading(page, 'Enter the passcode');
  await page.reload();
  await heading(page, 'Enter the passcode');
  expect(await messagesTo(http(), me.number)).toHaveLength(1);
  await verify(second, passcode);
  await heading(second, 'You are verified');
  await heading(page, 'Logged in elsewhere');
  expect(await page.context().cookies()).toEqual([]);
  await page.getByRole('link', { name: 'Log in here' }).click();
  await heading(page, 'Log on to the Personal Portal');
});

test('check 12: says how many tries are left, and that the log-in is closed after the last', async () => {
  const me = someone(27);
  const page = await device();
  await enterAddress(page, '/', me.email);
  await enterPassword(page, me.password);
  await heading(page, 'Enrol in Two Step Authentication');
  const right = await passcodeFrom(http(), me.number, () => enterNumber(page, me.number));
  const wrong = right === '123456' ? '654321' : '123456';
  for (const left of ['4 more tries are left.', '3 more tries are left.', '2 more tries are left.', 'One more try is left.']) {
    await verify(page, wrong);
    await page.getByRole('alert').getByText(left).waitFor();
  }
  await verify(page, wrong);
  await heading(page, 'Too many wrong entries');
  await page.getByRole('link', { name: 'Start again' }).click();
  await heading(page, 'Log on to the Personal Portal');
});

test('can be cancelled, and leads from "Login issues?" to help and to the reset', async () => {
  const page = await device();
  await enterAddress(page, '/connect', person(4));
  expect(page.url()).toMatch(SIGN_IN);
  await press(page, 'Cancel');
  await heading(page, 'This log-in was cancelled');
  await page.getByRole('link', { name: 'Login issues?' }).click();
  await heading(page, 'Login issues?');
  await page.getByRole('main').getByRole('link', { name: 'Connect Application' }).click();
  await heading(page, 'Log on to the Connect Application');
  await enterAddress(page, '/connect', person(4));
  await press(page, 'Forgot Your Password?');
  await heading(page, 'Show that you are a person');
});

test('a portal whose logon is open to who is signed in opens at once, until the session is ended', async () => {
  const me = someone(29);
  const page = await device();
  await firstSignIn(page, http(), '/', me);
  await heading(page, 'Welcome to the Personal Portal');
  await page.goto('/');
  await heading(page, 'Welcome to the Personal Portal');
  const other = await device();
  await signInAgain(other, http(), '/', me);
  await heading(other, 'Welcome to the Personal Portal');
  await page.goto('/console');
  await heading(page, 'The Administration Console is not open to you');
});
