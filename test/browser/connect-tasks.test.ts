import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import { startDirectory, type RunningDirectory } from '../../dev/directory';
import { slapdPath } from '../support/directory';
import { startDns, type TestDns } from '../support/dns-server';
import type { Http } from '../support/http';
import { OnboardingPages } from '../support/onboarding-http';
import { judge, useBrowser } from './browser';
import { atTask, confirmDetails, enterFirst, openTask, saved, waitForState, welcome } from './connect-steps';
import { heading, press } from './steps';

const DOMAIN = 'pilot.example';
const OTHER_DOMAIN = 'skerry.example';

let dns: TestDns;
const { instance, http, device } = useBrowser(async () => {
  dns = await startDns({
    [DOMAIN]: { mx: [[10, 'old.pilot.example']], txt: ['v=spf1 mx -all'] }, [OTHER_DOMAIN]: {},
    'spf.postern.example': { txt: ['v=spf1 -all'] }, 'mail.pilot.example': { a: ['127.0.0.1'] },
  });
  return { DNS_SERVERS: dns.server, DNS_TIMEOUT_MS: '1000' };
});
let operator: Http;
let directory: RunningDirectory | undefined;
const mailHost = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
beforeAll(async () => {
  operator = http().with({ authorization: `Bearer ${await instance().operatorToken()}` });
  directory = await startDirectory({ slapd: slapdPath(), people: [{ uid: 'anna', name: 'Anna', mail: `anna@${OTHER_DOMAIN}`, mobile: '+12025550151', password: 'seven grey herons wading' }] });
  mailHost.on('error', () => undefined);
  mailHost.listen(0, '127.0.0.1');
  await once(mailHost.server, 'listening');
});
afterAll(async () => {
  await new Promise<void>((resolve) => mailHost.close(() => resolve()));
  await directory?.stop();
  await dns.stop();
});

const record = (page: Page) => page.getByRole('region', { name: 'Records to publish' });
const found = (page: Page) => page.getByRole('region', { name: 'What was found' });
const publish = (...txt: string[]): void => void dns.names.set(DOMAIN, { ...dns.names.get(DOMAIN), txt });

async function begin(page: Page): Promise<void> {
  await press(page, 'Start this task');
  await waitForState(page, 'In progress');
}

/** On from a completed task to the next one. */
async function goOn(page: Page): Promise<void> {
  await waitForState(page, 'Completed');
  await page.getByRole('link', { name: 'Continue' }).click();
}

async function uploadFile(page: Page, ...lines: string[]): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) });
}

