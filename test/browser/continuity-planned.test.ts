import type { Page } from 'playwright-core';
import { beaconNumber } from '../../dev/demo-beacon';
import { inDatabaseOf } from '../support/instance-database';
import { judge, useBrowser } from './browser';
import { alert, delivered, openNew, sentBy, setFaults, SUBSCRIBED, write } from './continuity-steps';
import { tabTo } from './keyboard';
import { signIn } from './sign-in-steps';
import { heading, press } from './steps';

/** The number of Beacon's administrator. */
const ADMINISTRATOR = '+13035550199';
const SECOND = 'user2@beacon.example';
/** Whether all that is written on buttons can be read. */
const WHOLE = `[...document.querySelectorAll('.mantine-Button-label')].every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)`;

const at = useBrowser();
const { instance, http, device } = at;
afterEach(() => setFaults(http(), {}));

const makeSecondAdministrator = () => inDatabaseOf(instance(), (db) => db('users').where({ email: SECOND }).update({ role: 'administrator' }));

/** Plans an event for everybody, far ahead, and answers its page's address. */
async function plan(page: Page, name: string, start: string): Promise<string> {
  await openNew(page, at);
  await page.getByLabel('Planned: it has a start and an end').check();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Time zone', { exact: true }).selectOption('Europe/Berlin');
  await page.getByLabel('Start', { exact: true }).fill('2040-07-01T08:00');
  await page.getByLabel('End', { exact: true }).fill('2040-07-01T12:00');
  await write(page, start, alert('Mail is back'));
  await press(page, 'Plan the event');
  await heading(page, name);
  return new URL(page.url()).pathname;
}

