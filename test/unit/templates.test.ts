import { linkHandle, newLinkToken, newTemporaryPassword } from '../../security/secrets';
import { renderMessage, type MessageContent, type RenderedMessage } from '../../templates';
import { testKeys } from '../support/keys';

const publicUrl = 'https://portal.lighthouse.example';
const address = 'user1@lighthouse.example';
const token = newLinkToken();
const temporaryPassword = newTemporaryPassword();
const link = `${publicUrl}/password-resets/${linkHandle(testKeys('new'), 'f'.repeat(64))}#token=${token}`;

const contents: readonly MessageContent[] = [
  { purpose: 'reset-link', url: link, minutes: 60 },
  { purpose: 'reset-temporary-password', email: address, password: temporaryPassword, hours: 72, logonUrl: `${publicUrl}/secure-messaging/log-in` },
  { purpose: 'reset-no-number' },
  { purpose: 'reset-domain-password' },
  { purpose: 'reset-undelivered' },
  { purpose: 'temporary-password-expiring', hoursLeft: 24 },
  { purpose: 'password-changed', at: '2026-01-02T12:34:56.000Z', application: 'personal-portal' },
  { purpose: 'connect-welcome', logon: 'ada@ceu44d4.connect.postern.example', password: temporaryPassword, hours: 72, account: 'CEU44D4', again: false },
  { purpose: 'connect-task-completed', task: 'domains' },
  { purpose: 'connect-task-attention', task: 'inbound-mail', reason: 'The host <mail> did not answer.', whatToDo: 'Open port 25.' },
  { purpose: 'connect-reminder', daysLeft: 7, lastDay: '2026-01-31', next: 'users' },
  { purpose: 'continuity-halted', why: 'provider 20003' },
  { purpose: 'connect-stalled', next: 'sms' },
  { purpose: 'connect-discontinued', lastDay: '2026-01-31' },
];

const render = (content: MessageContent, brand = 'Postern'): Promise<RenderedMessage> => renderMessage(content, { brand, publicUrl });
const of = (purpose: MessageContent['purpose']): MessageContent => contents.find((content) => content.purpose === purpose)!;
const lines = (text: string): string[] => text.split('\n');
const urls = (text: string): string[] => [...new Set([...text.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].map(([href]) => href.replaceAll('&amp;', '&')))];
const toReset = (href: string): boolean => /reset|link/i.test(new URL(href).pathname);

test.each(['reset-code', 'reset-invitation'] as const)('a text message has no subject and no HTML: %s', async (purpose) => {
  const content: MessageContent = purpose === 'reset-code' ? { purpose, code: '012345', minutes: 10 } : { purpose };
  expect(Object.keys(await render(content))).toEqual(['text']);
});

