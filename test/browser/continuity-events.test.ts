import type { Page } from 'playwright-core';
import { beaconNumber } from '../../dev/demo-beacon';
import { waitFor } from '../support/wait';
import { holds, judge, useBrowser } from './browser';
import { alert, delivered, groups, openEvents, openNew, sentBy, setFaults, SUBSCRIBED, write } from './continuity-steps';
import { heading, press } from './steps';

const LIST = '/console/continuity-events';
const IN_VIEW = `(() => {
  const { top, bottom } = document.querySelector('[aria-label="Being sent"]').getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
})()`;
/** Slow enough to be watched on its way. */
const at = useBrowser({ SMS_SEGMENTS_PER_SECOND: '60', SMS_SEGMENT_PRICES: 'US=0.02' });
const { http, device } = at;

afterEach(() => setFaults(http(), {}));

const progress = (page: Page, notice: string) => page.getByRole('progressbar', { name: `Progress: ${notice}` });

test('a whole unplanned event: previewed, started, watched to the last notice, ended; everybody who is subscribed gets both texts, once and as they were written', async () => {
  const [start, end] = [alert('Mail is down'), alert('Mail is back')];
  const page = await device();
  await openNew(page, at);
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
    const sent = await sentBy(http(), text);
    expect(sent).toHaveLength(SUBSCRIBED);
    expect(new Set(sent.map(({ to }) => to)).size).toBe(SUBSCRIBED);
  }
  await phone.getByText(end.trim()).waitFor();
  await page.getByRole('link', { name: 'All continuity events' }).click();
  await page.getByRole('list', { name: 'Events' }).getByRole('listitem').filter({ hasText: `${SUBSCRIBED} people told` }).first().waitFor();
});

test('what is being sent is stopped by one press of a key, wherever one is on the page; the rest stays unsent, the notices one by one say why, and it goes on when that is asked for', async () => {
  const start = alert('Mail is down');
  await setFaults(http(), { mode: '429' });
  const page = await device();
  await openNew(page, at);
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
  await setFaults(http(), {});
  expect((await sentBy(http(), start)).length).toBeLessThan(SUBSCRIBED);
  const notices = page.getByRole('region', { name: 'Notices', exact: true });
  await notices.getByLabel('What became of it').selectOption({ label: 'Not sent any more' });
  await notices.getByText('20 notices shown, and more').waitFor();
  await notices.getByText('Stopped by hand').first().waitFor();
  await press(page, 'Show more');
  await notices.getByText(/^(40 notices shown, and more|\d+ notices)$/).waitFor();
  await page.getByRole('button', { name: /^Go on sending to \d+ that were stopped$/ }).click();
  await delivered(page, 'Start notice', SUBSCRIBED);
  expect(await sentBy(http(), start)).toHaveLength(SUBSCRIBED);
});

test('whom it could not be delivered to is shown with the reason, and gets it once more when asked for; an update is told in between', async () => {
  const [start, update] = [alert('Mail is down'), alert('Mail is back at noon')];
  await setFaults(http(), { undeliverable: [beaconNumber(9)] });
  const page = await device();
  await openNew(page, at);
  await write(page, start, alert('Mail is back'));
  await press(page, 'Start the event now');
  const section = page.getByRole('region', { name: 'Start notice' });
  await section.getByText('Failed: the phone could not be reached (provider 30003), 1').waitFor({ timeout: 60_000 });
  await section.getByText(`${SUBSCRIBED - 1} of ${SUBSCRIBED} delivered, 0 waiting`).waitFor({ timeout: 60_000 });
  await setFaults(http(), {});
  await press(page, 'Send again to 1 that failed');
  await delivered(page, 'Start notice', SUBSCRIBED);
  await press(page, 'Send an update');
  await page.getByLabel('Text of the update', { exact: true }).fill(update);
  await press(page, 'Send it');
  await delivered(page, 'Update 1', SUBSCRIBED);
  expect((await sentBy(http(), update)).length).toBe(SUBSCRIBED);
});

test('without SMS Services the pages say why notices are off, and offer no event', async () => {
  const page = await device();
  await openEvents(page, at, 'admin@lighthouse.example');
  await page.getByRole('note').getByText('Your subscription does not include SMS Services.').waitFor();
  expect(await page.getByRole('link', { name: 'New event' }).count()).toBe(0);
  await page.goto(`${LIST}/new`);
  await page.getByRole('note').getByText('Your subscription does not include SMS Services.').waitFor();
  expect(await page.getByRole('button', { name: 'Start the event now' }).count()).toBe(0);
});

test.each([360, 1_100])('has no serious finding of axe and no sideways scrolling on the pages of continuity events, %i px wide', async (width) => {
  const page = await device({ width, judged: true });
  await openNew(page, at);
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
