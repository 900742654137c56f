import type { Page } from 'playwright-core';
import { holds } from './browser';
import { heading } from './steps';

/** More than lie between two things that are done one after the other. */
const MOST_TABS = 25;

/** What has the focus, as it is named. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const at = document.activeElement;
    return at?.labels?.[0]?.textContent ?? at?.getAttribute('aria-label') ?? at?.textContent ?? '';
  })()`);
}

/** Goes on with the tabulator until something of this name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < MOST_TABS) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.startsWith(name)) return;
    passed.push(at);
  }
  throw new Error(`The tabulator does not lead to "${name}", but to: ${passed.join(', ')}`);
}

/** Waits until a step's heading has the focus: a screen reader reads it. */
export async function arriveAt(page: Page, name: string): Promise<void> {
  await heading(page, name);
  await holds(page, 'document.activeElement?.tagName === "H1"');
  expect(await focused(page)).toBe(name);
}
