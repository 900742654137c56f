import { addDays, dateAt } from '../../domain/onboarding/calendar';
import { expectStatus, type Http } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { OnboardingPages } from '../support/onboarding-http';
import { judge, useBrowser } from './browser';
import { arriveAt, tabTo } from './keyboard';
import { atTask, confirmDetails, enterFirst, openTask, saved, waitForState, welcome } from './connect-steps';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
let operator: Http;
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
});

const lastDay = (code: string, days: number) => operator.send('PUT', `/api/onboardings/${code}/discontinuation`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ date: addDays(dateAt(Date.now(), 'Europe/Berlin'), days) }) });

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling on any page or in any state, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  const { code } = await enterFirst(page, http(), await welcome(http(), operator, 'AXE'));
  const pages = new OnboardingPages(operator, code);
  await judge(page);
  expectStatus(await lastDay(code, 5), 200);
  await page.getByRole('region', { name: 'Discontinuation' }).waitFor();
  await judge(page);
  await page.getByRole('link', { name: 'Look at the tasks first' }).click();
  await heading(page, 'Your onboarding');
  await judge(page);
  await openTask(page, 'review');
  await judge(page);
  await openTask(page, 'details');
  await press(page, 'Start this task');
  await press(page, 'Confirm these details');
  await page.getByText('Say where notices go.').waitFor();
  await judge(page);

  // Somebody else saves while this cannot be saved.
  await saved(page);
  await page.context().setOffline(true);
  await page.getByLabel('Organisation').fill('Beacon here');
  await page.getByText('Not saved yet.').waitFor();
  await judge(page);
  await pages.save('details', { company: 'Beacon elsewhere', timeZone: 'Europe/Berlin' });
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Keep what I entered' }).waitFor();
  await judge(page);
  await press(page, 'Keep what I entered');
  await saved(page);
  await confirmDetails(page);
  await judge(page);

  await openTask(page, 'domains');
  await press(page, 'Start this task');
  await page.getByLabel('Domain 1', { exact: true }).fill('pilot.example');
  await page.getByRole('region', { name: 'Records to publish' }).waitFor();
  await judge(page);
  await press(page, 'Verify these domains');
  await page.getByText('The name servers of pilot.example').waitFor();
  await judge(page);
  await page.goto('/connect/CEU55E5');
  await heading(page, 'There is no onboarding here');
  await judge(page);
  expectStatus(await lastDay(code, -2), 200);
  await page.goto('/connect');
  await heading(page, 'The Connect Application is discontinued');
  await judge(page);
});

test.each([360, 1_100])('has no serious finding of axe in the forms of the other tasks, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  const { code } = await enterFirst(page, http(), await welcome(http(), operator, 'FORMS'));
  await new OnboardingPages(operator, code).confirmDetails();

  await inDatabaseOf(instance(), (db) => db('onboarding_tasks').where({ account_code: code }).whereIn('task', ['domains', 'users']).update({ state: 'completed', completed_at: Date.now(), draft: JSON.stringify({ domains: ['pilot.example'] }) }));
  await inDatabaseOf(instance(), (db) => db('onboarding_tasks').where({ account_code: code }).whereIn('task', ['users', 'authentication', 'outbound-mail', 'inbound-mail', 'review']).update({ state: 'in-progress', draft: '{}' }));
  await page.goto(`/connect/${code}/tasks/users`);
  await atTask(page, 'users');
  await page.getByLabel('Your directory').check();
  await page.getByLabel('Address of the directory').fill('ldap://directory.pilot.example');
  await page.getByLabel(/StartTLS/).waitFor();
  await judge(page);
  await page.getByLabel('A file (CSV)').check();
  await page.locator('input[type="file"]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('email,name\nben@elsewhere.example,Ben\n') });
  await page.getByText('people.csv cannot be taken over').waitFor();
  await judge(page);
  await openTask(page, 'authentication');
  await page.getByLabel('Domain', { exact: true }).check();
  await judge(page);
  for (const task of ['outbound-mail', 'inbound-mail', 'review'] as const) {
    await openTask(page, task);
    await judge(page);
  }
});


test('can be gone through by keyboard alone; a screen reader is told where one is, what is saved and what is wrong', async () => {
  const page = await device();
  await enterFirst(page, http(), await welcome(http(), operator, 'KEYS'));
  await arriveAt(page, 'Welcome to the Connect Application');
  await tabTo(page, 'Get started');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Confirming Your Details');
  const tasks = page.getByRole('navigation', { name: 'Tasks' });
  expect(await tasks.getByRole('progressbar').getAttribute('aria-label')).toBe('0 of 7 tasks completed');
  expect(await tasks.locator('[aria-current="page"]').innerText()).toContain('Confirming Your Details');
  expect(await tasks.getByRole('link', { name: /Confirming Your Details In progress/ }).count()).toBe(1);
  await waitForState(page, 'In progress');
  await tabTo(page, 'Contact 1: name');
  await page.keyboard.type('Ada');
  await tabTo(page, 'Contact 1: email address');
  await page.keyboard.type('nobody');
  await tabTo(page, 'Address 1');
  const address = page.getByRole('textbox', { name: 'Contact 1: email address' });
  expect(await address.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator(`[id="${(await address.getAttribute('aria-describedby'))!.split(' ').at(-1)!}"]`).innerText()).toBe('This is no e-mail address.');
  await page.keyboard.type('it@pilot.example');
  await page.getByRole('status').filter({ hasText: 'What you enter is saved by itself.' }).waitFor();
  await page.keyboard.press('Enter');
  // The focus goes to what is wrong.
  await page.locator('[name="contacts.0.email"]:focus').waitFor();
  await address.press('ControlOrMeta+a');
  await page.keyboard.type('ada@pilot.example');
  await tabTo(page, 'Confirm these details');
  await page.keyboard.press('Space');
  await waitForState(page, 'Completed');
  await arriveAt(page, 'Confirming Your Details');
  await tabTo(page, 'Continue');
  await page.keyboard.press('Enter');
  await arriveAt(page, 'Verifying Your Domains');
});