test('a planned event is written by the clock of its time zone, changed and cancelled; nobody but who tests it is told', async () => {
  const start = alert('We move');
  const page = await device();
  await openNew(page, at);
  await page.getByLabel('Planned: it has a start and an end').check();
  await page.getByLabel('Name', { exact: true }).fill('Move to the new data centre');
  await page.getByLabel('Time zone', { exact: true }).selectOption('Europe/Berlin');
  await page.getByLabel('Start', { exact: true }).fill('2040-07-01T08:00');
  await page.getByLabel('End', { exact: true }).fill('2040-07-01T12:00');
  await write(page, start, '{{ name }}, until {{ event.end }}: ');
  await page.getByText('Fields for alert at the end').click();
  await press(page, 'Insert event.name into alert at the end');
  expect(await page.getByLabel('Alert at the end', { exact: true }).inputValue()).toBe('{{ name }}, until {{ event.end }}: {{ event.name }}');
  await press(page, 'Preview');
  await page.getByRole('region', { name: 'Preview' }).getByText('Alex Example, until 1 Jul 2040, 12:00: Move to the new data centre').waitFor();
  await press(page, 'Test to myself');
  await page.getByText('Both alerts are being sent to your number that ends in 99.').waitFor();
  const phone = await device();
  await phone.goto(`/dev/inbox?to=${encodeURIComponent(ADMINISTRATOR)}`);
  await phone.getByText(start.trim()).waitFor();
  await phone.getByText('Administrator, until 1 Jul 2040, 12:00: Move to the new data centre').waitFor();
  await press(page, 'Plan the event');
  await heading(page, 'Move to the new data centre');
  await page.getByText('1 Jul 2040, 08:00 (Europe/Berlin)').waitFor();
  await press(page, 'Change');
  await page.getByLabel('Start', { exact: true }).fill('2040-07-01T09:30');
  await press(page, 'Save the change');
  await page.getByText('1 Jul 2040, 09:30 (Europe/Berlin)').waitFor();
  await press(page, 'Cancel the event');
  await press(page, 'Yes, cancel the event');
  await page.getByRole('status').getByText('Cancelled', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Start now' }).count()).toBe(0);
  expect((await sentBy(http(), start)).map(({ to }) => to)).toEqual([ADMINISTRATOR]);
});

/** Goes to what is named, and presses it. */
async function pressByKey(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

test('a planned event is started before its time and an update is told, with the keyboard alone', async () => {
  const [start, update] = [alert('We move now'), alert('Half of it is done')];
  const page = await device();
  await plan(page, 'Move that is early', start);
  await pressByKey(page, 'Start now');
  await page.getByText('Everybody in the groups who is subscribed is told at once.').waitFor();
  expect(await sentBy(http(), start)).toEqual([]);
  await pressByKey(page, 'Yes, start now');
  await page.getByRole('status').getByText('Active', { exact: true }).waitFor();
  await delivered(page, 'Start notice', SUBSCRIBED);
  await page.getByRole('heading', { level: 1 }).focus();
  await pressByKey(page, 'Send an update');
  await tabTo(page, 'Text of the update');
  await page.keyboard.insertText(update);
  await pressByKey(page, 'Send it');
  await delivered(page, 'Update 1', SUBSCRIBED);
  for (const text of [start, update]) expect((await sentBy(http(), text)).length).toBe(SUBSCRIBED);
  const phone = await device();
  await phone.goto(`/dev/inbox?to=${encodeURIComponent(beaconNumber(11))}`);
  await phone.getByText(update.trim()).waitFor();
});

test.each([360, 1_100])('who changes an event that another administrator changed meanwhile is told so and loses nothing that was typed, %i px wide', async (width) => {
  await makeSecondAdministrator();
  const [page, other] = [await device({ width, judged: true }), await device({ width })];
  const path = await plan(page, `Move for two, ${width} px`, alert('We move'));
  await signIn(other, instance(), http(), SECOND);
  await other.goto(path);
  for (const each of [page, other]) await press(each, 'Change');
  await other.getByLabel('Name', { exact: true }).fill('Move that the second put off');
  await other.getByLabel('Start', { exact: true }).fill('2040-07-01T09:00');
  await press(other, 'Save the change');
  await heading(other, 'Move that the second put off');
  const [typed, end] = [alert('We move, the first says'), '2040-07-01T13:00'];
  await page.getByLabel('Alert at the start', { exact: true }).fill(typed);
  await page.getByLabel('End', { exact: true }).fill(end);
  await press(page, 'Save the change');
  const told = page.getByRole('alert');
  await told.getByText('Somebody changed this meanwhile').waitFor();
  await told.getByText('Look at what is there now, then decide what stays and save it again.').waitFor();
  await heading(page, 'Move that the second put off');
  await page.getByText('1 Jul 2040, 09:00 (Europe/Berlin)').waitFor();
  expect(await page.getByLabel('Alert at the start', { exact: true }).inputValue()).toBe(typed);
  expect(await page.getByLabel('End', { exact: true }).inputValue()).toBe(end);
  await judge(page);
  await page.getByLabel('Name', { exact: true }).fill('Move that both agreed on');
  await press(page, 'Save the change');
  await heading(other, 'Move that both agreed on');
  await other.getByText('1 Jul 2040, 13:00 (Europe/Berlin)').waitFor();
  await other.getByText(typed.trim()).waitFor();
});

test('alerts go by e-mail as well where that is chosen: those with a second address find them in its inbox', async () => {
  const [start, end] = [alert('Mail is down'), alert('Mail is back')];
  const page = await device({ judged: true });
  await openNew(page, at);
  await write(page, start, end);
  await page.getByLabel('Send the alerts by e-mail as well').check();
  await press(page, 'Preview');
  await page.getByRole('region', { name: 'Preview' }).getByText('20 of them have a second address for e-mails.').waitFor();
  await press(page, 'Start the event now');
  await page.getByRole('region', { name: 'Start notice by e-mail' }).getByText('20 of 20 sent, 0 waiting.').waitFor({ timeout: 60_000 });
  await delivered(page, 'Start notice', SUBSCRIBED);
  await judge(page);
  const inbox = await device();
  await inbox.goto(`/dev/inbox?to=${encodeURIComponent('user7@home.example')}`);
  await inbox.getByText('Postern: about your e-mail').first().click();
  await inbox.frameLocator('iframe').first().getByText(start.trim()).waitFor();
  await press(page, 'End now');
  await press(page, 'Yes, end now');
  await page.getByRole('region', { name: 'End notice by e-mail' }).getByText('20 of 20 sent, 0 waiting.').waitFor({ timeout: 60_000 });
});

test('where the account wants it, nobody is told before a second administrator has approved', async () => {
  const start = alert('Mail is down');
  await makeSecondAdministrator();
  const setApproval = (required: boolean) => inDatabaseOf(instance(), (db) => db('sms_settings').insert({ account_code: 'CSM33C3', approval_required: required, updated_at: 0 }).onConflict('account_code').merge());
  await setApproval(true);
  try {
    const page = await device();
    await openNew(page, at);
    await write(page, start, alert('Mail is back'));
    await press(page, 'Ask for approval');
    await page.getByRole('status').getByText('Waits for approval', { exact: true }).waitFor();
    await press(page, 'Approve');
    await page.getByRole('alert').waitFor();
    expect(await sentBy(http(), start)).toEqual([]);
    const other = await device();
    await signIn(other, instance(), http(), SECOND);
    await other.goto(new URL(page.url()).pathname);
    await press(other, 'Approve');
    await delivered(page, 'Start notice', SUBSCRIBED);
  } finally {
    await setApproval(false);
  }
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling in what an event asks before it is taken, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  await plan(page, 'Move with questions', alert('We move'));
  for (const [name, confirmed] of [['Change', 'Save the change'], ['Cancel the event', 'Yes, cancel the event'], ['Start now', 'Yes, start now']] as const) {
    await press(page, name);
    await page.getByRole('button', { name: confirmed }).waitFor();
    await judge(page);
  }
  await setFaults(http(), { mode: '429' });
  await press(page, 'Yes, start now');
  // Once it is fixed whom it is for: before, there is nobody to go on with.
  await page.getByRole('region', { name: 'Start notice' }).getByText(`of ${SUBSCRIBED} delivered`).waitFor();
  await press(page, 'Stop sending');
  await page.getByRole('button', { name: /^Go on sending/ }).waitFor();
  expect(await page.evaluate(WHOLE)).toBe(true);
  await press(page, 'End now');
  await page.getByRole('button', { name: 'Yes, end now' }).waitFor();
  await judge(page);
  await press(page, 'Yes, end now');
  await page.getByRole('status').getByText('Ended', { exact: true }).waitFor();
  await judge(page);
});
