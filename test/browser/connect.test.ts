import type { Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { newPassword } from '../support/journey';
import { useBrowser } from './browser';
import { atTask, confirmDetails, enterFirst, openTask, waitForState, welcome } from './connect-steps';
import { enterAddress, enterPassword, passcodeFrom, signInAgain, verify } from './sign-in-steps';
import { fillPassword, heading, press } from './steps';

const { instance, http, device } = useBrowser();
const DAY_MS = 86_400_000;
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

test('checks 41, 42, 47 and 48: the dedicated address, the holding domain, Cloud, password, enrolment, passcode, forced change, and the welcome page, as the article has it', async () => {
  const ada = await welcome(http(), operator, 'FIRST');
  const page = await device();
  // Enter the Application's URL in your browser: the login page of Connect is displayed.
  await page.goto(ada.url);
  await heading(page, 'Log on to the Connect Application');
  await page.getByRole('link', { name: 'Login issues?' }).waitFor();
  // The address belongs to a holding domain.
  expect(ada.email).toBe(`ada@${ada.code.toLowerCase()}.connect.postern.example`);
  await page.getByLabel('Email Address').fill(ada.email);
  await press(page, 'Next');
  await heading(page, 'Enter your password');
  // Cloud is all there is until the task of authentication is completed.
  expect(await page.getByLabel('Authentication Type').locator('option').allInnerTexts()).toEqual(['Cloud']);
  await enterPassword(page, ada.password);
  await heading(page, 'Enrol in Two Step Authentication');
  await page.getByLabel('Country').selectOption('US');
  const number = page.getByLabel('Mobile Phone Number');
  await number.fill(ada.number.replace('+1', '0'));
  await press(page, 'Next');
  await page.getByText('Leave out the zeroes at the beginning').waitFor();
  await number.fill(ada.number.replace('+1', ''));
  await verify(page, await passcodeFrom(http(), ada.number, () => press(page, 'Next')));
  await heading(page, 'You are verified');
  await press(page, 'Log In');
  // The supplied password must be changed, and cannot be the new one.
  await heading(page, 'Choose a new password');
  await fillPassword(page, ada.password);
  await press(page, 'Confirm');
  await page.getByText('Not the temporary password').waitFor();
  const password = newPassword();
  await fillPassword(page, password);
  await press(page, 'Confirm');
  await heading(page, 'Welcome to the Connect Application');
  await page.getByText('You do not have to complete all tasks in one go').waitFor();
  await page.getByRole('heading', { name: 'Resources' }).waitFor();
  await page.getByRole('heading', { name: 'What to have ready' }).waitFor();

  // The saved number is used the next time, displayed as its last two digits; no task has started, so the welcome page is shown again.
  const again = await device();
  await enterAddress(again, '/connect', ada.email);
  const passcode = await passcodeFrom(http(), ada.number, () => enterPassword(again, password));
  await again.getByText(`the number ending in ${ada.number.slice(-2)}`).waitFor();
  await verify(again, passcode);
  await press(again, 'Log In');
  await heading(again, 'Welcome to the Connect Application');
});

test('leads to the next task once one has started, then to the one completed last with what is in progress, Continue and Cancel, on any device', async () => {
  const first = await device();
  const ada = await enterFirst(first, http(), await welcome(http(), operator, 'AGAIN'));
  await press(first, 'Get started');
  await atTask(first, 'details');
  await waitForState(first, 'In progress');
  await first.getByLabel('Organisation').fill('Beacon Mail');
  // Left before the pause is over: what was entered is saved all the same.
  await first.goto('/account/sessions');
  await first.context().close();

  // Started, and nothing completed: the page of the next task, and never the welcome page again.
  const second = await device();
  await signInAgain(second, http(), '/connect', ada);
  await atTask(second, 'details');
  expect(await second.getByLabel('Organisation').inputValue()).toBe('Beacon Mail');
  await second.goto(`/connect/${ada.code}/welcome`);
  await atTask(second, 'details');
  await confirmDetails(second);
  await second.getByRole('link', { name: 'Continue' }).click();
  await atTask(second, 'domains');
  await press(second, 'Start this task');
  await second.getByLabel('Domain 1', { exact: true }).fill('pilot.example');
  await second.getByRole('region', { name: 'Records to publish' }).getByText('TXT record of pilot.example', { exact: true }).waitFor();
  await second.getByLabel('Domain 1', { exact: true }).fill('mail.pilot.example');
  // In the middle of the second task the device is put away.
  await second.close({ runBeforeUnload: true });

  // Days later every session is over, and another device is at hand.
  await inDatabaseOf(instance(), async (db) => {
    const times = ['updated_at', 'completed_at'] as const;
    for (const column of times) await db('onboarding_tasks').where({ account_code: ada.code }).whereNotNull(column).decrement(column, 4 * DAY_MS);
    await db('sessions').update({ expires_at: Date.now() - 3 * DAY_MS });
  });
  const third = await device({ width: 360 });
  await signInAgain(third, http(), '/connect', ada);
  await atTask(third, 'details');
  await waitForState(third, 'Completed');
  const begun = third.getByRole('list', { name: 'Tasks in progress' });
  expect(await begun.getByRole('listitem').allInnerTexts()).toEqual([expect.stringContaining('Verifying Your Domains')]);
  await third.getByRole('link', { name: 'Cancel' }).click();
  await heading(third, 'Your onboarding');
  const all = third.getByRole('list', { name: 'All tasks' }).getByRole('listitem');
  expect(await all.nth(0).innerText()).toContain('Completed');
  expect(await all.nth(1).innerText()).toContain('In progress');
  await openTask(third, 'details');
  await begun.getByRole('link', { name: 'Verifying Your Domains' }).click();
  await atTask(third, 'domains');
  expect(await third.getByLabel('Domain 1', { exact: true }).inputValue()).toBe('mail.pilot.example');
  await openTask(third, 'details');
  await third.getByRole('link', { name: 'Continue' }).click();
  await atTask(third, 'domains');
});

test('says in which order tasks go, why one cannot be reopened, and what is missing at which field', async () => {
  const page = await device();
  const ada = await enterFirst(page, http(), await welcome(http(), operator, 'ORDER'));
  await openTask(page, 'users');
  await page.getByRole('main').getByRole('link', { name: 'Verifying Your Domains' }).last().waitFor();
  expect(await page.getByRole('button', { name: 'Start this task' }).count()).toBe(0);
  await openTask(page, 'details');
  await press(page, 'Start this task');
  await page.getByLabel('Organisation').fill('');
  await page.getByLabel('Contact 1: email address').fill('nobody');
  await press(page, 'Confirm these details');
  await page.getByText('Enter the name of your organisation.').waitFor();
  await page.getByText('This is no e-mail address.').waitFor();
  await page.getByText('Say where notices go.').waitFor();
  // The focus is at the first field that something is wrong with.
  await page.locator('[name="company"]:focus').waitFor();
  await page.getByLabel('Organisation').fill('Beacon');
  await press(page, 'Add another contact');
  await page.locator('[name="contacts.1.name"]:focus').waitFor();
  await confirmDetails(page);
  await press(page, 'Reopen');
  await waitForState(page, 'In progress');
  await confirmDetails(page);
  // What relies on it holds it.
  await inDatabaseOf(instance(), (db) => db('onboarding_tasks').where({ account_code: ada.code }).whereIn('task', ['domains', 'users']).update({ state: 'completed', completed_at: Date.now(), facts: '{}' }));
  await openTask(page, 'domains');
  await page.getByText('It cannot be reopened, because these rely on it: Synchronising Users.').waitFor();
});

test('an account without an onboarding, and one of somebody else, get a page that says so; operators choose the account', async () => {
  const page = await device();
  const ada = await enterFirst(page, http(), await welcome(http(), operator, 'OTHER'));
  await page.goto('/connect/CEU55E5');
  await heading(page, 'There is no onboarding here');
  await page.goto('/connect');
  await heading(page, 'Welcome to the Connect Application');
  await inDatabaseOf(instance(), (db) => db('users').where({ email: ada.email }).update({ role: 'operator' }));
  await page.goto('/connect');
  await heading(page, 'Open an account');
  await page.getByLabel('Account Code').fill('ceu55e5');
  await press(page, 'Open');
  await atTask(page, 'domains');
  await page.getByRole('list', { name: 'Tasks in progress' }).getByText('Authorising Outbound Mail').waitFor();
});
