import type { Page } from 'playwright-core';
import { beaconNumber } from '../../dev/demo-beacon';
import { expectStatus } from '../support/http';
import { inDatabaseOf } from '../support/instance-database';
import { allMessages } from '../support/messages';
import { waitFor } from '../support/wait';
import { holds, judge, useBrowser } from './browser';
import { choose, signIn } from './sign-in-steps';
import { tabTo } from './keyboard';
import { heading, press } from './steps';

const SUBSCRIBED = 300;
const LIST = '/console/continuity-events';
/** The number of Beacon's administrator. */
const ADMINISTRATOR = '+13035550199';
const SECOND = 'user2@beacon.example';
const IN_VIEW = `(() => {
  const { top, bottom } = document.querySelector('[aria-label="Being sent"]').getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
})()`;

/** Whether all that is written on buttons can be read. */
const WHOLE = `[...document.querySelectorAll('.mantine-Button-label')].every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)`;

/** Slow enough to be watched on its way. */
const { instance, http, device } = useBrowser({ SMS_SEGMENTS_PER_SECOND: '60', SMS_SEGMENT_PRICES: 'US=0.02' });

let numbers = 0;
/** A text that no other test sends, with what must come through as it is. */
const alert = (what: string): string => `  ${what} (${(numbers += 1)}): use "Connect" & the portal \u2013 now.  `;
const sentBy = async (text: string) => (await allMessages(http())).filter((message) => message.text === text);

async function setFaults(faults: { readonly mode?: string; readonly undeliverable?: readonly string[] }): Promise<void> {
  expectStatus(await http().send('PUT', '/dev/phone/faults', { body: JSON.stringify({ mode: 'none', mail: 'none', undeliverable: [], ...faults }), headers: { 'content-type': 'application/json' } }), 200);
}
afterEach(() => setFaults({}));

async function openEvents(page: Page, email = 'admin@beacon.example'): Promise<void> {
  await signIn(page, instance(), http(), email);
  await page.goto('/console');
  await heading(page, 'Users');
  await choose(page, 'Administration', 'Continuity Events');
  await heading(page, 'Continuity Events');
}

const makeSecondAdministrator = () => inDatabaseOf(instance(), (db) => db('users').where({ email: SECOND }).update({ role: 'administrator' }));

async function openNew(page: Page): Promise<void> {
  await openEvents(page);
  await page.getByRole('link', { name: 'New event' }).click();
  await heading(page, 'New Continuity Event');
}

const groups = (page: Page) => page.getByRole('combobox', { name: 'Groups' });

async function chooseEveryone(page: Page): Promise<void> {
  await groups(page).click();
  await page.getByRole('option', { name: 'Everyone' }).click();
  await page.keyboard.press('Escape');
}

async function write(page: Page, start: string, end: string): Promise<void> {
  await chooseEveryone(page);
  await page.getByLabel('Alert at the start', { exact: true }).fill(start);
  await page.getByLabel('Alert at the end', { exact: true }).fill(end);
}

const progress = (page: Page, notice: string) => page.getByRole('progressbar', { name: `Progress: ${notice}` });

