import type { Page } from 'playwright-core';
import { inDatabaseOf } from '../support/instance-database';
import { demoPassword } from '../support/sign-in';
import { addDays, DAY_MS, dateAt } from '../../domain/onboarding/calendar';
import { judge, useBrowser } from './browser';
import { choose, firstSignIn, signInAgain, type Someone } from './sign-in-steps';
import { waitFor } from '../support/wait';
import { heading, press } from './steps';

const { instance, http, device } = useBrowser();
const operator = (): Someone => ({ email: 'operator@lighthouse.example', password: demoPassword(instance()), number: '+12025550197' });
const inDays = (count: number): string => addDays(dateAt(Date.now(), 'Europe/Berlin'), count);
const accounts = (page: Page) => page.getByRole('list', { name: 'Accounts' }).getByRole('listitem');
const codes = (page: Page): Promise<string[]> => accounts(page).getByRole('link').allInnerTexts();

/** Waits until the list has these accounts and no others: what was there before is shown while the server searches. */
const shows = (page: Page, ...expected: readonly string[]): Promise<true> => waitFor(async () => (JSON.stringify(await codes(page)) === JSON.stringify(expected) ? true : undefined), { what: `the list of ${expected.join(', ') || 'nobody'}` });

let signedIn = false;
/** A device at which an operator looks at all onboardings. */
async function atOverview(options?: Parameters<typeof device>[0]): Promise<Page> {
  const page = await device(options);
  await (signedIn ? signInAgain : firstSignIn)(page, http(), '/console', operator());
  signedIn = true;
  await heading(page, 'Users');
  await page.getByRole('navigation', { name: 'Administration Console' }).getByRole('link', { name: 'Onboardings' }).click();
  await heading(page, 'Onboardings');
  await accounts(page).first().waitFor();
  return page;
}

test('an operator sees every onboarding, what stalls first, counts per task as a chart and a table, and filters them', async () => {
  await inDatabaseOf(instance(), (db) => db('onboardings').where({ account_code: 'CEU66F6' }).update({ last_work_at: Date.now() - 9 * DAY_MS }));
  const page = await atOverview();
  expect((await codes(page))[0]).toBe('CEU66F6');
  expect(await accounts(page).first().innerText()).toContain('stalled');
  const table = page.getByRole('table', { name: 'Open onboardings by their next task' });
  const rows = await table.getByRole('row').all();
  const counted = await Promise.all(rows.slice(1).map(async (row) => [await row.getByRole('rowheader').innerText(), ...(await row.getByRole('cell').allInnerTexts())]));
  expect(counted.map(([task]) => task)).toHaveLength(8);
  expect(counted).toContainEqual(['Confirming Your Details', '1', '0', '0']);
  const open = counted.flatMap(([, ...cells]) => cells.map(Number)).reduce((sum, count) => sum + count, 0);
  expect(await page.locator('dl').innerText()).toContain(`Open\n${open}`);

  await table.getByRole('button', { name: 'Confirming Your Details' }).click();
  await shows(page, 'CEU44D4');
  await page.waitForURL('**/console/onboardings?next=details');
  await page.reload();
  await shows(page, 'CEU44D4');
  await page.getByLabel('Next task').selectOption('');
  await page.getByLabel('Account code begins with').fill('ceu55');
  await shows(page, 'CEU55E5');
  await page.getByLabel('Account code begins with').fill('');
  await page.getByLabel('Days left').selectOption('7');
  await shows(page, 'CEU66F6');
  await page.getByLabel('Days left').selectOption('1');
  await shows(page);
  await page.getByLabel('Days left').selectOption('');
  await page.getByLabel('Stalled only').check();
  await shows(page, 'CEU66F6');
  await page.getByLabel('Waits for').selectOption('attention');
  await shows(page);
});

test('an operator sets the last day of the application, gives an account more time, and reopens what was stopped', async () => {
  await inDatabaseOf(instance(), (db) => db('onboardings').where({ account_code: 'CEU44D4' }).update({ outcome: 'cancelled', ended_at: Date.now() }));
  const page = await atOverview();
  await press(page, 'Change');
  await page.getByLabel('Last day for all accounts').fill(inDays(40));
  await press(page, 'Save');
  await accounts(page).filter({ hasText: 'CEU55E5' }).getByText('40 days left').waitFor();

  const near = accounts(page).filter({ hasText: 'CEU66F6' });
  await near.getByRole('button', { name: 'Last day of CEU66F6: change' }).click();
  await near.getByLabel('Last day of CEU66F6', { exact: true }).fill(inDays(60));
  await near.getByRole('button', { name: 'Save' }).click();
  await near.getByText('of its own, 60 days left').waitFor();
  await near.getByRole('button', { name: 'Last day of CEU66F6: change' }).click();
  await near.getByRole('button', { name: 'As the application' }).click();
  await near.getByText(/^(?!.*of its own).*40 days left\.$/).waitFor();

  await page.getByLabel('Status').selectOption('cancelled');
  await press(page, 'Reopen CEU44D4');
  await shows(page);
  await page.getByLabel('Status').selectOption('');
  await accounts(page).filter({ hasText: 'CEU44D4' }).waitFor();
  await accounts(page).filter({ hasText: 'CEU44D4' }).getByRole('link').click();
  expect(new URL(page.url()).pathname).toBe('/connect/CEU44D4');
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling, %i px wide', async (width) => {
  const page = await atOverview({ width, judged: true });
  await press(page, 'Change');
  await page.getByLabel('Last day for all accounts').waitFor();
  await page.getByRole('button', { name: 'Last day of CEU66F6: change' }).click();
  await judge(page);
});

test('an administrator finds no such page in the console, and at its address is told that it is not for them', async () => {
  const page = await device();
  const me: Someone = { email: 'admin@harbour.example', password: demoPassword(instance()), number: '+13125550199' };
  await firstSignIn(page, http(), '/console', me);
  await heading(page, 'Users');
  expect(await page.getByRole('navigation', { name: 'Administration Console' }).count()).toBe(0);
  await page.goto('/console/onboardings');
  await page.getByRole('alert').getByText('This is not allowed to you').waitFor();
  await choose(page, 'Applications', 'Personal Portal');
  await heading(page, 'Welcome to the Personal Portal');
});