test('goes through every task to the end: each says what it found, what is missing and what to do', async () => {
  const page = await device();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await enterFirst(page, http(), await welcome(http(), operator, 'WHOLE'));
  await press(page, 'Get started');
  await confirmDetails(page);
  await goOn(page);

  // What is not there, or not yet, is looked for again and again; stopped, it can be mended.
  await atTask(page, 'domains');
  await begin(page);
  await page.getByLabel('Domain 1', { exact: true }).fill('beacno.example');
  await press(page, 'Verify these domains');
  await waitForState(page, 'Being validated');
  await page.getByText('There is no domain beacno.example, or it is not known yet.').waitFor();
  await page.getByRole('timer').getByText(/^Next look in/).waitFor();
  await press(page, 'Stop');
  await waitForState(page, 'In progress');
  expect(await page.getByLabel('Domain 1', { exact: true }).inputValue()).toBe('beacno.example');
  await page.getByLabel('Domain 1', { exact: true }).fill(DOMAIN);
  await record(page).getByText(`TXT record of ${DOMAIN}`, { exact: true }).waitFor();
  await press(page, 'Verify these domains');
  await page.getByText(`The record for ${DOMAIN} is not there yet.`).waitFor();
  await press(page, `Copy the TXT record of ${DOMAIN}`);
  await page.getByText(`The TXT record of ${DOMAIN} is copied.`).waitFor();
  const value = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(value).toBe(await record(page).locator('code').innerText());
  publish('v=spf1 mx -all', value);
  await press(page, 'Check now');
  await waitForState(page, 'Completed');
  await found(page).getByText(`The record of ${DOMAIN} was found.`).waitFor();
  await goOn(page);

  await atTask(page, 'users');
  await begin(page);
  await press(page, 'Synchronise users');
  await page.getByText('Choose where your users come from.').waitFor();
  await page.getByLabel('A file (CSV)').check();
  await uploadFile(page, 'email,name,mobile', `anna@${DOMAIN},Anna,+12025550151`, 'ben@elsewhere.example,Ben,', `cleo@${DOMAIN},,0123`);
  await page.getByText('people.csv cannot be taken over').waitFor();
  const lines = page.getByRole('list', { name: 'Lines that cannot be taken' }).getByRole('listitem');
  expect(await lines.allInnerTexts()).toEqual([expect.stringMatching(/^Line 3: .*elsewhere\.example/), expect.stringMatching(/^Line 4: The name is missing\./)]);
  await uploadFile(page, 'email,name,mobile', `anna@${DOMAIN},Anna,+12025550151`, `cleo@${DOMAIN},Cleo,`);
  await page.getByText('people.csv can be taken over').waitFor();
  await page.getByText('To be added: 2. To be changed: 0. As they are already: 0.').waitFor();
  await press(page, 'Synchronise users');
  await waitForState(page, 'Completed');
  await found(page).getByText('Added: 2. Changed: 0. As they are already: 0.').waitFor();
  await goOn(page);

  await atTask(page, 'authentication');
  await begin(page);
  await page.getByLabel('Domain', { exact: true }).check();
  await page.getByLabel('Tried out with').fill(`anna@${DOMAIN}`);
  await press(page, 'Set up authentication');
  await page.getByText('Enter the password of the user to test with.').waitFor();
  await page.getByLabel('Password of that user', { exact: true }).fill('herons');
  await press(page, 'Set up authentication');
  await page.getByRole('note').getByText('Your account has no directory').waitFor();
  await page.getByLabel('Cloud', { exact: true }).check();
  await press(page, 'Set up authentication');
  await goOn(page);

  await atTask(page, 'outbound-mail');
  await begin(page);
  await page.getByLabel('Host 1', { exact: true }).fill('10.0.0.1');
  await press(page, 'Add another host');
  await press(page, 'Authorise these hosts');
  await waitForState(page, 'Needs attention');
  await page.getByLabel('Host 1', { exact: true }).fill('mail.pilot.example');
  await record(page).getByText('v=spf1 include:spf.postern.example ~all').waitFor();
  await press(page, 'Authorise these hosts');
  // Until then the page says what the look before found.
  await waitForState(page, 'Being validated');
  await page.getByText(`The SPF record of ${DOMAIN} does not include us`).waitFor();
  publish('v=spf1 mx include:spf.postern.example -all');
  await press(page, 'Check now');
  await waitForState(page, 'Completed');
  await found(page).getByText(`The SPF record of ${DOMAIN} includes us.`).waitFor();
  await goOn(page);

  await atTask(page, 'inbound-mail');
  await begin(page);
  await page.getByLabel('Host', { exact: true }).fill('mail.pilot.example');
  await page.getByLabel('Port').fill(String((mailHost.server.address() as AddressInfo).port));
  await press(page, 'Check this host');
  await page.getByText(`Mail for ${DOMAIN} still goes to old.pilot.example.`).waitFor();
  await found(page).getByText('mail.pilot.example offers no STARTTLS: mail to it travels unencrypted.').waitFor();
  dns.names.set(DOMAIN, { ...dns.names.get(DOMAIN), mx: [[10, 'mx1.postern.example'], [20, 'mx2.postern.example']] });
  await press(page, 'Check now');
  await waitForState(page, 'Completed');
  await found(page).getByText(`Mail for ${DOMAIN} goes to mx1.postern.example, mx2.postern.example: to us, which was changed since this task was begun.`).waitFor();
  await goOn(page);

  await atTask(page, 'review');
  await begin(page);
  expect(await page.getByRole('list', { name: 'What was set up' }).innerText()).toContain('mail.pilot.example');
  await press(page, 'Go live');
  await page.getByText('Confirm that you want to go live.').waitFor();
  await page.getByLabel('Everything is as it should be: go live.').check();
  await press(page, 'Go live');
  await heading(page, 'You are on board');
  await page.getByRole('link', { name: 'Open the Administration Console' }).click();
  await heading(page, 'Users');
  await page.goto('/connect');
  await heading(page, 'You are on board');
});