/** Plans an event for everybody, far ahead, and answers its page's address. */
async function plan(page: Page, name: string, start: string): Promise<string> {
  await openNew(page);
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

/** Waits until so many of a notice are delivered, without asking for the page again. */
const delivered = (page: Page, notice: string, count: number): Promise<void> => page.getByRole('region', { name: notice }).getByText(`${count} of ${count} delivered, 0 waiting`).waitFor({ timeout: 60_000 });

test('a whole unplanned event: previewed, started, watched to the last notice, ended; everybody who is subscribed gets both texts, once and as they were written', async () => {
  const [start, end] = [alert('Mail is down'), alert('Mail is back')];
  const page = await device();
  await openNew(page);
  await write(page, start, end);
  await page.getByText(/characters, 1 segment \(UCS-2, because of \u2013\)/).first().waitFor();
  await press(page, 'Preview');
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText(`${SUBSCRIBED} of 500 people would be told.`).waitFor();
  await preview.getByText('Has not subscribed: 200').waitFor();
  await preview.getByText('$12.00').waitFor();
  await press(page, 'Start the event now');
  await heading(page, 'Unplanned event');
  const stop = page.getByRole('button', { name: 'Stop sending' });
  await stop.waitFor();
  await page.getByRole('region', { name: 'Start notice' }).getByText(/\d+ a second\./).waitFor();
  const share = await waitFor(async () => {
    const now = Number(await progress(page, 'Start notice').getAttribute('aria-valuenow'));
    return now > 0 && now < 100 ? now : undefined;
  }, { what: 'progress on the way' });
  await waitFor(async () => (Number(await progress(page, 'Start notice').getAttribute('aria-valuenow')) > share ? true : undefined), { what: 'more progress' });
  await delivered(page, 'Start notice', SUBSCRIBED);
  await stop.waitFor({ state: 'detached' });
  const phone = await device();
  await phone.goto(`/dev/inbox?to=${encodeURIComponent(beaconNumber(7))}`);
  await phone.getByText(start.trim()).waitFor();
  await press(page, 'End now');
  await press(page, 'Yes, end now');
  await page.getByRole('status').getByText('Ended', { exact: true }).waitFor();
  await delivered(page, 'End notice', SUBSCRIBED);
  for (const text of [start, end]) {
    const sent = await sentBy(text);
    expect(sent).toHaveLength(SUBSCRIBED);
    expect(new Set(sent.map(({ to }) => to)).size).toBe(SUBSCRIBED);
  }
  await phone.getByText(end.trim()).waitFor();
  await page.getByRole('link', { name: 'All continuity events' }).click();
  await page.getByRole('list', { name: 'Events' }).getByRole('listitem').filter({ hasText: `${SUBSCRIBED} people told` }).first().waitFor();
});

test('what is being sent is stopped by one press of a key, wherever one is on the page; the rest stays unsent, the notices one by one say why, and it goes on when that is asked for', async () => {
  const start = alert('Mail is down');
  await setFaults({ mode: '429' });
  const page = await device();
  await openNew(page);
  await groups(page).focus();
  await page.keyboard.type('Every');
  await page.getByRole('option', { name: 'Everyone' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByLabel('Alert at the start', { exact: true }).focus();
  await page.keyboard.insertText(start);
  await page.getByLabel('Tell those who got the start when it is over').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Start the event now' }).focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Unplanned event');
  await page.getByRole('button', { name: 'Stop sending' }).waitFor();
  await page.getByRole('region', { name: 'Notices', exact: true }).scrollIntoViewIfNeeded();
  await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
  await holds(page, IN_VIEW);
  await page.getByRole('button', { name: 'Stop sending' }).focus();
  await page.keyboard.press('Enter');
  const section = page.getByRole('region', { name: 'Start notice' });
  await section.getByRole('heading', { name: 'Start notice: stopped' }).waitFor();
  await page.getByRole('button', { name: 'Stop sending' }).waitFor({ state: 'detached' });
  await setFaults({});
  expect((await sentBy(start)).length).toBeLessThan(SUBSCRIBED);
  const notices = page.getByRole('region', { name: 'Notices', exact: true });
  await notices.getByLabel('What became of it').selectOption({ label: 'Not sent any more' });
  await notices.getByText('20 notices shown, and more').waitFor();
  await notices.getByText('Stopped by hand').first().waitFor();
  await press(page, 'Show more');
  await notices.getByText(/^(40 notices shown, and more|\d+ notices)$/).waitFor();
  await page.getByRole('button', { name: /^Go on sending to \d+ that were stopped$/ }).click();
  await delivered(page, 'Start notice', SUBSCRIBED);
  expect(await sentBy(start)).toHaveLength(SUBSCRIBED);
});

test('whom it could not be delivered to is shown with the reason, and gets it once more when asked for; an update is told in between', async () => {
  const [start, update] = [alert('Mail is down'), alert('Mail is back at noon')];
  await setFaults({ undeliverable: [beaconNumber(9)] });
  const page = await device();
  await openNew(page);
  await write(page, start, alert('Mail is back'));
  await press(page, 'Start the event now');
  const section = page.getByRole('region', { name: 'Start notice' });
  await section.getByText('Failed: the phone could not be reached (provider 30003), 1').waitFor({ timeout: 60_000 });
  await section.getByText(`${SUBSCRIBED - 1} of ${SUBSCRIBED} delivered, 0 waiting`).waitFor({ timeout: 60_000 });
  await setFaults({});
  await press(page, 'Send again to 1 that failed');
  await delivered(page, 'Start notice', SUBSCRIBED);
  await press(page, 'Send an update');
  await page.getByLabel('Text of the update', { exact: true }).fill(update);
  await press(page, 'Send it');
  await delivered(page, 'Update 1', SUBSCRIBED);
  expect((await sentBy(update)).length).toBe(SUBSCRIBED);
});

test('a planned event is written by the clock of its time zone, changed and cancelled; nobody but who tests it is told', async () => {
  const start = alert('We move');
  const page = await device();
  await openNew(page);
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
  expect((await sentBy(start)).map(({ to }) => to)).toEqual([ADMINISTRATOR]);
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
  expect(await sentBy(start)).toEqual([]);
  await pressByKey(page, 'Yes, start now');
  await page.getByRole('status').getByText('Active', { exact: true }).waitFor();
  await delivered(page, 'Start notice', SUBSCRIBED);
  await page.getByRole('heading', { level: 1 }).focus();
  await pressByKey(page, 'Send an update');
  await tabTo(page, 'Text of the update');
  await page.keyboard.insertText(update);
  await pressByKey(page, 'Send it');
  await delivered(page, 'Update 1', SUBSCRIBED);
  for (const text of [start, update]) expect((await sentBy(text)).length).toBe(SUBSCRIBED);
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

test('where the account wants it, nobody is told before a second administrator has approved', async () => {
  const start = alert('Mail is down');
  await makeSecondAdministrator();
  const setApproval = (required: boolean) => inDatabaseOf(instance(), (db) => db('sms_settings').insert({ account_code: 'CSM33C3', approval_required: required, updated_at: 0 }).onConflict('account_code').merge());
  await setApproval(true);
  try {
    const page = await device();
    await openNew(page);
    await write(page, start, alert('Mail is back'));
    await press(page, 'Ask for approval');
    await page.getByRole('status').getByText('Waits for approval', { exact: true }).waitFor();
    await press(page, 'Approve');
    await page.getByRole('alert').waitFor();
    expect(await sentBy(start)).toEqual([]);
    const other = await device();
    await signIn(other, instance(), http(), SECOND);
    await other.goto(new URL(page.url()).pathname);
    await press(other, 'Approve');
    await delivered(page, 'Start notice', SUBSCRIBED);
  } finally {
    await setApproval(false);
  }
});

test('without SMS Services the pages say why notices are off, and offer no event', async () => {
  const page = await device();
  await openEvents(page, 'admin@lighthouse.example');
  await page.getByRole('note').getByText('Your subscription does not include SMS Services.').waitFor();
  expect(await page.getByRole('link', { name: 'New event' }).count()).toBe(0);
  await page.goto(`${LIST}/new`);
  await page.getByRole('note').getByText('Your subscription does not include SMS Services.').waitFor();
  expect(await page.getByRole('button', { name: 'Start the event now' }).count()).toBe(0);
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling on the pages of continuity events, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  await openNew(page);
  await page.getByLabel('Planned: it has a start and an end').check();
  await write(page, alert('Mail is down'), alert('Mail is back'));
  await page.getByText('Fields for alert at the start').click();
  await press(page, 'Preview');
  await page.getByText('Estimated cost').waitFor();
  await judge(page);
  await page.getByLabel('Unplanned: mail is down now').check();
  await press(page, 'Start the event now');
  await page.getByRole('button', { name: 'Stop sending' }).waitFor();
  await judge(page);
  await press(page, 'Stop sending');
  await page.getByRole('heading', { name: 'Start notice: stopped' }).waitFor();
  await page.getByText('20 notices shown, and more').waitFor();
  await press(page, 'Send an update');
  await judge(page);
  await page.getByRole('link', { name: 'All continuity events' }).click();
  await page.getByRole('list', { name: 'Events' }).getByRole('listitem').first().waitFor();
  await judge(page);
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling in what an event asks before it is taken, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  await plan(page, 'Move with questions', alert('We move'));
  for (const [name, confirmed] of [['Change', 'Save the change'], ['Cancel the event', 'Yes, cancel the event'], ['Start now', 'Yes, start now']] as const) {
    await press(page, name);
    await page.getByRole('button', { name: confirmed }).waitFor();
    await judge(page);
  }
  await press(page, 'Yes, start now');
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
