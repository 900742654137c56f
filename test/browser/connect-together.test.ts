import type { Page } from 'playwright-core';
import { addDays, dateAt } from '../../domain/onboarding/calendar';
import { day } from '../../web/signed-in/moment';
import { createUser } from '../support/accounts';
import { expectStatus, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { waitFor } from '../support/wait';
import { useBrowser } from './browser';
import { atTask, confirmDetails, enterFirst, fillDetails, openTask, saved, waitForState, welcome, type Welcomed } from './connect-steps';
import { choose, enrol } from './sign-in-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

let numbers = 0;

/** Another administrator of an account, with the password of the first one, at a device of their own. */
async function second(ada: Welcomed, name: string): Promise<Page> {
  numbers += 1;
  const email = `${name.toLowerCase()}@${ada.code.toLowerCase()}.connect.postern.example`;
  await inDatabaseOf(instance(), async (db) => {
    const id = await createUser(db, ada.code, { email, name });
    const first = await db('users').where({ email: ada.email }).first<{ password_hash: string; password_changed_at: number }>('password_hash', 'password_changed_at');
    await db('users').where({ id }).update({ role: 'administrator', ...first });
  });
  const page = await device();
  await enrol(page, http(), '/connect', { email, password: ada.password, number: `+131255501${String(numbers).padStart(2, '0')}` });
  await press(page, 'Log In');
  return page;
}

/** Two administrators of a new account, both at the first task. */
async function together(prefix: string): Promise<{ ada: Page; ben: Page; account: Welcomed }> {
  const ada = await device();
  const account = await enterFirst(ada, http(), await welcome(http(), operator, prefix));
  await press(ada, 'Get started');
  await atTask(ada, 'details');
  const ben = await second(account, 'Ben');
  await atTask(ben, 'details');
  return { ada, ben, account };
}

const organisation = (page: Page) => page.getByLabel('Organisation');
const conflict = (page: Page) => page.getByRole('alert').filter({ hasText: 'changed this at' });

function waitForValue(page: Page, label: string, value: string): Promise<true> {
  return waitFor(async () => (await page.getByLabel(label).inputValue()) === value || undefined, { what: `"${value}" as ${label}` });
}

test('two administrators see what the other one enters, submits and reopens, without loading the page', async () => {
  const { ada, ben } = await together('LIVE');
  await organisation(ada).fill('Beacon of Ada');
  await waitForValue(ben, 'Organisation', 'Beacon of Ada');
  await ben.getByText(/^Ada changed this, /).waitFor();
  await ben.getByText(/Last changed by Ada/).waitFor();
  await confirmDetails(ada);
  await waitForState(ben, 'Completed');
  await ben.getByRole('navigation', { name: 'Tasks' }).getByText('1 of 7 tasks completed').waitFor();
  await press(ben, 'Reopen');
  await waitForState(ada, 'In progress');
  expect(await organisation(ada).inputValue()).toBe('Beacon of Ada');
});

test('what both changed is shown from both sides, and nothing is overwritten before one of them has decided', async () => {
  const { ada, ben, account } = await together('BOTH');
  const stored = async (): Promise<unknown> => expectStatus<{ details: { tasks: { draft: { company?: string } }[] } }>(await operator.get(`/api/onboardings/${account.code}`), 200).details.tasks[0]!.draft.company;
  /** Ben is kept from saving until Ada has saved. */
  const disagree = async (adas: string, bens: string): Promise<void> => {
    await ben.context().setOffline(true);
    await organisation(ben).fill(bens);
    await ben.getByText('Not saved yet.').waitFor();
    await organisation(ada).fill(adas);
    await saved(ada);
    await ben.context().setOffline(false);
    await conflict(ben).waitFor();
  };
  await disagree('Beacon of Ada', 'Beacon of Ben');
  expect(await conflict(ben).getByRole('region', { name: 'What Ada saved' }).innerText()).toContain('Beacon of Ada');
  expect(await conflict(ben).getByRole('region', { name: 'What you entered' }).innerText()).toContain('Beacon of Ben');
  expect(await ben.getByRole('button', { name: 'Confirm these details' }).isDisabled()).toBe(true);
  expect(await stored()).toBe('Beacon of Ada');
  await press(ben, 'Take what Ada saved');
  await conflict(ben).waitFor({ state: 'detached' });
  expect(await organisation(ben).inputValue()).toBe('Beacon of Ada');

  await disagree('Ada again', 'Ben again');
  await press(ben, 'Keep what I entered');
  await waitForValue(ada, 'Organisation', 'Ben again');
  await ada.getByText(/^Ben changed this, /).waitFor();
  expect(await stored()).toBe('Ben again');
});

test('says so where what was entered last could not be saved any more', async () => {
  const { ada, ben } = await together('LOST');
  await fillDetails(ada);
  await saved(ada);
  await waitForValue(ben, 'Address 1', 'it@pilot.example');
  // Ben's save is held up until the task is completed by Ada.
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await ben.route('**/tasks/details/draft', async (route) => {
    await held;
    await route.continue();
  });
  const asked = ben.waitForRequest('**/tasks/details/draft');
  await organisation(ben).fill('Too late');
  await asked;
  await press(ada, 'Confirm these details');
  await waitForState(ben, 'Completed');
  release();
  await ben.getByRole('alert').filter({ hasText: 'Your last changes were not saved' }).waitFor();
});

test('a page is live only as long as its session: it gives way to the logon by itself', async () => {
  const { ada } = await together('ENDS');
  const tab = await ada.context().newPage();
  await tab.goto('/account/sessions');
  await choose(tab, 'Ada', 'Sign out');
  await heading(tab, 'Log on to the Personal Portal');
  await heading(ada, 'Log on to the Connect Application');
});

test('tells the days that are left, ends with the last one, and goes on where it stopped once there is more time', async () => {
  const page = await device();
  const { code } = await enterFirst(page, http(), await welcome(http(), operator, 'DATE'));
  const today = dateAt(Date.now(), 'Europe/Berlin');
  const set = async (date: string): Promise<unknown> => expectStatus(await operator.send('PUT', `/api/onboardings/${code}/discontinuation`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ date }) }), 200);
  const banner = page.getByRole('region', { name: 'Discontinuation' });
  expect(await banner.count()).toBe(0);
  const last = addDays(today, 21);
  await set(last);
  await banner.getByText(`discontinued on ${day(last)}`).waitFor();
  await banner.getByText(/^2[01] days are left$/).waitFor();
  await press(page, 'Get started');
  await atTask(page, 'details');
  await confirmDetails(page);
  await openTask(page, 'domains');
  await press(page, 'Start this task');
  await page.getByLabel('Domain 1', { exact: true }).fill('pilot.example');
  await saved(page);
  await set(addDays(today, -2));
  await heading(page, 'The Connect Application is discontinued');
  await page.getByText('Nothing you entered is lost').waitFor();
  expect(await page.getByRole('list', { name: 'All tasks' }).getByRole('listitem').first().innerText()).toContain('Completed');
  await page.goto('/connect');
  await heading(page, 'The Connect Application is discontinued');
  await set(addDays(today, 40));
  await page.goto('/connect');
  await atTask(page, 'details');
  await openTask(page, 'domains');
  expect(await page.getByLabel('Domain 1', { exact: true }).inputValue()).toBe('pilot.example');
});