describe.each(contents.map((content) => [content.purpose, content] as const))('the e-mail %s', (_purpose, content) => {
  test('names the service in its subject and at its end, in text and in HTML', async () => {
    const { subject, text, html } = await render(content);
    expect(subject).toMatch(/^Postern: .+/);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(lines(text.trimEnd()).at(-1)).toBe('Postern');
    expect(html).toContain(subject);
  });

  test('loads nothing from elsewhere, and no script', async () => {
    const { html } = await render(content);
    expect(html).not.toMatch(/<(?:img|link|script|iframe|object|form|base)\b|url\(|@import|\bsrc=/i);
    expect(html).toMatch(/<html[^>]* lang="en"/);
  });

  test('leads only to the pages\' own address', async () => {
    const { text, html } = await render(content);
    const hrefs = [...html!.matchAll(/href="([^"]*)"/g)].map(([, href]) => href!);
    for (const href of [...urls(text), ...hrefs]) expect(new URL(href).origin).toBe(publicUrl);
  });

  test('escapes a brand that is markup', async () => {
    const brand = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { html } = await render(content, brand);
    expect(html).not.toMatch(/<script|<img/i);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});

describe('the e-mail with a link', () => {
  test('check 57: its one URL whose path has reset or link is the flow\'s, with the token behind #', async () => {
    const { text, html } = await render(of('reset-link'));
    for (const body of [text, html!]) expect(urls(body).filter(toReset)).toEqual([link]);
    expect(new URL(link).pathname + new URL(link).search).not.toContain(token);
  });

  test('stands whole in a line of its own', async () => {
    expect(lines((await render(of('reset-link'))).text)).toContain(link);
  });

  test('check 56: says that a button is to be pressed, how long it works, and what to do if it was somebody else', async () => {
    const { text } = await render(of('reset-link'));
    expect(text).toMatch(/press its button/);
    expect(text).toMatch(/once, within 60 minutes/);
    expect(text).toMatch(/not you, do nothing/);
  });
});

describe('the e-mail that welcomes an administrator', () => {
  test.each([false, true])('has logon and password on lines of their own, and no line before that looks like it (sent again: %s)', async (again) => {
    const { text, subject } = await render({ ...of('connect-welcome'), again } as MessageContent);
    const looksLike = lines(text).filter((line) => /password.*:/i.test(line));
    expect(looksLike).toEqual([`Password: ${temporaryPassword}`]);
    expect(lines(text)).toContain('Logon: ada@ceu44d4.connect.postern.example');
    expect(subject).not.toMatch(/password/i);
  });

  test('has the dedicated address, the authentication type, and how long it works', async () => {
    const { text } = await render(of('connect-welcome'));
    expect(urls(text)).toEqual([`${publicUrl}/connect`]);
    expect(text).toMatch(/within 72 hours.*choose Cloud/);
  });
});

describe('the e-mails of an onboarding', () => {
  test('say which task it is, why, and what to do', async () => {
    const { subject, text } = await render(of('connect-task-attention'));
    expect(subject).toBe('Postern: Delivering Inbound Mail needs your attention');
    expect(lines(text)).toEqual(expect.arrayContaining(['The host <mail> did not answer.', 'Open port 25.']));
  });

  test.each([[30, 'in 30 days'], [1, 'tomorrow'], [0, 'today']])('count %i days as people do', async (daysLeft, words) => {
    const { subject, text } = await render({ purpose: 'connect-reminder', daysLeft, lastDay: '2026-01-31', next: null });
    expect(subject).toBe(`Postern: the Connect Application ends ${words}`);
    expect(text).toContain('its last day is 2026-01-31');
  });

  test('name the next task where there is one', async () => {
    expect((await render(of('connect-stalled'))).text).toContain('"Setting Up SMS"');
    expect((await render({ purpose: 'connect-stalled', next: null })).text).not.toContain('next task');
  });
});

describe('the e-mail with a temporary password', () => {
  test('check 41: has the lines Logon and Password, as they are to be typed', async () => {
    const { text } = await render(of('reset-temporary-password'));
    expect(lines(text)).toContain(`Logon: ${address}`);
    expect(lines(text)).toContain(`Password: ${temporaryPassword}`);
  });

  test('check 41: no line before it could be taken for it', async () => {
    const { text, subject } = await render(of('reset-temporary-password'));
    expect(lines(text).filter((line) => /^\s*password.*:/i.test(line))).toEqual([`Password: ${temporaryPassword}`]);
    expect(subject).not.toMatch(/^password.*:/i);
  });

  test('the same stands in its HTML, and the button goes to the log-on page without it', async () => {
    const { html } = await render(of('reset-temporary-password'));
    expect(html).toContain(`>Logon: ${address}<`);
    expect(html).toContain(`>Password: ${temporaryPassword}<`);
    expect(urls(html!).filter(toReset)).toEqual([]);
    expect(html!.split(temporaryPassword)).toHaveLength(2);
  });
});

describe('the notice of a changed password', () => {
  test('check 29: holds no secret, no link and no address', async () => {
    const { text, html } = await render(of('password-changed'));
    expect(urls(text)).toEqual([]);
    expect(text).not.toMatch(/\d{6}/);
    expect(html).not.toMatch(/href=/i);
    for (const body of [text, html!]) {
      for (const secret of [token, temporaryPassword, address]) expect(body).not.toContain(secret);
    }
  });

  test('check 29: says when and where, and what to do if it was somebody else', async () => {
    const { text } = await render(of('password-changed'));
    expect(text).toContain('on 2026-01-02 at 12:34 UTC, in the Personal Portal');
    expect(text).toMatch(/^Not you\? Tell your administrator/m);
  });
});

test.each(['reset-no-number', 'reset-domain-password', 'reset-undelivered', 'temporary-password-expiring'] as const)('checks 20 and 69: %s explains, without a secret or a link, and says whom to ask or what to do', async (purpose) => {
  const { text } = await render(of(purpose));
  expect(urls(text)).toEqual([]);
  expect(text).toMatch(/administrator|help desk|Log in before then/);
});
