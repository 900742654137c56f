import type { Page } from 'playwright-core';
import { expectStatus, type Http } from '../support/http';
import type { Instance } from '../support/instance';
import { allMessages, type ReceivedMessage } from '../support/messages';
import { choose, signIn } from './sign-in-steps';
import { heading } from './steps';

/** Of Beacon's 500 people so many get its notices. */
export const SUBSCRIBED = 300;

interface Running {
  readonly instance: () => Instance;
  readonly http: () => Http;
}

let numbers = 0;
/** A text that no other test sends, with what must come through as it is. */
export const alert = (what: string): string => `  ${what} (${(numbers += 1)}): use "Connect" & the portal \u2013 now.  `;

export async function sentBy(http: Http, text: string): Promise<ReceivedMessage[]> {
  return (await allMessages(http)).filter((message) => message.text === text);
}

/** What goes wrong at the phone from now on; with none of it all is well again. */
export async function setFaults(http: Http, faults: { readonly mode?: string; readonly undeliverable?: readonly string[] }): Promise<void> {
  expectStatus(await http.send('PUT', '/dev/phone/faults', { body: JSON.stringify({ mode: 'none', mail: 'none', undeliverable: [], ...faults }), headers: { 'content-type': 'application/json' } }), 200);
}

/** Signs an administrator in, and goes to the events of the account. */
export async function openEvents(page: Page, { instance, http }: Running, email = 'admin@beacon.example'): Promise<void> {
  await signIn(page, instance(), http(), email);
  await page.goto('/console');
  await heading(page, 'Users');
  await choose(page, 'Administration', 'Continuity Events');
  await heading(page, 'Continuity Events');
}

export async function openNew(page: Page, at: Running): Promise<void> {
  await openEvents(page, at);
  await page.getByRole('link', { name: 'New event' }).click();
  await heading(page, 'New Continuity Event');
}

export const groups = (page: Page) => page.getByRole('combobox', { name: 'Groups' });

/** Chooses everybody, and writes both alerts. */
export async function write(page: Page, start: string, end: string): Promise<void> {
  await groups(page).click();
  await page.getByRole('option', { name: 'Everyone' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Alert at the start', { exact: true }).fill(start);
  await page.getByLabel('Alert at the end', { exact: true }).fill(end);
}

/** Waits until so many of a notice are delivered, without asking for the page again. */
export const delivered = (page: Page, notice: string, count: number): Promise<void> => page.getByRole('region', { name: notice }).getByText(`${count} of ${count} delivered, 0 waiting`).waitFor({ timeout: 60_000 });