test('a directory is tried out before anybody is brought in, and its password is never shown again', async () => {
  const page = await device();
  const { code } = await enterFirst(page, http(), await welcome(http(), operator, 'READS'));
  const pages = new OnboardingPages(operator, code);
  await pages.confirmDetails();
  await pages.start('domains');
  const { records } = await pages.save('domains', { domains: [OTHER_DOMAIN] });
  dns.names.set(OTHER_DOMAIN, { txt: [records[0]!.value] });
  await pages.completed('domains', { domains: [OTHER_DOMAIN] });
  const { secureUrl, authority, reader, peopleBase } = directory!;
  await openTask(page, 'users');
  await begin(page);
  await page.getByLabel('Your directory').check();
  await press(page, 'Try the directory');
  await page.getByText('Enter the address of the directory.').waitFor();
  await page.getByLabel('Address of the directory').fill(secureUrl);
  await page.getByLabel('Certificates').fill(authority);
  await page.getByLabel('Read with the name').fill(reader.dn);
  await page.getByLabel('Place in the directory').fill(peopleBase);
  await page.getByLabel('Filter').fill('(objectClass=inetOrgPerson)');
  await page.getByLabel('Password of that name', { exact: true }).fill('not its password');
  await press(page, 'Try the directory');
  await page.getByText('The directory could not be used').waitFor();
  await page.getByText('refuses the name or the password').waitFor();
  await page.getByLabel('Password of that name', { exact: true }).fill(reader.password);
  await press(page, 'Try the directory');
  await page.getByText('The directory was read').waitFor();
  await page.getByText('To be added: 1.').waitFor();
  await saved(page);
  await page.reload();
  await page.getByText('A password is kept for the validation.').waitFor();
  expect(await page.getByLabel('Password of that name', { exact: true }).inputValue()).toBe('');
  expect(await page.getByLabel('Filter').inputValue()).toBe('(objectClass=inetOrgPerson)');
  await press(page, 'Synchronise users');
  await waitForState(page, 'Completed');
  await found(page).getByText('Added: 1.').waitFor();
});

test.each([360, 1_100])('an account with SMS Services chooses the attribute that holds the numbers, and is told why one cannot be chosen, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  const { code } = await enterFirst(page, http(), await welcome(http(), operator, 'TEXTS', ['sms-services']));
  const pages = new OnboardingPages(operator, code);
  await pages.confirmDetails();
  await pages.start('domains');
  const domain = `texts-${width}.example`;
  const { records } = await pages.save('domains', { domains: [domain] });
  dns.names.set(domain, { txt: [records[0]!.value] });
  await pages.completed('domains', { domains: [domain] });
  await openTask(page, 'users');
  await begin(page);
  await page.getByLabel('A file (CSV)').check();
  await uploadFile(page, 'email,name,cell,desk', `anna@${domain},Anna,+12025550151,17`, `ben@${domain},Ben,+12025550152,18`);
  await page.getByText('people.csv can be taken over').waitFor();
  await press(page, 'Synchronise users');
  await waitForState(page, 'Completed');

  await openTask(page, 'sms');
  await judge(page);
  await begin(page);
  await page.getByLabel('Attribute with the mobile number').fill('cell');
  await press(page, 'Set up SMS');
  await page.getByText('None of your users has an attribute named "cell".').waitFor();
  // The heading of the file was understood as another word for it.
  await page.getByText('Choose one that your users have (desk, mobile),').waitFor();
  await page.getByLabel('Attribute with the mobile number').fill('desk');
  await press(page, 'Set up SMS');
  await page.getByText('No value of the attribute "desk" is a mobile number in long format.').waitFor();
  await judge(page);
  await page.getByLabel('Attribute with the mobile number').fill('mobile');
  await press(page, 'Set up SMS');
  await waitForState(page, 'Completed');
  await found(page).getByText('2 users have a value in this attribute.').waitFor();
  await judge(page);
  await page.goto('/console/sms-dashboard');
  await heading(page, 'SMS Dashboard');
  await page.getByRole('region', { name: 'SMS attribute' }).getByText('(mobile)').waitFor();
});
