import type { Page } from 'playwright-core';
import type { TaskName } from '../../domain/onboarding/tasks';
import { taskTexts } from '../../domain/onboarding/texts';
import { expectStatus, type Http } from '../support/http';
import { newPassword } from '../support/journey';
import { waitForMessage } from '../support/messages';
import { enrol, type Someone } from './sign-in-steps';
import { fillPassword, heading, press } from './steps';

/** The first administrator of an account, as the welcome e-mail has them. */
export interface Welcomed extends Someone {
  readonly code: string;
  /** The dedicated address in the e-mail. */
  readonly url: string;
}

let numbers = 0;

/** Has an operator create an account, and reads the e-mail that welcomes its administrator. */
export async function welcome(http: Http, operator: Http, prefix: string, subscriptions: readonly string[] = []): Promise<Welcomed> {
  numbers += 1;
  const code = `${prefix}${numbers}`;
  const contact = `ada@${code.toLowerCase()}.example`;
  expectStatus(await operator.post('/api/accounts', { code, name: 'Beacon', region: 'eu', administrator: { email: contact, name: 'Ada' }, subscriptions }), 201);
  const { text } = await waitForMessage(http, contact);
  const line = (name: string): string => new RegExp(`^${name}: (\\S+)$`, 'm').exec(text)![1]!;
  return { code, url: /https?:\/\/\S+\/connect\b/.exec(text)![0], email: line('Logon'), password: line('Password'), number: `+121255501${String(numbers).padStart(2, '0')}` };
}

/** From the dedicated address to the welcome page, the first time. Answers them with the password they chose. */
export async function enterFirst(page: Page, http: Http, who: Welcomed): Promise<Welcomed> {
  await enrol(page, http, who.url, who);
  await press(page, 'Log In');
  await heading(page, 'Choose a new password');
  const password = newPassword();
  await fillPassword(page, password);
  await press(page, 'Confirm');
  await heading(page, 'Welcome to the Connect Application');
  return { ...who, password };
}

/** Waits for the page of a task. */
export const atTask = (page: Page, task: TaskName): Promise<void> => heading(page, taskTexts[task].title);

/** Opens a task from the list at the side. */
export async function openTask(page: Page, task: TaskName): Promise<void> {
  await page.getByRole('navigation', { name: 'Tasks' }).getByRole('link', { name: taskTexts[task].title }).click();
  await atTask(page, task);
}

export const waitForState = (page: Page, state: string): Promise<void> => page.getByRole('main').getByRole('status').filter({ hasText: new RegExp(`^${state}`) }).waitFor();

/** Everything that *Confirming Your Details* asks for; the organisation and the time zone are filled in already. */
export async function fillDetails(page: Page): Promise<void> {
  await page.getByLabel('Contact 1: name').fill('Ada');
  await page.getByLabel('Contact 1: email address').fill('ada@pilot.example');
  await page.getByLabel('Address 1').fill('it@pilot.example');
}

export async function confirmDetails(page: Page): Promise<void> {
  await fillDetails(page);
  await press(page, 'Confirm these details');
  await waitForState(page, 'Completed');
}

/** Waits until what was entered is saved. */
export const saved = (page: Page): Promise<void> => page.getByText('What you enter is saved by itself.').waitFor();
