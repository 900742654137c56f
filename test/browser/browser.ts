import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const AXE = require.resolve('axe-core/axe.min.js');
/** No window, no sandbox in a container, and nothing fetched that a test did not ask for. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--no-first-run'];

/** Starts the system's Chromium. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ARGUMENTS });
}

export interface DeviceOptions {
  readonly width?: number;
  /** Lets axe into the page, past its policy of content; nothing moves, since what is half faded in has too little contrast. */
  readonly judged?: boolean;
}

/**
 * Runs an instance and a browser for the tests of a file. `device` is a person's device: a browser of its own, with
 * nothing remembered; it is gone after the test.
 */
export function useBrowser(overrides?: Parameters<typeof useInstance>[0]) {
  const { instance, http } = useInstance(overrides);
  const devices: BrowserContext[] = [];
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await Promise.all(devices.splice(0).map((device) => device.close()));
  });
  afterAll(() => browser?.close());
  const device = async ({ width = 1_100, judged = false }: DeviceOptions = {}): Promise<Page> => {
    const context = await browser!.newContext({ baseURL: instance().url, viewport: { width, height: 800 }, bypassCSP: judged, reducedMotion: judged ? 'reduce' : 'no-preference' });
    devices.push(context);
    return context.newPage();
  };
  return { instance, http, device };
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly impact: string | null; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What fades in is judged once it is there; what turns round for ever is not waited for. */
const STILL = 'document.getAnimations().every((one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)';

/** What axe finds on the page that is serious or critical: one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await holds(page, STILL);
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate<AxeResult>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Waits until something is true of a page. Asked from outside: within, the page's policy of content refuses to evaluate it again. */
export async function holds(page: Page, expression: string): Promise<void> {
  await waitFor(async () => (await page.evaluate<boolean>(expression)) || undefined, { what: expression });
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

/** Expects a page without a serious finding of axe, and without sideways scrolling. Its device is `judged`. */
export async function judge(page: Page): Promise<void> {
  expect(await seriousFindings(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}
