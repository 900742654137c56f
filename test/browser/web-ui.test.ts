import type { Page } from 'playwright-core';
import { Client, Connection } from '@temporalio/client';
import { mobile, person } from '../support/demo';
import { askForSecret, proveBySms, resetBySms } from '../support/journey';
import { waitFor } from '../support/wait';
import { useBrowser } from './browser';
import { heading } from './steps';

const { instance, http, device } = useBrowser();

/** The address of a reset's page in the Web UI: of the only one at this step. */
async function pageOf(step: string, tab: string): Promise<string> {
  const connection = await Connection.connect({ address: instance().temporalAddress });
  try {
    const client = new Client({ connection });
    const found = await waitFor(async () => {
      for await (const execution of client.workflow.list({ query: `PosternStep = "${step}"` })) return execution;
    }, { what: `a reset at the step ${step}` });
    return `${instance().webUiUrl}/namespaces/default/workflows/${found.workflowId}/${found.runId}/${tab}`;
  } finally {
    await connection.close();
  }
}

/** Everything that can be read on a page, in its frames and in their source. */
async function everything(page: Page): Promise<string> {
  const parts = page.frames().map(async (frame) => `${decodeURIComponent(frame.url())}\n${await frame.content()}\n${await frame.locator('body').innerText()}`);
  return (await Promise.all(parts)).join('\n');
}

/** Waits until something can be read on a page. */
function reads(page: Page, text: string): Promise<string> {
  return waitFor(async () => {
    const all = await everything(page);
    return all.includes(text) ? all : undefined;
  }, { what: `"${text}" on the page` });
}

/** What an operator reads of a reset that waits for its code, and nobody else. */
const PROSE = ['Password reset by SMS code', 'Waits for:', 'the person to use a code by SMS', 'was handed to the carrier', 'Send a code by SMS, number 1', 'enter-code: until', 'Asked for in the'];
const VALUES = ['"variant"', '"personal-portal"', '600000'];

beforeAll(async () => {
  await askForSecret(http(), person(1), 'sms');
  await proveBySms(http(), person(3), mobile(3));
  await resetBySms(http(), person(5), mobile(5));
}, 240_000);

test('with the codec endpoint a waiting reset reads as prose: summary, current details, timer, activity and values', async () => {
  const page = await device();
  await page.goto(await pageOf('enter-code', 'user-metadata'));
  for (const words of PROSE) await reads(page, words);
  await page.goto(await pageOf('enter-code', 'history'));
  for (const value of VALUES) await reads(page, value);
  await reads(page, 'Send a code by SMS, number 1');
});

test('with the codec endpoint the page of a proven and of a finished reset says so', async () => {
  const page = await device();
  await page.goto(await pageOf('new-password', 'user-metadata'));
  await reads(page, 'the person to choose a new password');
  await page.goto(await pageOf('done', 'user-metadata'));
  await reads(page, 'The new password is saved.');
  await reads(page, 'Tell every verified address');
  await reads(page, 'Save the new password');
});

test.each([
  ['user-metadata', 'Decoding failed'],
  ['history', 'encryption-key-id'],
])('without the codec endpoint nothing but ids can be read (%s)', async (tab, drawn) => {
  const page = await device();
  await page.route(/\/codec\//, (route) => route.abort());
  await page.goto(await pageOf('enter-code', tab));
  await page.locator('#content').getByText('Codec Server could not connect').waitFor();
  const all = await reads(page, drawn);
  for (const secret of [...PROSE, ...VALUES, person(1), mobile(1), 'lighthouse']) expect(all).not.toContain(secret);
});

test('"Request Cancellation" ends a reset, also on the page of the person who waits there', async () => {
  const { id } = await askForSecret(http(), person(2), 'email');
  const waiting = await device();
  await waiting.goto(`/password-resets/${id}`);
  await heading(waiting, 'Check your mailbox');
  const page = await device();
  await page.goto(await pageOf('follow-link', 'user-metadata'));
  await page.getByRole('button', { name: 'Request Cancellation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
  await heading(waiting, 'This reset was cancelled');
});

test('the codec endpoint answers nobody without its token, and no page of another origin', async () => {
  const endpoint = /http\S+\/codec\/\S+/.exec(instance().output())![0];
  const body = { payloads: [] };
  expect((await http().post(new URL(`${endpoint}/decode`).pathname, body)).status).toBe(200);
  expect((await http().post('/codec/decode', body)).status).toBe(404);
  expect((await http().post(`/codec/${'A'.repeat(32)}/decode`, body)).status).toBe(404);
  expect((await http().post(new URL(`${endpoint}/decode`).pathname, body, { origin: 'http://evil.example' })).status).toBe(403);
});
