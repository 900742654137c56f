import { mobile, person } from '../support/demo';
import { expectStatus } from '../support/http';
import { receiveSecret } from '../support/journey';
import { codeIn, linkIn } from '../support/messages';
import { useBrowser } from './browser';
import { heading } from './steps';

const { http, device } = useBrowser();

test('inbox and phone: e-mails beside texts, by recipient, and a link that opens the page', async () => {
  const { message: text } = await receiveSecret(http(), person(1), mobile(1), 'sms');
  const { message: mail } = await receiveSecret(http(), person(2), person(2), 'email');
  const page = await device();
  await page.goto('/dev/inbox');
  const mails = page.getByRole('region', { name: 'E-mails' });
  const texts = page.getByRole('region', { name: 'Text messages' });
  await mails.getByRole('heading', { name: person(2) }).waitFor();
  await texts.getByText(codeIn(text)).waitFor();

  await page.getByRole('button', { name: mobile(1) }).click();
  await mails.getByText(`No e-mails for "${mobile(1)}".`).waitFor();
  await texts.getByText(codeIn(text)).waitFor();
  await page.getByRole('button', { name: person(2) }).click();
  await texts.getByText(`No text messages for "${person(2)}".`).waitFor();

  const opened = page.context().waitForEvent('page');
  await mails.frameLocator('iframe').getByRole('link', { name: 'Choose a new password' }).click();
  const link = await opened;
  await heading(link, 'Reset your password');
  expect(link.url()).toContain(linkIn(mail).id);
});

test('inbox and phone: a text is answered where it is read', async () => {
  await receiveSecret(http(), person(3), mobile(3), 'sms');
  const page = await device();
  await page.goto(`/dev/inbox?to=${encodeURIComponent(mobile(3))}`);
  await page.getByRole('textbox', { name: `Answer as ${mobile(3)}` }).fill('HELP');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText(`Answer of ${mobile(3)} delivered.`).waitFor();
  await page.getByRole('region', { name: 'Text messages' }).locator('.mine').getByText('HELP').waitFor();
  expect(await page.evaluate<string>('document.activeElement.name')).toBe('body');
});

test('inbox and phone: faults are set on the page, seen while they last, and lifted there', async () => {
  const page = await device();
  await page.goto('/dev/inbox');
  await page.getByText('Faults:').click();
  await page.getByRole('combobox', { name: /^Text messages/ }).selectOption('500');
  await page.getByLabel('Undeliverable numbers').fill(`${mobile(5)}\n${person(6)}`);
  await page.getByRole('button', { name: 'Set faults' }).click();
  await page.getByText('texts: 500, 2 undeliverable').waitFor();
  expect(expectStatus(await http().get('/dev/phone/faults'), 200)).toMatchObject({ mode: '500', undeliverable: [mobile(5), person(6)] });
  await page.getByRole('combobox', { name: /^Text messages/ }).selectOption('none');
  await page.getByLabel('Undeliverable numbers').fill('');
  await page.getByRole('button', { name: 'Set faults' }).click();
  await page.locator('#faults-now').getByText('none').waitFor();
});

test('the API can be browsed, each operation under its heading', async () => {
  const page = await device();
  await page.goto('/api/docs');
  for (const name of ['Password resets', 'Administration', 'Service']) await page.getByRole('heading', { name: new RegExp(`^${name}`) }).waitFor();
  await page.getByText('Save the new password').click();
  await page.getByText("Who may call it: Whoever holds the flow's id.").waitFor();
});
